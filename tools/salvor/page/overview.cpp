#include "tools/salvor/page/overview.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "formats/bbolt/page_runs.hpp"
#include "formats/text/escape.hpp"

namespace salvor::tool::page {
namespace {

using bbolt::number;
using Json = nlohmann::ordered_json;

std::uint64_t bytes_behind(const bbolt::Database& db) {
    return db.image().size() -
           std::min<std::uint64_t>(db.image().size(), db.page_count() * db.page_size());
}

/// Percent of a bucket's pages that its elements fill; nothing of an inline one.
std::optional<std::uint64_t> fill(const bbolt::BucketShape& shape, std::size_t page_size) {
    const std::uint64_t pages =
        shape.leaf_pages + shape.leaf_overflow + shape.branch_pages + shape.branch_overflow;
    if (shape.is_inline || pages == 0) return {};
    return (shape.leaf_bytes + shape.branch_bytes) * 100 / (pages * page_size);
}

std::string meta_line(const Overview& o, std::size_t i) {
    const auto& state = o.db.metas()[i];
    const auto& meta = state.meta;
    const bool is_used = o.db.chosen_meta() == static_cast<int>(i);
    std::string line =
        fmt::format("meta {}     {}{}", i, state.valid() ? "valid" : "not valid: " + state.flaw,
                    is_used ? ", used" : "");
    if (!state.readable) return line + "\n";
    const std::string freelist = meta.freelist == bbolt::no_freelist
                                     ? "not stored"
                                     : fmt::format("{}", number(meta.freelist));
    return line + fmt::format("; txid {}, root {}, freelist {}, high water {}\n", number(meta.txid),
                              number(meta.root), freelist, number(meta.high_water));
}

std::string head_text(const Overview& o) {
    const auto& pages = o.structure.pages;
    std::string text = fmt::format(
        "pages      {} of {} bytes: {} meta, {} branch, {} leaf, {} freelist, {} free, {} "
        "leaked{}\n",
        o.db.page_count(), o.db.page_size(), pages.meta, pages.branch, pages.leaf, pages.freelist,
        pages.free, pages.leaked,
        o.structure.complete ? "" : " (or lost: not all of the trees could be walked)");
    text += fmt::format(
        "bytes      {} used by elements, {} beside them, {} in free pages, {} behind the last "
        "page\n",
        o.structure.used_bytes, o.structure.fragmented_bytes, pages.free * o.db.page_size(),
        bytes_behind(o.db));
    text += meta_line(o, 0) + meta_line(o, 1);
    for (const auto& [check, count] : o.problems)
        text += fmt::format("problem    {}: {}\n", check, count);
    return text;
}

std::string buckets_text(const Overview& o) {
    std::size_t width = 6;
    for (const auto& shape : o.structure.buckets)
        width = std::max(width, text::escape(shape.name).size());
    std::string out =
        fmt::format("\n{:<{}} {:>8} {:>5} {:>8} {:>8} {:>8} {:>10} {:>5}\n", "BUCKET", width,
                    "ROOT", "DEPTH", "BRANCH", "LEAF", "OVERFLOW", "ENTRIES", "FILL");
    for (const auto& shape : o.structure.buckets) {
        const auto filled = fill(shape, o.db.page_size());
        out += fmt::format("{:<{}} {:>8} {:>5} {:>8} {:>8} {:>8} {:>10} {:>5}\n",
                           shape.name.empty() ? "(root)" : text::escape(shape.name), width,
                           shape.is_inline ? "inline" : fmt::format("{}", number(shape.root)),
                           shape.depth, shape.branch_pages, shape.leaf_pages,
                           shape.leaf_overflow + shape.branch_overflow, shape.entries,
                           filled ? fmt::format("{}%", *filled) : "-");
    }
    if (o.structure.bucket_count > o.structure.buckets.size()) {
        out += fmt::format("and {} more\n", o.structure.bucket_count - o.structure.buckets.size());
    }
    return out;
}

std::string list_text(const Overview& o) {
    std::string out =
        fmt::format("\n{:>10} {:<9} {:>7} {:>9}\n", "PAGE", "TYPE", "COUNT", "OVERFLOW");
    for (const auto& run : bbolt::page_runs(o.db, o.structure)) {
        if (run.state != bbolt::PageState::used) {
            const std::string last =
                run.pages > 1 ? fmt::format("  to {}", number(run.first) + run.pages - 1) : "";
            out += fmt::format("{:>10} {}{}\n", number(run.first), name(run.state), last);
            continue;
        }
        const auto header = o.db.header(run.first);
        out += fmt::format("{:>10} {:<9} {:>7} {:>9}\n", number(run.first),
                           bbolt::type_name(header->flags), header->count, header->overflow);
    }
    return out;
}

Json meta_json(const Overview& o, std::size_t i) {
    const auto& state = o.db.metas()[i];
    Json json{
        {"id", i}, {"valid", state.valid()}, {"used", o.db.chosen_meta() == static_cast<int>(i)}};
    if (!state.flaw.empty()) json["flaw"] = state.flaw;
    if (!state.readable) return json;
    json["pageSize"] = state.meta.page_size;
    json["txid"] = number(state.meta.txid);
    json["root"] = number(state.meta.root);
    const bool is_stored = state.meta.freelist != bbolt::no_freelist;
    json["freelist"] = is_stored ? Json(number(state.meta.freelist)) : Json();
    json["highWater"] = number(state.meta.high_water);
    return json;
}

Json bucket_json(const Overview& o, const bbolt::BucketShape& shape) {
    const auto filled = fill(shape, o.db.page_size());
    return {{"name", text::escape(shape.name)},
            {"root", shape.is_inline ? Json() : Json(number(shape.root))},
            {"inline", shape.is_inline},
            {"sequence", shape.sequence},
            {"depth", shape.depth},
            {"branchPages", shape.branch_pages},
            {"branchOverflow", shape.branch_overflow},
            {"leafPages", shape.leaf_pages},
            {"leafOverflow", shape.leaf_overflow},
            {"entries", shape.entries},
            {"branchBytes", shape.branch_bytes},
            {"leafBytes", shape.leaf_bytes},
            {"fillPercent", filled ? Json(*filled) : Json()}};
}

Json list_json(const Overview& o) {
    Json list = Json::array();
    for (const auto& run : bbolt::page_runs(o.db, o.structure)) {
        Json json{{"id", number(run.first)}, {"pages", run.pages}, {"state", name(run.state)}};
        if (run.state == bbolt::PageState::used) {
            const auto header = o.db.header(run.first);
            json["type"] = bbolt::type_name(header->flags);
            json["count"] = header->count;
            json["overflow"] = header->overflow;
        }
        list.push_back(std::move(json));
    }
    return list;
}

}  // namespace

std::string overview_text(const Overview& overview, WithList with_list) {
    return head_text(overview) + buckets_text(overview) +
           (with_list == WithList::yes ? list_text(overview) : "");
}

std::string overview_json(const Overview& o, WithList with_list) {
    const auto& pages = o.structure.pages;
    Json json{{"pageSize", o.db.page_size()},
              {"pages",
               {{"count", o.db.page_count()},
                {"complete", o.structure.complete},
                {"meta", pages.meta},
                {"branch", pages.branch},
                {"leaf", pages.leaf},
                {"freelist", pages.freelist},
                {"free", pages.free},
                {"leaked", pages.leaked}}},
              {"bytes",
               {{"image", o.db.image().size()},
                {"used", o.structure.used_bytes},
                {"fragmented", o.structure.fragmented_bytes},
                {"free", pages.free * o.db.page_size()},
                {"behindLastPage", bytes_behind(o.db)}}},
              {"metas", {meta_json(o, 0), meta_json(o, 1)}}};
    json["buckets"] = Json::array();
    for (const auto& shape : o.structure.buckets) json["buckets"].push_back(bucket_json(o, shape));
    json["bucketCount"] = o.structure.bucket_count;
    json["problems"] = o.problems.empty() ? Json::object() : Json(o.problems);
    if (with_list == WithList::yes) json["list"] = list_json(o);
    return json.dump() + "\n";
}

}  // namespace salvor::tool::page
