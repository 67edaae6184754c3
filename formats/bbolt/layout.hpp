#pragma once

#include <cstdint>

#include "formats/base/bytes.hpp"

// The on-disk structures of a bbolt file, as host values. FORMAT.md explains them in words.
// Source: bbolt internal/common/{page,meta,bucket}.go

namespace salvor::bbolt {

enum class PageId : std::uint64_t {};
enum class TxId : std::uint64_t {};

constexpr std::uint64_t number(PageId id) {
    return static_cast<std::uint64_t>(id);
}
constexpr std::uint64_t number(TxId id) {
    return static_cast<std::uint64_t>(id);
}

constexpr std::uint32_t magic = 0xED0CDAED;
constexpr std::uint32_t version = 2;
constexpr PageId no_freelist{~std::uint64_t{0}};  ///< meta.freelist of a database that stores none

constexpr std::size_t min_page_size = 512;
constexpr std::size_t max_page_size = 65536;
constexpr std::size_t page_header_size = 16;
constexpr std::size_t meta_size = 64;
constexpr std::size_t meta_checksum_at =
    56;  ///< from the meta's start; the checksum covers what is before
constexpr std::size_t element_size = 16;  ///< of a branch's and of a leaf's element alike
constexpr std::size_t bucket_header_size = 16;
constexpr std::uint32_t bucket_flag = 0x01;  ///< in a leaf element: the value is a bucket header
constexpr std::uint16_t freelist_long_count = 0xFFFF;  ///< the real count is the first id
constexpr std::size_t max_key_size = 32768;
constexpr std::uint64_t max_value_size = (1ULL << 31) - 2;

enum class PageType : std::uint16_t { branch = 0x01, leaf = 0x02, meta = 0x04, freelist = 0x10 };

/// OFFSET SIZE FIELD
///      0    8 id        equals the page's position
///      8    2 flags     one PageType
///     10    2 count     elements; of a freelist: ids, see freelist_long_count
///     12    4 overflow  pages that follow and belong to this one
struct PageHeader {
    PageId id;
    std::uint16_t flags;
    std::uint16_t count;
    std::uint32_t overflow;

    static PageHeader load(const char* at) {
        return {PageId{load_le<std::uint64_t>(at)}, load_le<std::uint16_t>(at + 8),
                load_le<std::uint16_t>(at + 10), load_le<std::uint32_t>(at + 12)};
    }
    void store(char* at) const {
        store_le(at, number(id));
        store_le(at + 8, flags);
        store_le(at + 10, count);
        store_le(at + 12, overflow);
    }
};

/// Behind the page header of pages 0 and 1.
/// OFFSET SIZE FIELD
///      0    4 magic
///      4    4 version
///      8    4 page_size
///     12    4 flags          0; `bbolt surgery meta update` writes 4
///     16    8 root           page of the bucket of buckets
///     24    8 root_sequence  0
///     32    8 freelist       no_freelist where it is not stored
///     40    8 high_water     first page id that was never allocated (bbolt's own name: pgid)
///     48    8 txid
///     56    8 checksum       FNV-1a 64 of the 56 bytes before
struct Meta {
    std::uint32_t magic;
    std::uint32_t version;
    std::uint32_t page_size;
    std::uint32_t flags;
    PageId root;
    std::uint64_t root_sequence;
    PageId freelist;
    PageId high_water;
    TxId txid;
    std::uint64_t checksum;

    static Meta load(const char* at) {
        return {load_le<std::uint32_t>(at),
                load_le<std::uint32_t>(at + 4),
                load_le<std::uint32_t>(at + 8),
                load_le<std::uint32_t>(at + 12),
                PageId{load_le<std::uint64_t>(at + 16)},
                load_le<std::uint64_t>(at + 24),
                PageId{load_le<std::uint64_t>(at + 32)},
                PageId{load_le<std::uint64_t>(at + 40)},
                TxId{load_le<std::uint64_t>(at + 48)},
                load_le<std::uint64_t>(at + 56)};
    }
    /// Computes the checksum, too.
    void store(char* at) const;
};

/// OFFSET SIZE FIELD
///      0    4 pos    from the start of this element to the key
///      4    4 ksize
///      8    8 child
struct BranchElement {
    std::uint32_t pos;
    std::uint32_t ksize;
    PageId child;

    static BranchElement load(const char* at) {
        return {load_le<std::uint32_t>(at), load_le<std::uint32_t>(at + 4),
                PageId{load_le<std::uint64_t>(at + 8)}};
    }
    void store(char* at) const {
        store_le(at, pos);
        store_le(at + 4, ksize);
        store_le(at + 8, number(child));
    }
};

/// OFFSET SIZE FIELD
///      0    4 flags  bucket_flag or 0
///      4    4 pos    from the start of this element to the key; the value follows the key
///      8    4 ksize
///     12    4 vsize
struct LeafElement {
    std::uint32_t flags;
    std::uint32_t pos;
    std::uint32_t ksize;
    std::uint32_t vsize;

    static LeafElement load(const char* at) {
        return {load_le<std::uint32_t>(at), load_le<std::uint32_t>(at + 4),
                load_le<std::uint32_t>(at + 8), load_le<std::uint32_t>(at + 12)};
    }
    void store(char* at) const {
        store_le(at, flags);
        store_le(at + 4, pos);
        store_le(at + 8, ksize);
        store_le(at + 12, vsize);
    }
};

/// The value of a leaf element with bucket_flag.
/// OFFSET SIZE FIELD
///      0    8 root      0: the bucket is inline, a whole page image follows
///      8    8 sequence
struct BucketHeader {
    PageId root;
    std::uint64_t sequence;

    static BucketHeader load(const char* at) {
        return {PageId{load_le<std::uint64_t>(at)}, load_le<std::uint64_t>(at + 8)};
    }
    void store(char* at) const {
        store_le(at, number(root));
        store_le(at + 8, sequence);
    }
};

}  // namespace salvor::bbolt
