#pragma once

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <vector>

#include "formats/bbolt/check.hpp"
#include "formats/bbolt/page_runs.hpp"

// `salvor page SOURCE ID`: one page with its elements.

namespace salvor::tool::page {

/// A page to be shown, and what the check of the whole file knows of it.
struct OnePage {
    bbolt::PageId id;  ///< where its run begins
    bbolt::PageState state;
    std::optional<std::string> bucket;  ///< that it belongs to; "" the root
    std::vector<std::uint64_t> path;    ///< pages from the bucket's root to it
    std::vector<std::string> problems;
    std::optional<std::uint64_t> offset;  ///< asked for by this byte
};

enum class WithHex { no, yes };

std::string page_text(const bbolt::Database& db, const OnePage& page, WithHex with_hex);
nlohmann::ordered_json page_json(const bbolt::Database& db, const OnePage& page, WithHex with_hex);

}  // namespace salvor::tool::page
