#include <algorithm>
#include <array>

#include "core/query/sql/relation.hpp"
#include "formats/bbolt/page_runs.hpp"

namespace salvor::query {
namespace {

enum : std::size_t { page, pages, state, type, bucket, elements, used_bytes };
constexpr std::array columns{
    Column{"page", "INTEGER", "its id, as `page` takes it"},
    Column{"pages", "INTEGER", "pages in a row: it and its overflow, or free neighbours"},
    Column{"state", "TEXT", "used, free or leaked"},
    Column{"type", "TEXT", "branch, leaf, meta or freelist; NULL: not used"},
    Column{"bucket", "TEXT", "that it is of; '' is the root; NULL: of none"},
    Column{"elements", "INTEGER", "keys, children or ids in it"},
    Column{"used_bytes", "INTEGER", "of a branch or leaf: header, elements, keys and values"},
};

std::uint64_t bytes_in(const bbolt::PageView& view) {
    std::uint64_t bytes = bbolt::page_header_size + view.count() * bbolt::element_size;
    for (std::size_t i = 0; i < view.count(); ++i) {
        bytes += view.key(i).size();
        if (view.type() == bbolt::PageType::leaf) bytes += view.leaf(i).value.size();
    }
    return bytes;
}

class PageRows : public Rows {
 public:
    explicit PageRows(Source& source) : db_(source.db()) {}
    Result<bool> next() override {
        if (!is_read_) read();
        if (at_ >= runs_.size()) return false;
        const auto& run = runs_[at_++];
        view_.reset();
        header_.reset();
        if (run.state != bbolt::PageState::used) return true;
        header_ = db_.header(run.first);
        if (auto view = db_.check_page(run.first)) view_ = *view;
        return true;
    }
    std::int64_t id() const override { return static_cast<std::int64_t>(number(run().first)); }
    void tell(std::size_t column, Cell& cell) override {
        switch (column) {
            case page: return cell.set(id());
            case pages: return cell.set(static_cast<std::int64_t>(run().pages));
            case state: return cell.set(Bytes(name(run().state)));
            case type:
                if (header_) cell.set(Bytes(bbolt::type_name(header_->flags)));
                return;
            case bucket: return tell_bucket(cell);
            case elements:
                if (header_) cell.set(std::int64_t{header_->count});
                return;
            default: return tell_used(cell);
        }
    }

 private:
    const bbolt::PageRun& run() const { return runs_[at_ - 1]; }
    void tell_bucket(Cell& cell) const {
        const auto id = number(run().first);
        if (id < owners_.size() && owners_[id] != 0) cell.set_stored(buckets_[owners_[id] - 1]);
    }
    void tell_used(Cell& cell) const {
        const bool has_elements = view_ && (view_->type() == bbolt::PageType::leaf ||
                                            view_->type() == bbolt::PageType::branch);
        if (has_elements) cell.set(static_cast<std::int64_t>(bytes_in(*view_)));
    }
    /// The place of a bucket in buckets_, from 1; beyond what a byte holds none is told apart.
    std::uint8_t owner(const std::string& bucket) {
        const auto found = std::find(buckets_.begin(), buckets_.end(), bucket);
        const auto place = static_cast<std::size_t>(found - buckets_.begin()) + 1;
        if (place > 0xFF) return 0;
        if (found == buckets_.end()) buckets_.push_back(bucket);
        return static_cast<std::uint8_t>(place);
    }
    void read() {
        is_read_ = true;
        owners_.resize(db_.page_count());
        const auto structure = bbolt::check(
            db_, [](const Problem&) {},
            [&](const bbolt::CheckedLeaf& leaf) {
                // What is inline lies on a page of the root.
                const bool is_inline =
                    leaf.path.empty() || number(leaf.page.id()) != leaf.path.back();
                const auto own = owner(is_inline ? "" : leaf.bucket);
                for (const auto id : leaf.path) {
                    if (id < owners_.size() && owners_[id] == 0) owners_[id] = own;
                }
            });
        runs_ = page_runs(db_, structure);
    }

    const bbolt::Database& db_;
    bool is_read_ = false;
    std::vector<std::uint8_t> owners_;  ///< of each page, its bucket
    std::vector<std::string> buckets_;
    std::vector<bbolt::PageRun> runs_;
    std::size_t at_ = 0;
    std::optional<bbolt::PageHeader> header_;
    std::optional<bbolt::PageView> view_;
};

}  // namespace

const Relation pages_relation{"pages", "the file's pages, a row a run of them", columns, 100'000,
                              [](Source& source, const Wanted&) -> std::unique_ptr<Rows> {
                                  return std::make_unique<PageRows>(source);
                              }};

}  // namespace salvor::query
