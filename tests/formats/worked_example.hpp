#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "tests/temporary_directory.hpp"

namespace salvor {

/// The bytes of the first block of hex in a room's FORMAT.md.
inline std::string worked_example(const std::string& room) {
    const auto paper = content_of(SALVOR_TESTDATA "/../../formats/" + room + "/FORMAT.md");
    const auto begin = paper.find("```\n");
    const auto end = paper.find("```", begin + 4);
    REQUIRE(end != std::string::npos);
    std::string bytes, digits;
    for (const char c : paper.substr(begin + 4, end - begin - 4)) {
        if (c == ' ' || c == '\n') continue;
        digits += c;
        if (digits.size() < 2) continue;
        bytes += static_cast<char>(std::stoi(digits, nullptr, 16));
        digits.clear();
    }
    return bytes;
}

}  // namespace salvor
