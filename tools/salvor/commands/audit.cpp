#include "tools/salvor/commands/audit.hpp"

#include <fmt/core.h>

#include "core/audit/steps.hpp"
#include "core/report/audit.hpp"
#include "core/snapshot/snapshot.hpp"
#include "tools/salvor/encryption.hpp"
#include "tools/salvor/on_source.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/progress.hpp"

namespace salvor::tool::audit {
namespace {

struct Arguments {
    std::string source;
    std::string encryption_config;
    Format format = Format::text;
};

Result<Answer> run(const Arguments& arguments) {
    SALVOR_TRY(const auto encryption, read_encryption(arguments.encryption_config));
    SALVOR_TRY(const auto snapshot, Snapshot::open(arguments.source));
    if (!snapshot.database()) return std::unexpected(snapshot.database().error());
    const Progress progress("reading " + arguments.source);
    cluster::Options wanted;
    wanted.encryption = encryption.get();
    SALVOR_TRY(const auto cluster, cluster::Cluster::open(*snapshot.database(), wanted));
    SALVOR_TRY(const auto at_rest, salvor::audit::at_rest(*cluster, encryption.get()));
    SALVOR_CHECK(snapshot.file().intact());
    fmt::print("{}", arguments.format == Format::json
                         ? report::audit_json(arguments.source, at_rest)
                         : report::audit_text(arguments.source, at_rest));
    return salvor::audit::steps(at_rest).empty() ? Answer::yes : Answer::no;
}

}  // namespace

Run declare(CLI::App& app) {
    auto arguments = std::make_shared<Arguments>();
    add_source(app, arguments->source);
    add_encryption(app, arguments->encryption_config);
    add_format(app, arguments->format);
    return [arguments] { return on_source(arguments->source, run(*arguments)); };
}

}  // namespace salvor::tool::audit
