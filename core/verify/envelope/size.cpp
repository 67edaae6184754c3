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

bool check_one_page(Bytes file, Collector& findings) {
    if (file.size() < bbolt::page_header_size + bbolt::meta_size) return false;
    const auto meta = bbolt::Meta::load(file.data() + bbolt::page_header_size);
    const Bytes sealed = file.substr(bbolt::page_header_size, bbolt::meta_checksum_at);
    if (meta.magic != bbolt::magic || meta.checksum != fnv1a_64(sealed)) return false;
    if (!bbolt::possible_page_size(meta.page_size) ||
        file.size() >= 2 * std::size_t{meta.page_size})
        return false;
    findings.add(
        file_cut_short, at(file.size()),
        fmt::format("the file ends at {}, before its second page of {} bytes; it had {} pages",
                    file.size(), meta.page_size, number(meta.high_water)));
    return true;
}

}  // namespace salvor::verify
