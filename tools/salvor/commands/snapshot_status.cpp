#include "tools/salvor/commands/snapshot_status.hpp"

#include <fmt/core.h>

#include "core/upstream/status.hpp"
#include "tools/salvor/standin/persona.hpp"
#include "tools/salvor/standin/printer.hpp"
#include "tools/salvor/standin/source_file.hpp"
#include "tools/salvor/standin/tree.hpp"

namespace salvor::tool::snapshot_status {
namespace {

using standin::Exit;
using standin::say;

Result<upstream::Status> read(const std::string& path, etcd::Line line) {
    SALVOR_TRY(const auto file, standin::open_status_file(path, line));
    return standin::unless_held(file, [&] { return upstream::status(file, line); });
}

}  // namespace

Run declare(CLI::App& app) {
    standin::describe(app, {"snapshot", "status"});
    return [] { return Result<Answer>(Answer::not_done); };
}

int run(const standin::Call& call, etcd::Line line) {
    const auto shape = standin::parse_shape(call.flags.text("write-out"));
    if (call.files.size() != 1)
        return say(Exit::bad_arguments, "snapshot status requires exactly one argument");
    const auto& path = call.files[0];
    // 3.4 looks at the format first, the others at the file.
    const auto absent = standin::missing(path);
    if (absent && (shape || line >= etcd::Line::v3_5)) return say(Exit::error, *absent);
    if (!shape) return say(Exit::unsupported_format, "unsupported output format");
    const auto status = read(path, line);
    if (!status) return say(Exit::error, status.error().message);
    const auto text = standin::shaped(*status, *shape, line);
    if (!text) return say(Exit::unsupported_format, "protobuf not supported as output format");
    fmt::print("{}", *text);
    std::fflush(stdout);
    for (const auto& flaw : status->flaws) {
        standin::remark(fmt::format(
            "{}: {}; etcdutl takes this file for good, `salvor verify` lists all that is wrong",
            path, flaw));
    }
    return static_cast<int>(Exit::done);
}

}  // namespace salvor::tool::snapshot_status
