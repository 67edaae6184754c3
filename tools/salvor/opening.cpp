#include "tools/salvor/opening.hpp"

#include <CLI/CLI.hpp>

#include "formats/envelope/peel.hpp"
#include "tools/salvor/options.hpp"

namespace salvor::tool {
namespace {

/// One command is run, so that one set of these is all there is.
envelope::Opening& chosen() {
    static envelope::Opening opening;
    return opening;
}

}  // namespace

void add_opening(CLI::App& app) {
    auto& opening = chosen();
    app.add_option("--entry", opening.entry, "of an archive: the entry that is meant")
        ->type_name("NAME")
        ->group(common_group);
    app.add_option("--temp-dir", opening.places.chosen,
                   "where to unpack to (TMPDIR, /var/tmp, /tmp)")
        ->type_name("DIR")
        ->group(common_group);
}

const envelope::Opening& opening() {
    return chosen();
}

Result<Snapshot> open_source(const std::string& source, Snapshot::Lock lock) {
    return Snapshot::open(source, lock, chosen());
}

}  // namespace salvor::tool
