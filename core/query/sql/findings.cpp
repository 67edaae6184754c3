#include <array>

#include "core/cluster/registry_key.hpp"
#include "core/query/sql/relation.hpp"

namespace salvor::query {
namespace {

enum : std::size_t {
    rule,
    severity,
    layer,
    about,
    file,
    page,
    offset,
    bucket,
    key,
    revision,
    message,
    remedy
};
constexpr std::array columns{
    Column{"rule", "TEXT", "its id, as verify --list-rules has it"},
    Column{"severity", "TEXT", "error, warning or note"},
    Column{"layer", "TEXT", "envelope, page, tree, record, revision, wal, object or reference"},
    Column{"about", "TEXT", "backup or cluster"},
    Column{"file", "TEXT", "within a data directory"},
    Column{"page", "INTEGER", "where"},
    Column{"offset", "INTEGER", "byte in the file"},
    Column{"bucket", "TEXT", "where"},
    Column{"key", "TEXT", "where"},
    Column{"revision", "TEXT", "main/sub of the row"},
    Column{"message", "TEXT", "what was found"},
    Column{"remedy", "TEXT", "what to do"},
};

class FindingRows : public Rows {
 public:
    explicit FindingRows(Source& source) : source_(source) {}
    Result<bool> next() override {
        if (!findings_) {
            SALVOR_TRY(findings_, source_.findings());
        }
        if (at_ >= findings_->size()) return false;
        ++at_;
        return true;
    }
    std::int64_t id() const override { return static_cast<std::int64_t>(at_); }
    void tell(std::size_t column, Cell& cell) override {
        const auto& finding = (*findings_)[at_ - 1];
        const auto& place = finding.place;
        switch (column) {
            case rule: return cell.set(Bytes(finding.rule));
            case severity: return cell.set(Bytes(name(finding.severity)));
            case layer: return cell.set(Bytes(name(finding.layer)));
            case about: return cell.set(Bytes(name(finding.about)));
            case file: return cell.set_or_null(place.file);
            case page: return tell_number(place.page, cell);
            case offset: return tell_number(place.offset, cell);
            case bucket: return cell.set_or_null(place.bucket);
            case key:
                if (place.key) cell.set_stored(cluster::without_token(*place.key));
                return;
            case revision: return cell.set_or_null(place.revision);
            case message: return cell.set_stored(finding.message);
            default: return cell.set_or_null(finding.remedy);
        }
    }

 private:
    static void tell_number(const std::optional<std::uint64_t>& number, Cell& cell) {
        if (number) cell.set(static_cast<std::int64_t>(*number));
    }
    Source& source_;
    const std::vector<Finding>* findings_ = nullptr;
    std::size_t at_ = 0;
};

}  // namespace

const Relation findings_relation{"findings", "what verify finds", columns, 100,
                                 [](Source& source, const Wanted&) -> std::unique_ptr<Rows> {
                                     return std::make_unique<FindingRows>(source);
                                 }};

}  // namespace salvor::query
