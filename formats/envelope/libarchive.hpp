#pragma once

#include <archive.h>

#include <memory>
#include <optional>

#include "formats/base/release.hpp"
#include "formats/envelope/stream.hpp"

namespace salvor::envelope {

/// A libarchive reader over a stream: what the stream itself fails with is kept, for libarchive
/// would replace it by words of its own.
class Libarchive {
 public:
    explicit Libarchive(StreamPtr below)
        : below_(std::move(below)), archive_(::archive_read_new()) {}

    struct archive* get() { return archive_.get(); }
    /// Behind the formats and filters being chosen.
    int open();
    Stream& below() { return *below_; }
    /// Bytes that libarchive has made use of.
    std::uint64_t consumed() const;
    /// What went wrong in the last call, after `what`.
    std::unexpected<Error> error(const char* what);

 private:
    static la_ssize_t read(struct archive*, void* self, const void** buffer);
    StreamPtr below_;
    std::optional<Error> below_error_;
    std::unique_ptr<struct archive, Release<::archive_read_free>> archive_;
};

}  // namespace salvor::envelope
