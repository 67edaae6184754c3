#include "tools/salvor/carved_objects.hpp"

#include <fmt/core.h>

#include "core/report/carved.hpp"
#include "formats/text/human.hpp"
#include "tools/salvor/out_stream.hpp"
#include "tools/salvor/problems.hpp"
#include "tools/salvor/progress.hpp"

namespace salvor::tool {
namespace {

using report::ObjectFormat;
using timeline::Carved;

class Printing {
 public:
    Printing(const ClusterView& view, ObjectFormat format, bool show_secrets)
        : cluster_(view.cluster()), presenter_(cluster_, {false, show_secrets}), format_(format) {
        if (format != ObjectFormat::yaml) all_ = printer(report::Answer::list);
    }

    void take(const Carved& row, bool is_deleted) {
        const auto item = row.has_value() ? cluster_.item(row.kv) : std::nullopt;
        if (item) return print({cluster_, *item}, row, is_deleted);
        ++(row.row_key.tombstone ? deletions_ : row.whole ? others_ : cut_);
    }

    Result<bool> finish() {
        if (all_) SALVOR_CHECK(all_->finish());
        out_.raw_lines(text_);
        problems_.sum_up();
        say_rest();
        return printed_ > 0 && failed_ == 0;
    }

 private:
    std::unique_ptr<report::ObjectPrinter> printer(report::Answer answer) {
        return report::object_printer(presenter_, format_, answer, [this](Bytes text) {
            text_ += text;
            if (all_) flush();
        });
    }

    void flush() {
        out_.raw_lines(text_);
        text_.clear();
    }

    void print(const cluster::Candidate& candidate, const Carved& row, bool is_deleted) {
        cluster::UnknownFields unknown;
        const auto alone = all_ ? nullptr : printer(report::Answer::one_object);
        auto done = (all_ ? *all_ : *alone).add(candidate, unknown);
        if (done && alone) done = alone->finish();
        if (!done) {
            ++failed_;
            text_.clear();
            return problems_.say(row.kv.key, done.error().message);
        }
        if (alone) {
            if (printed_ > 0) out_ << "---\n";
            out_ << report::carved_comment(row, is_deleted);
            flush();
        }
        ++printed_;
    }

    void say_rest() {
        std::string words;
        const auto add = [&](std::uint64_t count, const char* one, const char* several) {
            if (count > 0)
                words += (words.empty() ? "" : ", ") + text::counted(count, one, several);
        };
        add(deletions_, "deletion", "deletions");
        add(cut_, "row whose end is overwritten", "rows whose ends are overwritten");
        add(others_, "row that is no object of Kubernetes",
            "rows that are no objects of Kubernetes");
        if (!words.empty()) say(fmt::format("not shown as objects: {} (-o text has them)", words));
    }

    const cluster::Cluster& cluster_;
    cluster::Presenter presenter_;
    ObjectFormat format_;
    OutStream out_;
    std::string text_;
    std::unique_ptr<report::ObjectPrinter> all_;
    Problems problems_;
    std::uint64_t printed_ = 0, failed_ = 0, deletions_ = 0, cut_ = 0, others_ = 0;
};

}  // namespace

Result<bool> print_carved_objects(const ClusterView& view, const recover::Recovery& recovery,
                                  const std::vector<recover::CarvedRow>& rows,
                                  report::ObjectFormat format, bool show_secrets) {
    Printing printing(view, format, show_secrets);
    for (const auto& row : rows) printing.take(recover::for_timeline(recovery, row), row.deleted);
    return printing.finish();
}

}  // namespace salvor::tool
