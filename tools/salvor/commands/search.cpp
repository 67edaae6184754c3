#include "tools/salvor/commands/search.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <memory>

#include "core/report/search.hpp"
#include "core/snapshot/snapshot.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/human.hpp"
#include "tools/salvor/choices.hpp"
#include "tools/salvor/cluster_view.hpp"
#include "tools/salvor/encryption.hpp"
#include "tools/salvor/evidence.hpp"
#include "tools/salvor/on_source.hpp"
#include "tools/salvor/opening.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/out_stream.hpp"
#include "tools/salvor/problems.hpp"
#include "tools/salvor/progress.hpp"

namespace salvor::tool::search {
namespace {

struct Options {
    std::vector<std::string> words;  ///< sources, and TEXT behind them
    std::vector<std::string> patterns;
    std::vector<std::string> files;
    bool fixed = false, expression = false, ignore_case = false;
    bool list = false, count = false, inverted = false;
    bool all = false;
    bool all_namespaces = false;
    std::string namespace_name;
    std::vector<std::string> kinds;
    std::string output = "text";
    std::string kubernetes_version;
    std::string encryption_config;
    bool show_secrets = false;
};

/// A pattern a line.
void add_lines(std::istream& in, std::vector<std::string>& patterns) {
    for (std::string line; std::getline(in, line);) patterns.push_back(line);
}

Result<void> add_file(const std::string& path, std::vector<std::string>& patterns) {
    if (path == "-") {
        add_lines(std::cin, patterns);
        return {};
    }
    std::ifstream in(path);
    if (in.is_open()) add_lines(in, patterns);
    if (!in.is_open() || in.bad())
        return fail(ErrorCode::io, "search: -f {}: cannot be read", text::escape(path));
    return {};
}

/// Takes TEXT off the words, where no -e and no -f names what is searched for.
Result<query::Pattern> pattern_of(const Options& options, std::vector<std::string>& sources) {
    if (options.fixed && options.expression)
        return fail(ErrorCode::usage, "search: -E and -F: choose one");
    auto texts = options.patterns;
    if (options.patterns.empty() && options.files.empty() && !sources.empty()) {
        texts.push_back(sources.back());
        sources.pop_back();
    }
    std::vector<std::string> patterns;
    for (const auto& text : texts) {
        hide_argument(text);
        for (std::size_t at = 0; at <= text.size();) {
            const auto end = std::min(text.find('\n', at), text.size());
            patterns.push_back(text.substr(at, end - at));
            at = end + 1;
        }
    }
    for (const auto& file : options.files) SALVOR_CHECK(add_file(file, patterns));
    for (auto& source : sources) source = source_path(source);
    if (sources.empty())
        return fail(ErrorCode::usage,
                    "search: give a SOURCE and what to search for: TEXT behind it, -e TEXT or "
                    "-f FILE");
    return query::Pattern::of(patterns, {options.fixed, options.ignore_case});
}

struct Job {
    const Options& options;
    query::SearchOptions wanted;
    query::Pattern pattern;
    report::SearchStyle style;
};

/// How much was found. What is encrypted is said, since it was not searched.
Result<std::uint64_t> search_one(const std::string& source, const Job& job,
                                 report::SearchPrinter& printer) {
    SALVOR_TRY(const auto snapshot, open_source(source));
    say_if_in_use(snapshot);
    if (!snapshot.database()) return std::unexpected(snapshot.database().error());
    const Progress progress("searching " + source);
    std::uint64_t lines = 0;
    Problems problems;
    SALVOR_TRY(const auto summary,
               query::search(
                   *snapshot.database(), job.pattern, job.wanted,
                   [&](const query::Found& found) {
                       lines += report::lines_of(found, job.style);
                       if (!job.options.count) printer.add(source, found);
                   },
                   [&](Bytes key, const std::string& problem) { problems.say(key, problem); }));
    SALVOR_CHECK(snapshot.file().intact());
    problems.sum_up();
    if (job.options.count) printer.count(source, lines);
    if (summary.closed > 0) {
        say(fmt::format("{}: {} encrypted and not searched{}", source,
                        text::counted(summary.closed, "value is", "values are"),
                        job.wanted.encryption ? ": this configuration does not open them"
                                              : "; --encryption-config FILE opens them"));
    }
    return lines;
}

report::SearchStyle style_of(const Options& options, bool several) {
    using Format = report::SearchStyle::Format;
    report::SearchStyle style;
    style.format = options.output == "json"    ? Format::json
                   : options.output == "jsonl" ? Format::jsonl
                                               : Format::text;
    style.objects_only = options.list || options.inverted;
    style.names_sources = several;
    style.all_revisions = options.all;
    style.show_secrets = options.show_secrets;
    return style;
}

Result<Answer> run(const Options& options) {
    auto sources = options.words;
    SALVOR_TRY(auto pattern, pattern_of(options, sources));
    SALVOR_TRY(const auto encryption, read_encryption(options.encryption_config));
    Job job{options, {}, std::move(pattern), style_of(options, sources.size() > 1)};
    SALVOR_TRY(job.wanted.release, asked_release(options.kubernetes_version));
    job.wanted.all_revisions = options.all;
    job.wanted.inverted = options.inverted;
    job.wanted.namespace_name = options.namespace_name;
    job.wanted.kinds = options.kinds;
    job.wanted.encryption = encryption.get();
    OutStream out;
    const auto printer =
        report::search_printer(job.style, [&](Bytes text) { out.raw_lines(text); });
    bool any = false, trouble = false;
    for (const auto& source : sources) {
        const auto found = search_one(source, job, *printer);
        if (found) {
            any = any || *found > 0;
            continue;
        }
        if (sources.size() == 1) return on_source(source, std::unexpected(found.error()));
        out.flush();
        say(found.error().message.find(source) == std::string::npos
                ? source + ": " + found.error().message
                : found.error().message);
        trouble = true;
    }
    printer->finish();
    return trouble ? Answer::not_done : any ? Answer::yes : Answer::no;
}

}  // namespace

Run declare(CLI::App& app) {
    auto options = std::make_shared<Options>();
    add_opening(app, "--identity");  // -i is grep's
    add_positional(app, "SOURCE", options->words,
                   "snapshots, bare db files, or members' data directories; behind them TEXT, "
                   "where neither -e nor -f is given",
                   Need::required);
    add_option(app, "-e,--regexp", "TEXT", options->patterns,
               "search for this; may be given several times");
    add_option(app, "-f,--file", "FILE", options->files,
               "search for each line of this file; - is standard input");
    add_flag(app, "-E,--extended-regexp", options->expression,
             "TEXT is a regular expression, which is the default");
    add_flag(app, "-F,--fixed-strings", options->fixed, "TEXT is a text, no expression");
    add_flag(app, "-i,--ignore-case", options->ignore_case, "small letters match large ones");
    add_flag(app, "-l,--files-with-matches", options->list, "which objects, and not what in them");
    add_flag(app, "-c,--count", options->count, "how many lines, of each SOURCE");
    add_flag(app, "-v,--invert-match", options->inverted, "objects in which nothing matches");
    add_flag(app, "--all", options->all, "every kept revision of every key");
    add_option(app, "--kind", "KIND", options->kinds,
               "of this kind alone, KIND[,KIND...]; may be given several times");
    add_namespace(app, options->namespace_name);
    add_all_namespaces(app, options->all_namespaces);
    add_choice(app, "-o,--output", "FORMAT", options->output, {"text", "json", "jsonl"},
               "text (the default), json or jsonl");
    add_view(app, options->kubernetes_version, options->encryption_config, options->show_secrets);
    return [options] { return run(*options); };
}

}  // namespace salvor::tool::search
