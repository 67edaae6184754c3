#include "tools/salvor/commands/info.hpp"

#include <fmt/core.h>

#include "core/info/info.hpp"
#include "core/report/info.hpp"
#include "tools/salvor/encryption.hpp"
#include "tools/salvor/on_source.hpp"
#include "tools/salvor/opening.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/progress.hpp"

namespace salvor::tool::info {
namespace {

struct Options {
    std::string source;
    std::optional<std::string> wal_dir;
    std::string encryption_config;
    Format format = Format::text;
};

Result<Answer> run(const Options& options) {
    SALVOR_TRY(auto snapshot, open_source(options.source));
    if (options.wal_dir) SALVOR_CHECK(snapshot.take_wal_from(*options.wal_dir));
    SALVOR_TRY(const auto encryption, read_encryption(options.encryption_config));
    Result<salvor::info::Info> gathered = [&] {
        const Progress progress("reading " + options.source);
        return salvor::info::gather(snapshot, encryption.get());
    }();
    if (!gathered) return std::unexpected(gathered.error());
    const auto& info = *gathered;
    fmt::print("{}",
               options.format == Format::json ? report::info_json(info) : report::info_text(info));
    return info.unread.count + info.doubtful.count == 0 ? Answer::yes : Answer::no;
}

}  // namespace

Run declare(CLI::App& app) {
    auto options = std::make_shared<Options>();
    add_source(app, options->source);
    add_option(app, "--wal-dir", "DIR", options->wal_dir,
               "where a data directory's WAL lies (SOURCE/member/wal)");
    add_encryption(app, options->encryption_config);
    add_format(app, options->format);
    return [options] { return on_source(options->source, run(*options)); };
}

}  // namespace salvor::tool::info
