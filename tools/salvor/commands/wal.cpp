#include "tools/salvor/commands/wal.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "core/report/log_record.hpp"
#include "core/snapshot/data_directory.hpp"
#include "formats/text/escape.hpp"
#include "formats/wal/reader.hpp"
#include "tools/salvor/choices.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/out_stream.hpp"
#include "tools/salvor/progress.hpp"

namespace salvor::tool::wal {
namespace {

namespace fs = std::filesystem;

struct Arguments {
    std::string source;
    std::vector<std::string> types;
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    bool stats = false;
    std::string output = "text";

    bool wants(const report::LogRecord& record) const {
        const bool has_index = record.type == "entry" || record.type == "snapshot";
        if ((from > 0 || to > 0) &&
            (!has_index || record.index < from || (to > 0 && record.index > to))) {
            return false;
        }
        return types.empty() || std::ranges::find(types, record.type) != types.end() ||
               std::ranges::find(types, record.kind) != types.end();
    }
};

/// A file, a folder of them, or the log of a data directory.
Result<std::vector<fs::path>> files_of(const fs::path& source) {
    std::error_code error;
    if (!fs::exists(source, error)) {
        return fail(ErrorCode::not_found, "open {}: no such file or directory", source.string());
    }
    if (!fs::is_directory(source, error)) return std::vector{source};
    auto files = files_in(source, ".wal");
    if (!files.empty()) return files;
    SALVOR_TRY(const auto directory, find_data_directory(source));
    if (directory.wal_files.empty()) {
        return fail(ErrorCode::not_found, "{} holds no log", directory.wal_dir.string());
    }
    return directory.wal_files;
}

std::string line_of(const report::LogRecord& record) {
    if (record.type != "entry") {
        return fmt::format("{:>10}  {:<16}  {}\n", record.type,
                           record.index ? fmt::format("index {}", record.index) : "", record.line);
    }
    return fmt::format("{:>10}  {:<16}  {}\n", record.index, record.kind, record.line);
}

/// One record after another: a line, a line of JSON, or an item of one document.
class Printer {
 public:
    explicit Printer(const std::string& output) : output_(output) {
        if (output_ == "json") out_ << "{\"records\":[";
    }
    void print(const std::string& line, const std::string& json) {
        if (output_ == "text") {
            out_ << line;
        } else if (output_ == "jsonl") {
            out_ << json << "\n";
        } else {
            out_ << (first_ ? "" : ",") << json;
            first_ = false;
        }
    }
    void end() {
        if (output_ == "json") out_ << "]}\n";
    }

 private:
    std::string output_;
    OutStream out_;
    bool first_ = true;
};

Result<Answer> run(const Arguments& arguments) {
    SALVOR_TRY(const auto files, files_of(arguments.source));
    bool flawed = false;
    SALVOR_TRY(const auto log, salvor::wal::read(files, [&](Problem problem) {
                   flawed = true;
                   say(fmt::format("{}: {}", problem.place.file, problem.message));
               }));
    Printer printer(arguments.output);
    std::map<std::string, std::uint64_t> counts;
    SALVOR_CHECK(salvor::wal::for_each_record(log, [&](const auto& placed) -> Result<void> {
        const auto record = report::describe(log, placed);
        if (!arguments.wants(record)) return {};
        if (arguments.stats) {
            ++counts[record.kind.empty() ? record.type : record.kind];
        } else {
            printer.print(line_of(record), record.json);
        }
        return {};
    }));
    for (const auto& [kind, count] : counts) {
        printer.print(fmt::format("{:>10}  {}\n", count, kind),
                      fmt::format("{{\"kind\":\"{}\",\"records\":{}}}", kind, count));
    }
    printer.end();
    return flawed ? Answer::no : Answer::yes;
}

}  // namespace

Run declare(CLI::App& app) {
    auto arguments = std::make_shared<Arguments>();
    add_bare_source(app, arguments->source);
    add_option(app, "--type", "TYPE", arguments->types,
               "only these records or kinds of entries, as they are listed");
    add_option(app, "--from", "INDEX", arguments->from, "from this entry on");
    add_option(app, "--until", "INDEX", arguments->to, "up to this entry");
    add_flag(app, "--stats", arguments->stats, "how many of each kind");
    add_choice(app, "-o,--output", "FORMAT", arguments->output, {"text", "jsonl", "json"},
               "format of the answer: text (the default), jsonl or json");
    return [arguments] { return run(*arguments); };
}

}  // namespace salvor::tool::wal
