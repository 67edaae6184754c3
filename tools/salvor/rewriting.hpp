#pragma once

#include <functional>
#include <string>

#include "core/report/rewrite.hpp"
#include "tools/salvor/commands.hpp"
#include "tools/salvor/options.hpp"

// What compact, defrag, migrate and open have in common: a SOURCE, a new file, and a page on it.

namespace salvor::tool {

struct RewriteArguments {
    std::string source;
    std::string to;
    Format format = Format::text;
    bool force = false;

    verify::Flaws flaws() const { return force ? verify::Flaws::told : verify::Flaws::refused; }
};
/// `forced`: what --force makes it of.
void add_rewrite(CLI::App& app, RewriteArguments& arguments, const char* forced);

/// Says no to a source whose trailer is wrong, or tells of it: the new one hides what it showed.
Result<void> judge_trailer(const Snapshot& source, const RewriteArguments& arguments,
                           report::Rewriting& said);

/// Opens the source, has `rewrite` fill in what was made, and tells it.
using Rewrite = std::function<Result<void>(const Snapshot& source, report::Rewriting& said)>;
Result<Answer> run_rewrite(const RewriteArguments& arguments, const std::string& work,
                           const Rewrite& rewrite);

}  // namespace salvor::tool
