#pragma once

#include <optional>

#include "formats/envelope/form.hpp"
#include "formats/envelope/libarchive.hpp"

namespace salvor::envelope {

/// No archive of backups has as many; a bomb may.
constexpr std::uint64_t most_entries = 100'000;

/// The entries of a tar or a zip, in their order. Names are words to tell entries by, and never
/// paths to anything.
class Archive {
 public:
    Archive(Form form, StreamPtr packed);

    struct Entry {
        std::string name;
        bool is_file = false;  ///< a regular file with bytes of its own
    };
    /// The next one; what was left of the one before is passed over. nullopt: the archive ended as
    /// it should, its stream with it. Errors: malformed, unsupported (an encrypted zip), too_large.
    Result<std::optional<Entry>> next();
    /// The bytes of the present entry, for as long as it is the present one.
    StreamPtr content();

 private:
    Result<void> open();
    Result<void> check_end();

    Form form_;
    std::string what_;
    std::string tail_;  ///< the last bytes that libarchive was given
    Libarchive reader_;
    bool opened_ = false;
    std::uint64_t entries_ = 0;
};

}  // namespace salvor::envelope
