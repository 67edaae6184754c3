#include "core/recover/roots.hpp"

#include <algorithm>

#include "formats/bbolt/carve/chain.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/etcd/known_rows.hpp"
#include "formats/etcd/meta.hpp"

namespace salvor::recover {
namespace {

using bbolt::PageType;

bool has_bucket(const Entries& entries, Bytes name) {
    return std::any_of(entries.found.begin(), entries.found.end(),
                       [&](const Entry& entry) { return entry.is_bucket && entry.key == name; });
}

/// A leaf of buckets as etcd has them.
bool is_root(const Area& area, const bbolt::Sighting& page) {
    if (page.type != PageType::leaf) return false;
    const auto image = area.image();
    const auto first =
        bbolt::LeafElement::load(image.data() + page.offset + bbolt::page_header_size);
    if ((first.flags & bbolt::bucket_flag) == 0 ||
        !etcd::is_known_bucket(bbolt::chain_key(image, page.offset, page.type, 0))) {
        return false;
    }
    const auto entries = leaf_entries(area, page.offset);
    return has_bucket(entries, etcd::buckets::key) && has_bucket(entries, etcd::buckets::meta);
}

Root by_meta(const Area& area, int which, const bbolt::Meta& meta) {
    Root root;
    root.by = Root::By::meta;
    root.meta = which;
    root.txid = number(meta.txid);
    root.page = number(meta.root);
    root.offset = area.lay().offset_of(meta.root).value_or(0);
    root.entries = read_entries(area, {meta.root, 0, {}, 0});
    root.index = index_of(area, root.entries);
    return root;
}

std::optional<Root> choose_by_meta(const Area& area) {
    std::vector<Root> roots;
    for (const int which : {0, 1}) {
        const auto at = area.lay().offset_of(bbolt::PageId{static_cast<std::uint64_t>(which)});
        if (!at) continue;
        if (const auto meta = provable_meta(area, *at))
            roots.push_back(by_meta(area, which, *meta));
    }
    std::stable_sort(roots.begin(), roots.end(),
                     [](const Root& a, const Root& b) { return a.txid > b.txid; });
    for (auto& root : roots) {
        if (has_bucket(root.entries, etcd::buckets::key)) return std::move(root);
    }
    return {};
}

}  // namespace

std::optional<bbolt::Meta> provable_meta(const Area& area, std::uint64_t offset) {
    auto state = bbolt::meta_at(area.image(), offset);
    if (!state.readable) return {};
    if (state.valid()) return state.meta;
    // What every meta has is put right, and the checksum asked again.
    std::string repaired(area.image().substr(offset + bbolt::page_header_size, bbolt::meta_size));
    auto meta = state.meta;
    meta.page_size = static_cast<std::uint32_t>(area.page_size());
    meta.flags = 0;
    meta.root_sequence = 0;
    meta.store(repaired.data());
    if (bbolt::Meta::load(repaired.data()).checksum != state.meta.checksum) return {};
    return meta;
}

std::uint64_t index_of(const Area& area, const Entries& root) {
    for (const auto& entry : root.found) {
        if (!entry.is_bucket || entry.key != etcd::buckets::meta) continue;
        const auto bucket = bucket_of(area, entry);
        if (!bucket) return 0;
        for (const auto& row : read_entries(area, *bucket).found) {
            if (row.key == etcd::meta_keys::consistent_index)
                return etcd::parse_u64(row.value).value_or(0);
        }
    }
    return 0;
}

Root choose_root(const Area& area) {
    if (auto root = choose_by_meta(area)) return *std::move(root);
    Root best;
    for (const auto& page : area.pages()) {
        if (!is_root(area, page)) continue;
        auto entries = leaf_entries(area, page.offset);
        const auto index = index_of(area, entries);
        if (best.by == Root::By::scan && index < best.index) continue;
        best = {Root::By::scan, 0, 0, page.offset, number(page.id), index, std::move(entries)};
    }
    return best;
}

std::optional<bbolt::Bucket> bucket_named(const Area& area, const Root& root, Bytes name) {
    for (const auto& entry : root.entries.found) {
        if (entry.is_bucket && entry.key == name) return bucket_of(area, entry);
    }
    return {};
}

std::vector<std::uint64_t> other_roots(const Area& area, const Root& chosen) {
    std::vector<std::uint64_t> places;
    for (const auto& page : area.pages()) {
        if (page.offset != chosen.offset && is_root(area, page)) places.push_back(page.offset);
    }
    return places;
}

}  // namespace salvor::recover
