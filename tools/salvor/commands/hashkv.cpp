#include "tools/salvor/commands/hashkv.hpp"

#include <fmt/core.h>

#include "core/upstream/hash_kv.hpp"
#include "tools/salvor/standin/persona.hpp"
#include "tools/salvor/standin/printer.hpp"
#include "tools/salvor/standin/source_file.hpp"
#include "tools/salvor/standin/tree.hpp"

namespace salvor::tool::hashkv {
namespace {

using standin::Exit;
using standin::say;

Result<timeline::HashKv> read(const std::string& path, std::int64_t revision, etcd::Line line) {
    SALVOR_TRY(const auto file, MappedFile::open(path));
    return standin::unless_held(file, [&] { return upstream::hash_kv(file, revision, line); });
}

}  // namespace

Run declare(CLI::App& app) {
    standin::describe(app, {"hashkv"});
    return [] { return Result<Answer>(Answer::not_done); };
}

int run(const standin::Call& call, etcd::Line line) {
    const auto shape = standin::parse_shape(call.flags.text("write-out"));
    if (!shape) return say(Exit::unsupported_format, "unsupported output format");
    const auto& path = call.files[0];
    if (const auto absent = standin::missing(path)) return say(Exit::error, *absent);
    const auto hash = read(path, call.flags.int64("rev"), line);
    if (!hash) return say(Exit::error, hash.error().message);
    const auto text = standin::shaped(*hash, *shape, line);
    if (!text) return say(Exit::unsupported_format, "protobuf not supported as output format");
    fmt::print("{}", *text);
    std::fflush(stdout);
    return static_cast<int>(Exit::done);
}

}  // namespace salvor::tool::hashkv
