#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/recover/carve.hpp"

namespace salvor::report {

/// What `carve` found.
struct Carving {
    std::string source;
    const recover::Recovery& recovery;
    const std::vector<recover::CarvedRow>& rows;
    const std::vector<recover::Fragment>& fragments;
};
using WriteLine = std::function<void(std::string_view)>;

/// `carve`: a line a row, and a last one that counts.
void carve_text(const Carving& carving, const WriteLine& write);
/// `carve -o jsonl`: a line a row or fragment; names as carve.md lists them.
void carve_lines(const Carving& carving, const WriteLine& write);
/// `carve -o json`: the same as one document.
void carve_json(const Carving& carving, const WriteLine& write);

}  // namespace salvor::report
