#include "tools/salvor/opening.hpp"

#include <CLI/CLI.hpp>

#include <optional>

#include "core/replay/deltas.hpp"
#include "formats/envelope/peel.hpp"
#include "tools/salvor/evidence.hpp"
#include "tools/salvor/key_file.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/passphrase.hpp"
#include "tools/salvor/progress.hpp"

namespace salvor::tool {
namespace {

struct Chosen {
    envelope::Opening opening;
    std::vector<std::string> identities;
    PassphraseSource passphrase;
    std::optional<std::string> typed;  ///< asked once, for however many sources
};

/// One command is run, so that one set of these is all there is.
Chosen& chosen() {
    static Chosen chosen;
    return chosen;
}

Result<std::string> passphrase() {
    auto& typed = chosen().typed;
    if (!typed) {
        SALVOR_TRY(typed, read_passphrase(chosen().passphrase));
    }
    return *typed;
}

Result<void> read_identities(envelope::age::Keys& keys) {
    for (const auto& path : std::exchange(chosen().identities, {})) {
        SALVOR_TRY(const auto file, open_key_file(path));
        SALVOR_TRY(const auto read, envelope::age::parse_identities(file.bytes(), path, keys));
        keys.identities.insert(keys.identities.end(), read.begin(), read.end());
    }
    return {};
}

/// What it was made of is said: nothing in the database tells.
Result<std::optional<MappedFile>> assemble(const std::filesystem::path& folder) {
    SALVOR_TRY(auto made, replay::assemble(folder, chosen().opening.places));
    if (!made) return std::nullopt;
    for (const auto& remark : made->remarks) say(remark);
    return std::move(made->db);
}

void add_keys(CLI::App& app, const char* identity) {
    auto& chosen = tool::chosen();
    app.add_option(identity, chosen.identities, "a key of age or of ssh that opens it")
        ->type_name("FILE")
        ->group(common_group)
        ->allow_extra_args(false);
    app.add_option("--passphrase-file", chosen.passphrase.file,
                   "a passphrase, this file's first line")
        ->type_name("FILE")
        ->group(common_group);
    app.add_option("--passphrase-fd", chosen.passphrase.descriptor,
                   "a passphrase, out of this open descriptor")
        ->type_name("N")
        ->group(common_group);
    app.add_option("--max-work-factor", chosen.opening.keys.work_factor,
                   "allow a passphrase's scrypt up to 2^N (20)")
        ->type_name("N")
        ->group(common_group)
        ->check(CLI::Range(1u, envelope::age::most_work_factor).description(""));
}

}  // namespace

void add_opening(CLI::App& app, const char* identity) {
    auto& opening = chosen().opening;
    app.add_option("--entry", opening.entry, "of an archive: the entry that is meant")
        ->type_name("NAME")
        ->group(common_group);
    app.add_option("--temp-dir", opening.places.chosen,
                   "where to unpack to (TMPDIR, /var/tmp, /tmp)")
        ->type_name("DIR")
        ->group(common_group);
    add_keys(app, identity);
}

std::string source_path(const std::string& word) {
    return word == "-" ? "/dev/stdin" : word;
}

std::string temp_folder() {
    return chosen().opening.places.chosen.string();
}

std::filesystem::path spill_folder() {
    const auto folders = envelope::candidates(chosen().opening.places);
    std::error_code error;
    for (const auto& folder : folders) {
        if (std::filesystem::is_directory(folder, error)) return folder;
    }
    return folders.back();
}

Result<Snapshot> open_source(const std::string& source, Snapshot::Lock lock) {
    auto& opening = chosen().opening;
    opening.keys.passphrase = passphrase;
    opening.assemble = assemble;
    SALVOR_CHECK(read_identities(opening.keys));
    auto snapshot = Snapshot::open(source, lock, opening);
    if (snapshot) note_source(source, *snapshot);
    return snapshot;
}

}  // namespace salvor::tool
