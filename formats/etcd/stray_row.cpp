#include "formats/etcd/stray_row.hpp"

#include <algorithm>
#include <cstring>

namespace salvor::etcd {
namespace {

/// Higher ones no etcd has reached; a stray byte makes them.
constexpr std::int64_t max_main = std::int64_t{1} << 56;

/// Reads a KeyValue as etcd writes it from its beginning on; what follows it is not known.
class Reading {
 public:
    explicit Reading(Bytes bytes) : bytes_(bytes) {}

    std::size_t at() const { return at_; }
    bool is_cut() const { return cut_; }
    bool next_is(char tag) const { return at_ < bytes_.size() && bytes_[at_] == tag; }
    bool at_end() const { return at_ >= bytes_.size(); }

    /// False: no such field, or it is cut.
    bool number(char tag, std::int64_t& into) {
        std::uint64_t value = 0;
        if (!next_is(tag) || !varint(at_ + 1, value)) return false;
        into = static_cast<std::int64_t>(value);
        return true;
    }
    bool text(char tag, Bytes& into) {
        std::uint64_t size = 0;
        if (!next_is(tag) || !varint(at_ + 1, size)) return false;
        cut_ = size > bytes_.size() - at_;
        into = bytes_.substr(at_, size);
        at_ += into.size();
        return !cut_;
    }

 private:
    bool varint(std::size_t from, std::uint64_t& value) {
        value = 0;
        for (unsigned shift = 0; shift < 70; shift += 7, ++from) {
            if (from >= bytes_.size()) {
                cut_ = true;
                return false;
            }
            const auto byte = static_cast<unsigned char>(bytes_[from]);
            if (shift < 64) value |= std::uint64_t{byte & 0x7FU} << shift;
            if (byte < 0x80) {
                at_ = from + 1;
                return true;
            }
        }
        return false;
    }

    Bytes bytes_;
    std::size_t at_ = 0;
    bool cut_ = false;
};

constexpr char key_tag = 0x0A, create_tag = 0x10, mod_tag = 0x18, version_tag = 0x20,
               value_tag = 0x2A, lease_tag = 0x30;

/// What can be told of the record that begins there; false: it is none.
bool read_put(Reading& reading, std::int64_t main, StrayRow& row) {
    std::int64_t mod = 0, lease = 0;
    auto& create = row.create_revision;
    auto& version = row.version;
    Bytes value;
    if (!reading.text(key_tag, row.user_key) || row.user_key.empty()) return false;
    if (!reading.number(create_tag, create) || !reading.number(mod_tag, mod) || mod != main ||
        create < 1 || create > mod) {
        return false;
    }
    if (!reading.number(version_tag, version)) return reading.is_cut();
    if (version < 1) return false;
    if (reading.next_is(value_tag) && !reading.text(value_tag, value)) return true;
    if (reading.next_is(lease_tag)) reading.number(lease_tag, lease);
    row.whole = !reading.is_cut();
    return true;
}

bool read_tombstone(Reading& reading, StrayRow& row) {
    row.whole = reading.text(key_tag, row.user_key);
    return row.whole && !row.user_key.empty();
}

}  // namespace

std::optional<StrayRow> stray_row_at(Bytes bytes, std::size_t at) {
    if (bytes.size() < revision_size + 2 || at > bytes.size() - revision_size - 2) return {};
    StrayRow row;
    row.at = at;
    const bool tombstone = bytes[at + revision_size] == 't';
    const auto size = tombstone ? tombstone_size : revision_size;
    const auto row_key = parse_row_key(bytes.substr(at, size));
    if (!row_key || row_key->revision.main < 1 || row_key->revision.main > max_main) return {};
    row.row_key = *row_key;
    row.value_at = at + size;
    Reading reading(bytes.substr(row.value_at));
    const bool found = tombstone ? read_tombstone(reading, row)
                                 : read_put(reading, row.row_key.revision.main, row);
    if (!found) return {};
    row.value_size = reading.at();
    row.ended = reading.at_end() || reading.next_is('\0');
    return row;
}

namespace {

constexpr std::size_t key_before_separator = 8;

/// The first place from `from` on, below `end`, where a row may begin: by the separator of its key
/// and the upper half of its sub revision, which no transaction fills.
std::optional<std::size_t> next_candidate(Bytes bytes, std::size_t from, std::size_t end) {
    constexpr Bytes separator("_\0\0\0\0", 5);
    const auto start = from + key_before_separator;
    if (start >= bytes.size()) return {};
    const auto* hit = static_cast<const char*>(
        ::memmem(bytes.data() + start, bytes.size() - start, separator.data(), separator.size()));
    if (!hit) return {};
    const auto at = static_cast<std::size_t>(hit - bytes.data()) - key_before_separator;
    return at < end ? std::optional(at) : std::nullopt;
}

std::size_t end_of(const StrayRow& row) {
    return row.value_at + row.value_size;
}

/// Rows are packed: behind one the next begins, or nothing is left.
bool is_followed(Bytes bytes, const StrayRow& row) {
    return end_of(row) >= bytes.size() || stray_row_at(bytes, end_of(row));
}

/// A row that was cut, by a sector that was put in its place, seems to go on into what stands
/// behind the cut. So it did where within it another row begins that is followed by a third, as it
/// itself is not.
void cut_by_next(Bytes bytes, StrayRow& row) {
    if (!row.whole || is_followed(bytes, row)) return;
    auto from = row.value_at;
    while (const auto at = next_candidate(bytes, from, end_of(row))) {
        const auto other = stray_row_at(bytes, *at);
        if (other && other->whole && end_of(*other) < bytes.size() && is_followed(bytes, *other)) {
            row.whole = false;
            row.value_size = *at - row.value_at;
            return;
        }
        from = *at + 1;
    }
}

}  // namespace

void find_stray_rows(Bytes bytes, const std::function<void(const StrayRow&)>& each) {
    std::size_t from = 0;
    while (const auto at = next_candidate(bytes, from, bytes.size())) {
        auto row = stray_row_at(bytes, *at);
        from = *at + 1;
        if (!row) continue;
        cut_by_next(bytes, *row);
        each(*row);
        from = std::max(from, end_of(*row));
    }
}

bool agrees(const RowKey& row_key, Bytes value) {
    if (value.empty()) return !row_key.tombstone && row_key.revision.sub == 0;
    const auto kv = parse_key_value(value);
    if (!kv || kv->key.empty()) return false;
    return kv->mod_revision == (row_key.tombstone ? 0 : row_key.revision.main);
}

}  // namespace salvor::etcd
