#include "core/recover/tree.hpp"

#include <algorithm>

#include "core/recover/leaf.hpp"
#include "formats/bbolt/carve/chain.hpp"
#include "formats/bbolt/page_set.hpp"
#include "formats/bbolt/tree.hpp"

namespace salvor::recover {
namespace {

using bbolt::PageId;
using bbolt::PageType;

/// Of a page id that many places bear, so many are looked at.
constexpr std::size_t most_places = 8;
/// So many branches that nobody names are tried as roots.
constexpr std::size_t most_roots = 8;

struct Child {
    etcd::Revision key;
    PageId id;
};

/// What of a branch's elements is in order within the range; `all` false: some are not.
struct Branch {
    std::vector<std::optional<Child>> children;
    std::size_t good = 0;
    std::uint64_t size = 0;
};

class Walk {
 public:
    explicit Walk(const Area& area) : area_(area), visited_(area.blocks()) {}

    void visit(PageId id, etcd::Revision low, etcd::Revision high, std::size_t depth);
    void visit_inline(std::uint64_t offset) {
        if (bbolt::PageHeader::load(area_.image().data() + offset).count == 0) return;
        take_leaf(read_leaf(area_, offset, {}, endless), offset);
    }
    Tree take() {
        tree_.head = last_.value_or(etcd::Revision{});
        return std::move(tree_);
    }

 private:
    bool is_taken(std::uint64_t offset) const {
        return offset >= area_.lay().phase() && visited_.contains(PageId{area_.block_at(offset)});
    }
    std::optional<Branch> read_branch(std::uint64_t offset, etcd::Revision low,
                                      etcd::Revision high) const;
    bool is_empty_leaf(std::uint64_t offset) const;
    void enter(const Branch& branch, std::uint64_t offset, etcd::Revision low, etcd::Revision high,
               std::size_t depth);
    void take_leaf(LeafReading reading, std::uint64_t offset);
    void miss(PageId id, etcd::Revision low, etcd::Revision high);

    const Area& area_;
    bbolt::PageSet visited_;  ///< by block
    std::optional<etcd::Revision> last_;
    Tree tree_;
};

std::optional<Branch> Walk::read_branch(std::uint64_t offset, etcd::Revision low,
                                        etcd::Revision high) const {
    const auto image = area_.image();
    if (offset + bbolt::page_header_size > image.size()) return {};
    const auto header = bbolt::PageHeader::load(image.data() + offset);
    const auto chain = bbolt::chain_at(image, offset, PageType::branch);
    if (!chain && static_cast<PageType>(header.flags) != PageType::branch) return {};
    const auto room = (std::min<std::uint64_t>(image.size() - offset, area_.page_size()) -
                       bbolt::page_header_size) /
                      bbolt::element_size;
    Branch branch;
    branch.children.resize(chain ? chain->count : std::min<std::size_t>(header.count, room));
    branch.size = std::max<std::uint64_t>(chain ? chain->end : 1, 1);
    std::optional<etcd::Revision> before;
    for (std::size_t i = 0; i < branch.children.size(); ++i) {
        const auto at = offset + bbolt::page_header_size + i * bbolt::element_size;
        const auto e = bbolt::BranchElement::load(image.data() + at);
        if (at + e.pos + e.ksize > image.size()) continue;
        const auto key = etcd::parse_row_key(image.substr(at + e.pos, e.ksize));
        if (!key || key->revision < low || key->revision >= high ||
            (before && key->revision <= *before)) {
            continue;
        }
        before = key->revision;
        branch.children[i] = Child{key->revision, e.child};
        ++branch.good;
    }
    if (branch.good == 0) return {};
    return branch;
}

/// What a bucket without keys has.
bool Walk::is_empty_leaf(std::uint64_t offset) const {
    const auto image = area_.image();
    if (offset + area_.page_size() > image.size()) return false;
    const auto header = bbolt::PageHeader::load(image.data() + offset);
    return static_cast<PageType>(header.flags) == PageType::leaf && header.count == 0 &&
           area_.is_in_place(offset) &&
           image.substr(offset + bbolt::page_header_size,
                        area_.page_size() - bbolt::page_header_size)
                   .find_first_not_of('\0') == Bytes::npos;
}

void Walk::miss(PageId id, etcd::Revision low, etcd::Revision high) {
    tree_.gaps.push_back({low, high, 0, number(id), 0});
    const auto own = area_.lay().offset_of(id);
    if (own && *own < area_.image().size() && !is_taken(*own))
        tree_.marks.push_back({*own, area_.page_size(), 0, Use::lost});
}

void Walk::visit(PageId id, etcd::Revision low, etcd::Revision high, std::size_t depth) {
    if (depth >= bbolt::max_depth) return miss(id, low, high);
    std::optional<LeafReading> best;
    std::uint64_t best_at = 0;
    auto places = area_.places_of(id);
    places.resize(std::min(places.size(), most_places));
    for (const auto offset : places) {
        if (is_taken(offset)) continue;
        if (depth == 0 && is_empty_leaf(offset)) {
            tree_.marks.push_back({offset, area_.page_size(), area_.page_size(), Use::used});
            return;
        }
        if (const auto branch = read_branch(offset, low, high))
            return enter(*branch, offset, low, high, depth);
        auto reading = read_leaf(area_, offset, low, high);
        if (reading.rows.empty() || (best && best->rows.size() >= reading.rows.size())) continue;
        best = std::move(reading);
        best_at = offset;
        if (best->sound) break;
    }
    if (!best) return miss(id, low, high);
    for (auto& gap : best->gaps) gap.page = number(id);
    take_leaf(*std::move(best), best_at);
}

void Walk::enter(const Branch& branch, std::uint64_t offset, etcd::Revision low,
                 etcd::Revision high, std::size_t depth) {
    visited_.insert(PageId{area_.block_at(offset)});
    tree_.marks.push_back({offset, branch.size, area_.page_size(), Use::used});
    const auto& children = branch.children;
    const auto id = bbolt::PageHeader::load(area_.image().data() + offset).id;
    bool missed = false;  // elements before this one are unreadable
    for (std::size_t i = 0; i < children.size(); ++i) {
        if (!children[i]) {
            missed = true;
            continue;
        }
        if (missed) {
            const auto from = std::max(low, last_ ? next(*last_) : low);
            if (from < children[i]->key)
                tree_.gaps.push_back({from, children[i]->key, 0, number(id), 0});
        }
        missed = false;
        std::size_t behind = i + 1;
        while (behind < children.size() && !children[behind]) ++behind;
        visit(children[i]->id, i == 0 ? std::min(low, children[i]->key) : children[i]->key,
              behind < children.size() ? children[behind]->key : high, depth + 1);
    }
    if (missed) {
        const auto from = std::max(low, last_ ? next(*last_) : low);
        if (from < high) tree_.gaps.push_back({from, high, 0, number(id), 0});
    }
}

void Walk::take_leaf(LeafReading reading, std::uint64_t offset) {
    const bool whole = reading.gaps.empty();
    auto left = whole ? reading.size : reading.bytes_read;
    const auto size = area_.page_size();
    for (std::uint64_t at = offset; at < offset + reading.size; at += size) {
        // Another page that stands in a run's place is no part of it.
        if (at > offset && bbolt::is_page_shape(area_.image(), at, size)) continue;
        if (at >= area_.lay().phase()) visited_.insert(PageId{area_.block_at(at)});
        const auto here = std::min<std::uint64_t>(size, offset + reading.size - at);
        const auto read = std::min<std::uint64_t>(left, here);
        left -= read;
        tree_.marks.push_back({at, here, read, Use::used});
    }
    tree_.unread.insert(tree_.unread.end(), reading.unread.begin(), reading.unread.end());
    if (!reading.rows.empty()) last_ = reading.rows.back().revision;
    if (reading.sound) {
        tree_.leaves.push_back({offset, reading.rows.front().revision});
        tree_.sound_rows += reading.rows.size();
        return;
    }
    ++tree_.damaged_pages;
    tree_.rows.insert(tree_.rows.end(), reading.rows.begin(), reading.rows.end());
    tree_.gaps.insert(tree_.gaps.end(), reading.gaps.begin(), reading.gaps.end());
}

/// The branches of revisions that no branch names, those with the newest key first.
std::vector<bbolt::Sighting> possible_roots(const Area& area) {
    const auto image = area.image();
    bbolt::PageSet named(area.blocks() + (area.lay().base < 0 ? area.blocks() : 0));
    std::vector<std::pair<etcd::Revision, bbolt::Sighting>> branches;
    for (const auto& page : area.pages()) {
        if (page.type != PageType::branch) continue;
        const auto count = bbolt::PageHeader::load(image.data() + page.offset).count;
        const auto last =
            etcd::parse_row_key(bbolt::chain_key(image, page.offset, page.type, count - 1U));
        if (!last) continue;
        branches.push_back({last->revision, page});
        for (std::size_t i = 0; i < count; ++i) {
            const auto at = page.offset + bbolt::page_header_size + i * bbolt::element_size;
            named.insert(bbolt::BranchElement::load(image.data() + at).child);
        }
    }
    std::stable_sort(branches.begin(), branches.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<bbolt::Sighting> roots;
    for (const bool unnamed : {true, false}) {
        for (const auto& [_, page] : branches) {
            if (named.contains(page.id) != unnamed && roots.size() < most_roots)
                roots.push_back(page);
        }
    }
    return roots;
}

}  // namespace

Tree walk_tree(const Area& area, const bbolt::Bucket& bucket) {
    Walk walk(area);
    if (bucket.is_inline()) {
        walk.visit_inline(bucket.inline_offset);
    } else {
        walk.visit(bucket.root, {}, endless, 0);
    }
    return walk.take();
}

Tree find_tree(const Area& area) {
    Tree best;
    best.gaps.push_back({{}, endless, 0, 0, 0});
    for (const auto& root : possible_roots(area)) {
        Walk walk(area);
        walk.visit(root.id, {}, endless, 0);
        auto tree = walk.take();
        const auto rows = [](const Tree& t) { return t.sound_rows + t.rows.size(); };
        if (tree.empty() || tree.head < best.head) continue;
        if (tree.head > best.head || rows(tree) > rows(best)) best = std::move(tree);
    }
    return best;
}

void for_each_row(const Area& area, const Tree& tree, const std::vector<FoundRow>& more,
                  const std::function<void(const FoundRow&)>& each) {
    auto own = tree.rows.begin();
    auto other = more.begin();
    const auto up_to = [&](etcd::Revision end) {
        for (;;) {
            const bool has_own = own != tree.rows.end() && own->revision < end;
            const bool has_other = other != more.end() && other->revision < end;
            if (!has_own && !has_other) return;
            const bool is_own = has_own && (!has_other || own->revision < other->revision);
            each(is_own ? *own++ : *other++);
        }
    };
    for (const auto& leaf : tree.leaves) {
        for_each_sound_row(area.image(), leaf.offset, [&](const FoundRow& row) {
            up_to(row.revision);
            each(row);
        });
    }
    up_to(endless);
}

std::optional<FoundRow> row_of(const Area& area, const Tree& tree, etcd::Revision revision) {
    const auto before = [](const FoundRow& row, etcd::Revision wanted) {
        return row.revision < wanted;
    };
    const auto own = std::lower_bound(tree.rows.begin(), tree.rows.end(), revision, before);
    if (own != tree.rows.end() && own->revision == revision) return *own;
    auto leaf = std::upper_bound(
        tree.leaves.begin(), tree.leaves.end(), revision,
        [](etcd::Revision wanted, const SoundLeaf& at) { return wanted < at.first; });
    if (leaf == tree.leaves.begin()) return {};
    --leaf;
    std::optional<FoundRow> found;
    for_each_sound_row(area.image(), leaf->offset, [&](const FoundRow& row) {
        if (row.revision == revision) found = row;
    });
    return found;
}

}  // namespace salvor::recover
