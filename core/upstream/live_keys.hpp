#pragma once

#include <cstdint>
#include <vector>

#include "formats/base/bytes.hpp"
#include "formats/etcd/version.hpp"

namespace salvor::upstream {

/// Which user keys are live after the rows so far, in file order. It keeps 12 bytes a slot, at most
/// 24 a key: where the key's first row stands in the file, and part of a hash that is seeded anew
/// in each run, so that no file can be made to collide.
class LiveKeys {
 public:
    /// `image`: the bytes that rows point into.
    LiveKeys(Bytes image, etcd::Line line);
    /// `element`: offset of the row's leaf element, by which its key is found again.
    void put(Bytes user_key, std::uint64_t element);
    void remove(Bytes user_key);
    std::uint64_t count() const { return live_; }

 private:
    std::uint32_t hash(Bytes key) const;
    std::size_t home(std::uint32_t hash) const;
    std::size_t after(std::size_t slot) const { return slot + 1 == places_.size() ? 0 : slot + 1; }
    Bytes key_at(std::size_t slot) const;
    /// The key's slot, or the empty one where it would go.
    std::size_t find(Bytes key, std::uint32_t hash) const;
    void grow();

    Bytes image_;
    etcd::Line line_;
    std::uint64_t seed_;
    std::uint64_t live_ = 0;
    std::size_t used_ = 0;
    std::vector<std::uint64_t> places_;  ///< element offset + 1 and the live mark; 0: empty
    std::vector<std::uint32_t> hashes_;
};

}  // namespace salvor::upstream
