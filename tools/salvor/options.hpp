#pragma once

#include <CLI/CLI.hpp>

#include <memory>
#include <string>
#include <vector>

// Options that several commands share, each declared once.

namespace salvor::tool {

enum class Format { text, json };

/// `-o text|json`.
void add_format(CLI::App& app, Format& format);
/// The positional SOURCE.
void add_source(CLI::App& app, std::string& source);

}  // namespace salvor::tool
