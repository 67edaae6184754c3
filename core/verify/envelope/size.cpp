#include "core/verify/remedies.hpp"
#include "core/verify/rules.hpp"
#include "core/verify/stages.hpp"

namespace salvor::verify {
namespace {

constexpr Rule file_cut_short{
    "file-cut-short", Layer::envelope, Severity::error,
    "the file is as long as its high-water mark says",
    "the copy or the download ended early: copy it again, or use another backup"};
constexpr Rule file_alignment{
    "file-alignment", Layer::envelope, Severity::warning,
    "the file is a whole number of pages, but for the trailer",
    "bbolt ignores the bytes behind the database; find out what wrote them"};
constexpr Rule trailing_bytes{
    "trailing-bytes", Layer::envelope, Severity::warning,
    "a snapshot with a trailer ends at its high-water mark",
    "bbolt ignores the bytes behind the database; find out what wrote them"};
constexpr std::array table{file_cut_short, file_alignment, trailing_bytes};

Place at(std::uint64_t offset) {
    Place place;
    place.offset = offset;
    return place;
}

}  // namespace

RuleRows size_rules() {
    return table;
}

void check_size(const Snapshot& snapshot, Collector& findings) {
    const auto& db = *snapshot.database();
    const std::uint64_t has = snapshot.image().size(), wants = db.logical_size();
    if (has < wants) {
        auto place = at(snapshot.file().bytes().size());
        place.page = place.offset.value() / db.page_size();
        findings.add(
            file_cut_short, std::move(place),
            fmt::format(
                "the file ends at {}, its {} pages of {} bytes end at {}: {} bytes are missing",
                snapshot.file().bytes().size(), number(db.meta().high_water), db.page_size(), wants,
                wants - has));
    } else if (has % db.page_size() != 0) {
        findings.add(file_alignment, at(wants),
                     fmt::format("{} bytes stand behind the database's end at {}, no whole number "
                                 "of pages of {} bytes",
                                 has - wants, wants, db.page_size()));
    } else if (has > wants && snapshot.trailer()) {
        findings.add(trailing_bytes, at(wants),
                     fmt::format("{} bytes stand between the database's end at {} and the trailer",
                                 has - wants, wants));
    }
}

bool check_cut_within_metas(Bytes file, Collector& findings) {
    const auto first = bbolt::meta_at(file, 0);
    if (!first.valid() || file.size() >= 2 * std::uint64_t{first.meta.page_size}) return false;
    findings.add(file_cut_short, at(file.size()),
                 fmt::format("the file ends at {}, before the end of its second meta page: of {} "
                             "pages of {} bytes next "
                             "to nothing is left",
                             file.size(), number(first.meta.high_water), first.meta.page_size));
    return true;
}

}  // namespace salvor::verify
