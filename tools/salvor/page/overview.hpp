#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "formats/bbolt/check.hpp"

// `salvor page SOURCE`: the whole file's structure on one page.

namespace salvor::tool::page {

/// What a check of the structure gave, and how often each of its checks failed.
struct Overview {
    const bbolt::Database& db;
    const bbolt::Structure& structure;
    const std::map<std::string, std::uint64_t>& problems;
};

enum class WithList { no, yes };

std::string overview_text(const Overview& overview, WithList with_list);
std::string overview_json(const Overview& overview, WithList with_list);

}  // namespace salvor::tool::page
