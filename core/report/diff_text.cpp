#include "core/report/diff.hpp"
#include "core/report/field_changes.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/human.hpp"

namespace salvor::report {
namespace {

using diff::Change;
using diff::ChangeKind;
using text::Escaped;

std::string side_line(const char* name, const DiffSide& side) {
    if (side.revision == 0) return fmt::format("{}  {}\n", name, Escaped{side.source});
    return fmt::format("{}  {} at revision {}\n", name, Escaped{side.source}, side.revision);
}

std::string subject(const Change& change) {
    if (change.resource.empty()) return fmt::format("key {}", Escaped{change.key});
    return fmt::format("{}/{}{}{}", Escaped{change.resource}, Escaped{change.name},
                       change.namespace_name.empty() ? "" : " in namespace ",
                       Escaped{change.namespace_name});
}

using Tallies = std::map<std::string, diff::Tally>;

std::string table(const char* head, const char* unnamed, const Tallies& tallies) {
    std::size_t width = std::string_view(head).size();
    const auto name_of = [&](const std::string& name) {
        return name.empty() ? std::string(unnamed) : text::escape(name);
    };
    for (const auto& [name, tally] : tallies) width = std::max(width, name_of(name).size());
    auto lines =
        fmt::format("\n{:<{}}  {:>7}  {:>7}  {:>7}\n", head, width, "added", "removed", "changed");
    for (const auto& [name, tally] : tallies) {
        lines += fmt::format("{:<{}}  {:>7}  {:>7}  {:>7}\n", name_of(name), width, tally.added,
                             tally.removed, tally.changed);
    }
    return lines;
}

std::string left_out_lines(const diff::Summary& summary) {
    std::string lines;
    for (const auto& [rule, objects] : summary.left_out)
        lines += fmt::format("  {:>7}  {:<18} {}\n", objects, rule, diff_rule_words(rule));
    if (summary.ignored > 0)
        lines += fmt::format("  {:>7}  {:<18} {}\n", summary.ignored, "--ignore", "as asked for");
    if (lines.empty()) return lines;
    return "\nleft out, by rule, in so many objects (--all shows it):\n" + lines;
}

class TextDiff : public DiffPrinter {
 public:
    TextDiff(const DiffHead& head, TextSink sink) : sink_(std::move(sink)) {
        auto text = side_line("old", head.before) + side_line("new", head.after);
        if (!head.lineage.words.empty()) text += fmt::format("     {}\n", head.lineage.words);
        sink_(text);
    }

    void add(const Change& change) override {
        std::string text;
        if (is_first_) text += '\n';
        is_first_ = false;
        const auto mark = change.kind == ChangeKind::added     ? '+'
                          : change.kind == ChangeKind::removed ? '-'
                                                               : '~';
        text += fmt::format("{} {}{}\n", mark, subject(change),
                            change.recreated ? ", deleted and created again" : "");
        if (!change.problem.empty())
            text += fmt::format("  PROBLEM   {}\n", text::escape_message(change.problem));
        text += field_lines(change.fields);
        sink_(text);
    }

    void finish(const diff::Summary& summary) override {
        std::string text = "\n";
        if (summary.all.all() == 0) {
            text += "no differences\n";
        } else {
            text += fmt::format("{} added, {} removed, {} changed\n", summary.all.added,
                                summary.all.removed, summary.all.changed);
            text += table("KIND", "(no object)", summary.by_resource);
            text += table("NAMESPACE", "(none)", summary.by_namespace);
        }
        if (summary.unreadable > 0)
            text += fmt::format("\nNOT READ: {}\n",
                                text::counted(summary.unreadable, "object", "objects"));
        sink_(text + left_out_lines(summary));
    }

 private:
    TextSink sink_;
    bool is_first_ = true;
};

}  // namespace

std::unique_ptr<DiffPrinter> diff_text(const DiffHead& head, TextSink sink) {
    return std::make_unique<TextDiff>(head, std::move(sink));
}

std::unique_ptr<DiffPrinter> diff_printer(const DiffHead& head, DiffFormat format, TextSink sink) {
    return format == DiffFormat::text ? diff_text(head, std::move(sink))
                                      : diff_json(head, std::move(sink));
}

}  // namespace salvor::report
