#include "core/verify/remedies.hpp"
#include "core/verify/rules.hpp"
#include "core/verify/stages.hpp"
#include "formats/envelope/form.hpp"

namespace salvor::verify {
namespace {

constexpr Rule file_empty{
    "file-empty", Layer::envelope, Severity::error, "the file has content",
    "the backup was never written: look at the job that makes it, and use another one"};
constexpr Rule file_packed{"file-packed", Layer::envelope, Severity::error,
                           "what the file is packed in can be unpacked",
                           "copy it again where it came from, or use another backup"};
constexpr Rule not_a_database{"not-a-database", Layer::envelope, Severity::error,
                              "the file is a bbolt database",
                              "this is no etcd snapshot: check the path, and use another backup"};
constexpr Rule metas_invalid{"metas-invalid", Layer::envelope, Severity::error,
                             "one of the two meta pages at the start is valid", remedy::damaged};
constexpr std::array table{file_empty, file_packed, not_a_database, metas_invalid};

/// Whether most of the first pages behind the metas are bbolt pages of this size.
bool has_pages(Bytes image, std::size_t page_size) {
    constexpr std::uint64_t looked_at = 64;
    std::uint64_t pages = 0, good = 0;
    for (std::uint64_t id = 2; id < looked_at && (id + 1) * page_size <= image.size();
         ++id, ++pages) {
        const auto header = bbolt::PageHeader::load(image.data() + id * page_size);
        if (number(header.id) == id && (header.flags == 0x01 || header.flags == 0x02)) ++good;
    }
    return good > 0 && good * 4 >= pages;
}

std::optional<std::size_t> page_size_by_pages(Bytes image) {
    for (std::size_t size = bbolt::min_page_size; size <= bbolt::max_page_size; size *= 2) {
        if (has_pages(image, size)) return size;
    }
    return {};
}

}  // namespace

RuleRows container_rules() {
    return table;
}

bool check_container(const Snapshot& snapshot, Collector& findings) {
    findings.checked(Layer::envelope);
    const auto& database = snapshot.database();
    if (database) return true;
    const auto file = snapshot.file().bytes();
    if (check_cut_within_metas(file, findings)) return false;
    if (file.empty()) {
        findings.add(file_empty, {}, "the file is empty, 0 bytes");
    } else if (const auto form = envelope::form_of(file); form != envelope::Form::plain) {
        findings.add(file_packed, {},
                     fmt::format("{}: {}", name(form), database.error().message));
    } else if (const auto page_size = page_size_by_pages(file)) {
        Place place;
        place.offset = 0;
        place.page = 0;
        findings.add(
            metas_invalid, std::move(place),
            fmt::format("{}; the pages behind them, {} bytes each, are those of a bbolt database",
                        database.error().message, *page_size));
    } else {
        findings.add(not_a_database, {}, database.error().message);
    }
    return false;
}

}  // namespace salvor::verify
