#include "core/report/usage.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "formats/text/escape.hpp"
#include "formats/text/human.hpp"

namespace salvor::report {
namespace {

using Json = nlohmann::ordered_json;
using text::human_size;
using usage::Rows;
using usage::Share;
using usage::Usage;

constexpr std::size_t listed = 10;

std::string name_words(const std::string& name, const char* without) {
    return name.empty() ? without : text::escape(name);
}

std::string shares_text(const char* heading, const std::vector<Share>& shares, const char* without,
                        const Rows& all_older) {
    if (shares.empty()) return {};
    const bool has_older = all_older.rows > 0;
    auto out = fmt::format("\n{:>9}  {:>8}", "LIVE", "BYTES");
    if (has_older) out += fmt::format("  {:>9}  {:>8}", "OLDER", "BYTES");
    out += fmt::format("  {}\n", heading);
    for (std::size_t i = 0; i < std::min(shares.size(), listed); ++i) {
        const auto& share = shares[i];
        out += fmt::format("{:>9}  {:>8}", share.live.rows, human_size(share.live.bytes));
        if (has_older)
            out += fmt::format("  {:>9}  {:>8}", share.older.rows, human_size(share.older.bytes));
        out += fmt::format("  {}\n", name_words(share.name, without));
    }
    if (shares.size() > listed)
        out += fmt::format("{:>9}  and {} more; -o json lists them\n", "", shares.size() - listed);
    return out;
}

std::string keys_text(const char* heading, const std::vector<usage::Key>& keys) {
    if (keys.empty()) return {};
    auto out = fmt::format("\n{:>9}  {:>8}  {}\n", "REVISIONS", "BYTES", heading);
    for (std::size_t i = 0; i < std::min(keys.size(), listed); ++i) {
        out += fmt::format("{:>9}  {:>8}  {}{}\n", keys[i].revisions, human_size(keys[i].bytes),
                           text::escape(keys[i].key), keys[i].is_live ? "" : " (deleted)");
    }
    return out;
}

/// What an apiserver writes of its own accord, and how much of the history that is.
std::string churn_words(const Usage& usage) {
    const auto all = usage.live.rows + usage.older.rows;
    std::string words;
    for (const auto& [heading, kinds] :
         {std::pair{"leases", std::vector<std::string>{"leases.coordination.k8s.io",
                                                       "leasecandidates.coordination.k8s.io",
                                                       "masterleases", "peerserverleases"}},
          std::pair{"events", std::vector<std::string>{"events"}}}) {
        std::uint64_t rows = 0;
        for (const auto& share : usage.kinds) {
            if (std::find(kinds.begin(), kinds.end(), share.name) != kinds.end())
                rows += share.live.rows + share.older.rows;
        }
        if (rows == 0) continue;
        words += fmt::format("{}{} of {} kept rows are {}'", words.empty() ? "" : ", ", rows, all,
                             heading);
    }
    return words;
}

Json rows_json(const Rows& rows) {
    return {{"rows", rows.rows}, {"bytes", rows.bytes}};
}

Json shares_json(const std::vector<Share>& shares) {
    Json list = Json::array();
    for (const auto& share : shares) {
        list.push_back({{"name", text::escape(share.name)},
                        {"live", rows_json(share.live)},
                        {"older", rows_json(share.older)}});
    }
    return list;
}

Json keys_json(const std::vector<usage::Key>& keys) {
    Json list = Json::array();
    for (const auto& key : keys) {
        list.push_back({{"key", text::escape(key.key)},
                        {"bytes", key.bytes},
                        {"revisions", key.revisions},
                        {"live", key.is_live}});
    }
    return list;
}

}  // namespace

std::string usage_text(const std::string& source, const Usage& usage) {
    auto out = fmt::format("{}: {}\n\n", text::escape(source), human_size(usage.file));
    out += fmt::format("database   {} pages of {} bytes: {} used, {} free, {} fragmented\n",
                       usage.pages, usage.page_size, human_size(usage.used), human_size(usage.free),
                       human_size(usage.fragmented));
    out += fmt::format("live       {}, {}\n", text::counted(usage.live.rows, "key", "keys"),
                       human_size(usage.live.bytes));
    out +=
        fmt::format("older      {} of older revisions and deletions, {}\n",
                    text::counted(usage.older.rows, "row", "rows"), human_size(usage.older.bytes));
    if (const auto churn = churn_words(usage); !churn.empty())
        out += fmt::format("churn      {}\n", churn);
    out += fmt::format(
        "revision   {}, {}\n", usage.revision,
        usage.compacted < 0 ? "never compacted" : fmt::format("compacted at {}", usage.compacted));
    out += fmt::format("give back  a defragmentation about {}, after a compaction about {}\n",
                       human_size(usage.by_defrag()), human_size(usage.by_compaction_and_defrag()));
    out += shares_text("KIND", usage.kinds, "", usage.older);
    out += shares_text("NAMESPACE", usage.namespaces, "(none)", usage.older);
    out += shares_text("LAST WRITTEN BY", usage.managers, "(not told)", {});
    out += keys_text("LARGEST KEY", usage.largest);
    out += keys_text("MOST REVISED KEY", usage.most_revised);
    return out;
}

std::string usage_json(const std::string& source, const Usage& usage) {
    const Json document{{"source", text::escape(source)},
                        {"fileBytes", usage.file},
                        {"pageSize", usage.page_size},
                        {"pages", usage.pages},
                        {"usedBytes", usage.used},
                        {"freeBytes", usage.free},
                        {"fragmentedBytes", usage.fragmented},
                        {"revision", usage.revision},
                        {"compactedRevision", usage.compacted < 0 ? Json() : Json(usage.compacted)},
                        {"live", rows_json(usage.live)},
                        {"older", rows_json(usage.older)},
                        {"givenBackByDefrag", usage.by_defrag()},
                        {"givenBackByCompactionAndDefrag", usage.by_compaction_and_defrag()},
                        {"kinds", shares_json(usage.kinds)},
                        {"namespaces", shares_json(usage.namespaces)},
                        {"managers", shares_json(usage.managers)},
                        {"largest", keys_json(usage.largest)},
                        {"mostRevised", keys_json(usage.most_revised)}};
    return document.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace salvor::report
