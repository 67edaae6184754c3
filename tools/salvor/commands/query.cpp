#include "tools/salvor/commands/query.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>

#include "core/query/sql/engine.hpp"
#include "core/query/sql/relation.hpp"
#include "core/report/query.hpp"
#include "core/verify/verify.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/nearest.hpp"
#include "tools/salvor/choices.hpp"
#include "tools/salvor/cluster_view.hpp"
#include "tools/salvor/encryption.hpp"
#include "tools/salvor/on_source.hpp"
#include "tools/salvor/opening.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/out_stream.hpp"
#include "tools/salvor/progress.hpp"

namespace salvor::tool::sql {
namespace {

struct Options {
    std::string source;
    std::vector<std::string> words;
    std::vector<std::string> others;
    std::string file;
    std::int64_t revision = 0;
    std::string output = "table";
    std::string kubernetes_version;
    std::string encryption_config;
    bool show_secrets = false;
};

/// A snapshot and what of it the tables are read from.
struct Opened {
    std::unique_ptr<Snapshot> snapshot;
    std::unique_ptr<cluster::Cluster> cluster;
    std::unique_ptr<timeline::State> state;  ///< where there is no Kubernetes
    std::unique_ptr<query::Source> source;
};

Result<std::vector<Finding>> findings_of(const Snapshot& snapshot,
                                         const kube::at_rest::Config* encryption) {
    Progress progress("verifying " + snapshot.path().string());
    verify::Options options;
    options.progress = std::ref(progress);
    options.encryption = encryption;
    return verify::run(snapshot, options).findings;
}

Result<void> open_state(Opened& opened, const cluster::Options& wanted) {
    const auto& db = *opened.snapshot->database();
    auto cluster = open_cluster(db, wanted);
    if (cluster) {
        opened.cluster = std::move(*cluster);
        return {};
    }
    if (cluster.error().code != ErrorCode::not_found) return std::unexpected(cluster.error());
    SALVOR_TRY(auto state, timeline::range(db, wanted.revision, [](Bytes) { return true; }));
    opened.state = std::make_unique<timeline::State>(std::move(state));
    return {};
}

Result<Opened> open(const std::string& path, const Options& options, std::int64_t revision,
                    const kube::at_rest::Config* encryption) {
    Opened opened;
    SALVOR_TRY(auto snapshot, open_source(path));
    opened.snapshot = std::make_unique<Snapshot>(std::move(snapshot));
    const auto& held = *opened.snapshot;
    say_if_in_use(held);
    if (!held.database()) return std::unexpected(held.database().error());
    cluster::Options wanted;
    wanted.revision = revision;
    wanted.encryption = encryption;
    wanted.foreseen = [](Bytes) { return true; };
    SALVOR_TRY(wanted.release, asked_release(options.kubernetes_version));
    const Progress progress("reading the keys of " + path);
    SALVOR_CHECK(open_state(opened, wanted));
    query::Source::Parts parts;
    parts.db = &*held.database();
    parts.cluster = opened.cluster.get();
    parts.state = opened.cluster ? &opened.cluster->noted() : opened.state.get();
    parts.show_secrets = options.show_secrets;
    parts.findings = [&held, encryption] { return findings_of(held, encryption); };
    opened.source = std::make_unique<query::Source>(std::move(parts));
    return opened;
}

std::string all_of(std::istream& in) {
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

Result<std::string> statement_of(const Options& options) {
    if (!options.words.empty() && options.words[0].starts_with('.'))
        return fmt::format("{}", fmt::join(options.words, " "));
    if (options.words.size() + (options.file.empty() ? 0 : 1) != 1)
        return fail(ErrorCode::usage,
                    "query: give one SQL behind SOURCE, in quotes, - for standard input, or "
                    "-f FILE; `.tables` lists the tables");
    const bool from_input =
        options.file == "-" || (options.file.empty() && options.words[0] == "-");
    if (from_input && options.source == "/dev/stdin")
        return fail(ErrorCode::usage, "query: SOURCE and SQL cannot both be standard input");
    if (from_input) return all_of(std::cin);
    if (options.file.empty()) return options.words[0];
    std::ifstream in(options.file);
    auto text = in.is_open() ? all_of(in) : std::string();
    if (!in.is_open() || in.bad())
        return fail(ErrorCode::io, "query: -f {}: cannot be read", text::escape(options.file));
    return text;
}

/// `.tables`, `.schema` and `.schema TABLE`, in sqlite3's words.
Result<Answer> print_tables(Bytes command) {
    const auto blank = command.find(' ');
    const auto verb = command.substr(0, blank);
    const auto wanted = blank == Bytes::npos ? Bytes() : command.substr(blank + 1);
    if (verb == ".tables" && wanted.empty()) {
        for (const auto* relation : query::relations())
            fmt::print("{:<10} {}\n", relation->name, relation->what);
        return Answer::yes;
    }
    if (verb != ".schema")
        return fail(ErrorCode::usage, "query: {}: there are .tables and .schema [TABLE]",
                    text::Escaped{verb});
    std::vector<std::string> names;
    bool any = false;
    for (const auto* relation : query::relations()) {
        names.emplace_back(relation->name);
        if (!wanted.empty() && wanted != relation->name) continue;
        fmt::print("{}{}", any ? "\n" : "", query::schema(*relation));
        any = true;
    }
    if (any) return Answer::yes;
    return fail(ErrorCode::usage, "query: there is no table {}{}", text::Escaped{wanted},
                text::did_you_mean(std::string(wanted), names));
}

report::QueryFormat format_of(const std::string& output) {
    using report::QueryFormat;
    return output == "csv"     ? QueryFormat::csv
           : output == "json"  ? QueryFormat::json
           : output == "jsonl" ? QueryFormat::jsonl
                               : QueryFormat::table;
}

Result<void> answer(const Options& options, const std::string& statement,
                    const std::vector<Opened>& opened) {
    std::vector<query::Source*> sources;
    for (const auto& one : opened) sources.push_back(one.source.get());
    SALVOR_TRY(const auto engine, query::Engine::open(sources, temp_folder()));
    OutStream out;
    const auto printer =
        report::query_printer(format_of(options.output), [&](Bytes text) { out.raw_lines(text); });
    SALVOR_CHECK(engine->run(statement, *printer));
    printer->finish();
    return {};
}

Result<Answer> run(const Options& options) {
    SALVOR_TRY(const auto statement, statement_of(options));
    if (statement.starts_with('.'))
        return print_tables(Bytes(statement).substr(0, statement.find_last_not_of(" \n") + 1));
    SALVOR_TRY(const auto encryption, read_encryption(options.encryption_config));
    std::vector<Opened> opened;
    SALVOR_TRY(auto first, open(options.source, options, options.revision, encryption.get()));
    opened.push_back(std::move(first));
    for (const auto& other : options.others) {
        SALVOR_TRY(auto one, open(source_path(other), options, 0, encryption.get()));
        opened.push_back(std::move(one));
    }
    SALVOR_CHECK(answer(options, statement, opened));
    for (const auto& one : opened) SALVOR_CHECK(one.snapshot->file().intact());
    return Answer::yes;
}

}  // namespace

Run declare(CLI::App& app) {
    auto options = std::make_shared<Options>();
    add_source(app, options->source);
    add_positional(app, "SQL", options->words,
                   "one statement; - is standard input; .tables and .schema [TABLE] list what "
                   "there is");
    add_option(app, "-f,--file", "FILE", options->file, "the statement is in this file");
    add_option(app, "--with", "SOURCE", options->others,
               "a further snapshot, whose tables are other.keys and so on; may be given several "
               "times");
    add_option(app, "--rev", "N", options->revision,
               "the state at this revision, in place of the last");
    add_choice(app, "-o,--output", "FORMAT", options->output, {"table", "csv", "json", "jsonl"},
               "table (the default), csv, json or jsonl");
    add_view(app, options->kubernetes_version, options->encryption_config, options->show_secrets);
    return [options] { return on_source(options->source, run(*options)); };
}

}  // namespace salvor::tool::sql
