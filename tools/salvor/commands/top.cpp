#include "tools/salvor/commands/top.hpp"

#include <fmt/core.h>

#include "core/report/usage.hpp"
#include "tools/salvor/on_source.hpp"
#include "tools/salvor/opening.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/progress.hpp"

namespace salvor::tool::top {
namespace {

struct Arguments {
    std::string source;
    Format format = Format::text;
};

Result<Answer> run(const Arguments& arguments) {
    SALVOR_TRY(const auto snapshot, open_source(arguments.source));
    const auto gathered = [&] {
        const Progress progress("reading " + arguments.source);
        return salvor::usage::gather(snapshot);
    }();
    if (!gathered) return std::unexpected(gathered.error());
    SALVOR_CHECK(snapshot.file().intact());
    fmt::print("{}", arguments.format == Format::json
                         ? report::usage_json(arguments.source, *gathered)
                         : report::usage_text(arguments.source, *gathered));
    return Answer::yes;
}

}  // namespace

Run declare(CLI::App& app) {
    auto arguments = std::make_shared<Arguments>();
    add_source(app, arguments->source);
    add_format(app, arguments->format);
    return [arguments] { return on_source(arguments->source, run(*arguments)); };
}

}  // namespace salvor::tool::top
