#include <nlohmann/json.hpp>

#include "core/recover/lost_objects.hpp"
#include "core/report/recover.hpp"
#include "formats/etcd/key_value.hpp"
#include "formats/text/escape.hpp"

namespace salvor::report {
namespace {

using Json = nlohmann::ordered_json;
using recover::Outcome;
using recover::Recovery;
using recover::Root;

const char* name(Root::By by) {
    switch (by) {
        case Root::By::meta: return "meta";
        case Root::By::scan: return "scan";
        case Root::By::none: break;
    }
    return "none";
}

Json row_json(const Recovery& recovery, const recover::FoundRow& row) {
    const auto key = etcd::parse_key(row.value(recovery.area().image()));
    return {{"bucket", "key"},
            {"key", key ? text::escape(*key) : std::string()},
            {"revision", to_string(row.revision)},
            {"deletion", row.tombstone},
            {"from", recover::name(row.source)},
            {"certain", row.certain},
            {"offset", row.value_at}};
}

Json row_json(const recover::SmallRow& row) {
    return {{"bucket", text::escape(row.bucket)},
            {"key", text::escape(row.key)},
            {"certain", row.certain}};
}

Json losses_json(const Outcome& said) {
    Json losses = Json::array();
    for (const auto& loss : said.losses) {
        Json one{{"from", to_string(loss.low)},
                 {"before", loss.high == recover::endless ? Json() : Json(to_string(loss.high))},
                 {"rows", loss.rows > 0 ? Json(loss.rows) : Json()},
                 {"revisions", loss.revisions},
                 {"page", loss.page > 0 ? Json(loss.page) : Json()}};
        if (!loss.key.empty()) one["key"] = loss.key;
        losses.push_back(std::move(one));
    }
    return losses;
}

Json lost_objects_json(const Recovery& recovery) {
    const auto lost = recover::lost_objects(recovery);
    if (!lost) return {};
    const auto counts = [](const std::map<std::string, std::uint64_t>& from) {
        Json summed = Json::object();
        for (const auto& [name, count] : from) summed[text::escape(name)] = count;
        return summed;
    };
    return {{"byKind", counts(lost->by_kind)},
            {"byNamespace", counts(lost->by_namespace)},
            {"otherKeys", lost->other_keys},
            {"notKnown", lost->unnamed}};
}

Json uncertain_json(const Recovery& recovery) {
    Json rows = Json::array();
    for (const auto& row : recovery.outcome().uncertain_rows)
        rows.push_back(row_json(recovery, row));
    for (const auto& row : recovery.small().rows) {
        if (!row.certain) rows.push_back(row_json(row));
    }
    return rows;
}

Json sources_json(const Outcome& said) {
    Json sources = Json::object();
    for (const auto& [source, count] : said.sources) sources[recover::name(source)] = count;
    return sources;
}

std::string line(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string recover_json(const Recovered& recovered) {
    const auto& said = recovered.recovery.outcome();
    const auto& account = said.account;
    Json made;
    if (recovered.made) {
        made = {{"file", text::escape(recovered.to)},
                {"size", recovered.made->size},
                {"sha256", recovered.made->sha256},
                {"revision", recovered.made->revision},
                {"backup", recovered.made->sound ? "sound" : "flawed"}};
    }
    Json unread = Json::array();
    for (const auto& words : said.unread) unread.push_back(words);
    const bool has_root = said.root_by != Root::By::none;
    return line(
        {{"source", text::escape(recovered.source)},
         {"whole", said.is_whole()},
         {"wrongTrailer", recovered.wrong_trailer},
         {"pageSize", said.lay.page_size},
         {"base", said.lay.base},
         {"root", {{"by", name(said.root_by)}, {"page", has_root ? Json(said.root_page) : Json()}}},
         {"treeFound", said.tree_found},
         {"treeStale", said.tree_stale},
         {"revision", said.head.main},
         {"rows", said.rows},
         {"from", sources_json(said)},
         {"otherRows", said.small_rows},
         {"uncertain", uncertain_json(recovered.recovery)},
         {"leftOut", said.left_out},
         {"lost", losses_json(said)},
         {"lostObjects", lost_objects_json(recovered.recovery)},
         {"unread", std::move(unread)},
         {"compactedAt", said.compacted_at ? Json(*said.compacted_at) : Json()},
         {"bytes",
          {{"used", account.used},
           {"free", account.free},
           {"carved", account.carved},
           {"lost", account.lost},
           {"file", said.file_size}}},
         {"made", std::move(made)}});
}

void recover_lines(const Recovery& recovery,
                   const std::function<void(std::string_view line)>& write) {
    recovery.for_each_row(
        [&](const recover::FoundRow& row) { write(line(row_json(recovery, row))); });
    for (const auto& row : recovery.small().rows) write(line(row_json(row)));
}

}  // namespace salvor::report
