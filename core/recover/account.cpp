#include <algorithm>

#include "core/recover/recovery.hpp"
#include "core/recover/unused.hpp"

namespace salvor::recover {
namespace {

/// Moves bytes from one class to another, never more than it has.
void move(std::uint64_t& from, std::uint64_t& to, std::uint64_t bytes) {
    bytes = std::min(bytes, from);
    from -= bytes;
    to += bytes;
}

}  // namespace

/// By blocks first; then the rows that stand in blocks of which nothing else is used.
void Recovery::account() {
    auto& said = outcome_.account;
    for (std::size_t block = 0; block < area_.blocks(); ++block) {
        const auto size = area_.size_of(block);
        switch (area_.use(block)) {
            case Use::used: said.used += size; break;
            case Use::lost: said.lost += size; break;
            case Use::none: said.free += size; break;
        }
    }
    move(said.used, said.lost, lost_within_);
    said.free += std::min<std::uint64_t>(area_.lay().phase(), area_.image().size());
    said.used += area_.trailer_size();
    const auto take = [&](const FoundRow& row, std::uint64_t& to) {
        const auto key_size = row.tombstone ? etcd::tombstone_size : etcd::revision_size;
        const auto at = row.value_at - key_size;
        const auto use = at < area_.lay().phase() ? Use::none : area_.use(area_.block_at(at));
        auto& from = use == Use::lost   ? said.lost
                     : use == Use::none ? said.free
                     : said.lost > 0    ? said.lost
                                        : said.used;
        if (&from != &to) move(from, to, key_size + row.value_size);
    };
    for (const auto& row : given_) take(row, said.used);
    for_each_unused_row(area_, {[&](const FoundRow& row) {
                                    if (!this->row(row.revision)) take(row, said.carved);
                                },
                                {}});
}

}  // namespace salvor::recover
