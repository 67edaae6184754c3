#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "formats/envelope/age/age.hpp"
#include "formats/envelope/decompress.hpp"
#include "formats/envelope/layer.hpp"
#include "formats/envelope/spill.hpp"

namespace salvor::envelope {

/// More layers than this nobody packs.
constexpr std::size_t most_layers = 8;

/// What it takes to get at the bytes, which of them are meant, and where they may be put.
struct Opening {
    age::Keys keys;
    std::string entry;  ///< of an archive: a name, or the end of one behind a slash
    SpillPlaces places;
    /// Whether bytes that begin so are what is looked for, among an archive's entries.
    std::function<bool(Bytes head)> is_wanted;
    /// A database made of what lies in a folder that is no data directory; nullopt: nothing there
    /// makes one.
    std::function<Result<std::optional<MappedFile>>(const std::filesystem::path&)> assemble;
};

struct Peeled {
    MappedFile file;
    std::vector<Layer> layers;     ///< outermost first; none: the file was plain and is itself
    std::vector<Skippable> notes;  ///< out of zstd's skippable frames
};

/// As many of a file's first bytes as is_wanted is shown: enough for a second bbolt meta at the
/// largest page size.
constexpr std::size_t wanted_head = (64 << 10) + 128;

/// Takes layer after layer off a file, by the bytes alone. What has none is mapped as it is.
/// Errors: those of the layers; unsupported (a form that is named and not peeled); not_found (no
/// entry is wanted, or none is named so); refused (several are); too_large.
Result<Peeled> peel(const MappedFile& file, const Opening& opening);
/// The same of a pipe that is open.
Result<Peeled> peel_pipe(int descriptor, const std::filesystem::path& name, const Opening& opening);

}  // namespace salvor::envelope
