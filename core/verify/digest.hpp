#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <future>

#include "formats/base/bytes.hpp"
#include "formats/base/checksum.hpp"

namespace salvor::verify {

/// The SHA-256 of an image: the longest of all checks, so it is started first and runs beside what
/// else is done. The image has to outlive it; where it goes unasked, it stops.
class Digest {
 public:
    /// Told from the digest's own thread: bytes done, and all.
    using Progress = std::function<void(std::uint64_t done, std::uint64_t all)>;

    explicit Digest(Bytes image, Progress progress = {});
    Digest(const Digest&) = delete;
    Digest& operator=(const Digest&) = delete;
    ~Digest();

    /// Waits for it.
    Sha256Digest get() const;

 private:
    Sha256Digest compute() const;

    Bytes image_;
    Progress progress_;
    std::atomic<bool> unwanted_ = false;
    std::shared_future<Sha256Digest> digest_;
};

}  // namespace salvor::verify
