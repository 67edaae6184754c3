#include <algorithm>
#include <cassert>

#include "formats/bbolt/page_builder.hpp"
#include "formats/bbolt/writer.hpp"

namespace salvor::bbolt {
namespace {

constexpr std::size_t write_size = std::size_t{1} << 20;
// A value of this size goes to the file without being copied, in a leaf of its own.
constexpr std::size_t large_value = std::size_t{1} << 20;
constexpr std::uint64_t first_page = 2;

}  // namespace

/// The pages behind the metas, given out and written in ascending order.
class DenseWriter::Pages {
 public:
    Pages(WriteAt out, std::size_t size_of_page) : page_size(size_of_page), out_(std::move(out)) {}

    Result<PageId> write(const PageBuilder& page) {
        const PageId id{next_};
        next_ += page.pages();
        SALVOR_CHECK(append(page.encode(id)));
        return id;
    }
    /// A leaf of one entry.
    Result<PageId> write_large(const LeafEntry& entry) {
        const PageId id{next_};
        const std::uint64_t size =
            page_header_size + element_size + entry.key.size() + entry.value.size();
        const std::uint64_t pages = (size + page_size - 1) / page_size;
        next_ += pages;
        std::string head(page_header_size + element_size, '\0');
        PageHeader{id, static_cast<std::uint16_t>(PageType::leaf), 1,
                   static_cast<std::uint32_t>(pages - 1)}
            .store(head.data());
        LeafElement{0, element_size, static_cast<std::uint32_t>(entry.key.size()),
                    static_cast<std::uint32_t>(entry.value.size())}
            .store(head.data() + page_header_size);
        head += entry.key;
        SALVOR_CHECK(append(head));
        SALVOR_CHECK(append(entry.value));
        SALVOR_CHECK(append(std::string(pages * page_size - size, '\0')));
        return id;
    }
    Result<void> write_metas(PageId root, TxId txid) {
        SALVOR_CHECK(flush());
        assert(number(txid) > 0);
        for (const std::uint64_t transaction : {number(txid) - 1, number(txid)}) {
            const PageId id{transaction % 2};
            const Meta meta{magic,
                            version,
                            static_cast<std::uint32_t>(page_size),
                            0,
                            root,
                            0,
                            no_freelist,
                            PageId{next_},
                            TxId{transaction},
                            0};
            SALVOR_CHECK(out_(number(id) * page_size, encode_meta_page(id, meta)));
        }
        return {};
    }

    const std::size_t page_size;

 private:
    Result<void> append(Bytes bytes) {
        if (buffer_.size() + bytes.size() > write_size) {
            SALVOR_CHECK(flush());
        }
        if (bytes.size() < write_size) {
            buffer_ += bytes;
            return {};
        }
        SALVOR_CHECK(out_(written_to_ + first_page * page_size, bytes));
        written_to_ += bytes.size();
        return {};
    }
    Result<void> flush() {
        if (buffer_.empty()) return {};
        SALVOR_CHECK(out_(written_to_ + first_page * page_size, buffer_));
        written_to_ += buffer_.size();
        buffer_.clear();
        return {};
    }

    WriteAt out_;
    std::uint64_t next_ = first_page;
    std::uint64_t written_to_ = 0;  ///< bytes behind the metas
    std::string buffer_;
};

/// One bucket's tree, built from its leaves up as they fill.
class DenseWriter::Tree {
 public:
    explicit Tree(Pages& pages) : pages_(&pages), leaf_(PageType::leaf, pages.page_size) {}

    Result<void> add(const LeafEntry& entry) {
        SALVOR_CHECK(check_limits(entry.key, entry.value.size()));
        if (has_last_key_ && entry.key <= last_key_) {
            return fail(ErrorCode::malformed,
                        "keys must ascend: a key of {} bytes is not above the one before it",
                        entry.key.size());
        }
        last_key_ = entry.key;
        has_last_key_ = true;
        const bool is_large = entry.value.size() >= large_value;
        if (is_large || !leaf_.has_room_for(entry)) {
            SALVOR_CHECK(flush_leaf());
        }
        if (!is_large) {
            leaf_.add(entry);
            return {};
        }
        SALVOR_TRY(const PageId id, pages_->write_large(entry));
        return add_child(0, {entry.key, id});
    }

    /// The value by which the parent names this bucket.
    Result<std::string> finish(std::uint64_t sequence) {
        if (levels_.empty() && leaf_.is_inlineable()) return encode_inline_bucket(leaf_, sequence);
        SALVOR_TRY(const PageId root, finish_root());
        return encode_bucket(root, sequence);
    }

    Result<PageId> finish_root() {
        if (levels_.empty()) return pages_->write(leaf_);
        SALVOR_CHECK(flush_leaf());
        for (std::size_t level = 0;; ++level) {
            auto& top = levels_[level];
            if (level + 1 == levels_.size() && top.builder.count() == 1) return top.only_child;
            if (top.builder.count() > 0) {
                SALVOR_CHECK(flush_branch(level));
            }
        }
    }

 private:
    struct Level {
        PageBuilder builder;
        PageId only_child;
    };

    Result<void> flush_leaf() {
        if (leaf_.count() == 0) return {};
        SALVOR_TRY(const PageId id, pages_->write(leaf_));
        SALVOR_CHECK(add_child(0, {leaf_.first_key(), id}));
        leaf_.clear();
        return {};
    }
    Result<void> add_child(std::size_t level, const BranchEntry& child) {
        if (level == levels_.size()) {
            levels_.push_back({PageBuilder(PageType::branch, pages_->page_size), {}});
        }
        if (!levels_[level].builder.has_room_for(child)) {
            SALVOR_CHECK(flush_branch(level));
        }
        levels_[level].builder.add(child);
        levels_[level].only_child = child.child;
        return {};
    }
    Result<void> flush_branch(std::size_t level) {
        SALVOR_TRY(const PageId id, pages_->write(levels_[level].builder));
        const std::string first(levels_[level].builder.first_key());
        levels_[level].builder.clear();
        return add_child(level + 1, {first, id});
    }

    Pages* pages_;
    PageBuilder leaf_;
    std::vector<Level> levels_;  ///< of branches, the lowest first
    std::string last_key_;
    bool has_last_key_ = false;
};

struct DenseWriter::OpenBucket {
    std::string name;
    std::uint64_t sequence;
    Tree tree;
};

DenseWriter::DenseWriter(WriteAt out, std::size_t page_size)
    : pages_(std::make_unique<Pages>(std::move(out), page_size)) {
    assert(possible_page_size(page_size));
    open_.push_back({"", 0, Tree(*pages_)});
}

DenseWriter::DenseWriter(FileWriter& out, std::size_t page_size)
    : DenseWriter([&out](std::uint64_t offset, Bytes bytes) { return out.write_at(offset, bytes); },
                  page_size) {}

DenseWriter::~DenseWriter() = default;

Result<void> DenseWriter::open(Bytes name, std::uint64_t sequence) {
    SALVOR_CHECK(check_limits(name, bucket_header_size));
    open_.push_back({std::string(name), sequence, Tree(*pages_)});
    return {};
}

Result<void> DenseWriter::begin_bucket(Bytes name, std::uint64_t sequence) {
    while (open_.size() > 1) SALVOR_CHECK(end_child());
    return open(name, sequence);
}

Result<void> DenseWriter::begin_child(Bytes name, std::uint64_t sequence) {
    assert(open_.size() > 1);
    return open(name, sequence);
}

Result<void> DenseWriter::end_child() {
    assert(open_.size() > 1);
    SALVOR_TRY(const std::string value, open_.back().tree.finish(open_.back().sequence));
    const std::string name = std::move(open_.back().name);
    open_.pop_back();
    return open_.back().tree.add({name, value, true});
}

Result<void> DenseWriter::put(Bytes key, Bytes value) {
    assert(open_.size() > 1);
    return open_.back().tree.add({key, value, false});
}

Result<void> DenseWriter::finish(TxId txid) {
    while (open_.size() > 1) SALVOR_CHECK(end_child());
    SALVOR_TRY(const PageId root, open_.back().tree.finish_root());
    return pages_->write_metas(root, txid);
}

}  // namespace salvor::bbolt
