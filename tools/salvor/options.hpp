#pragma once

#include <CLI/CLI.hpp>

#include <memory>
#include <string>
#include <vector>

// Options that several commands share, each declared once.

namespace salvor::tool {

enum class Format { text, json };

/// The group of the options that every command has.
constexpr const char* common_group = "common";
/// What every command has: -h/--help, -q/--quiet, and that the last of several wins.
void declare_common(CLI::App& app);
/// `-o text|json`.
void add_format(CLI::App& app, Format& format);
/// The positional SOURCE, one or several. `-` is standard input, where that is a file.
void add_source(CLI::App& app, std::string& source);
void add_sources(CLI::App& app, std::vector<std::string>& sources);

}  // namespace salvor::tool
