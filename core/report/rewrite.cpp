#include "core/report/rewrite.hpp"

#include <nlohmann/json.hpp>

#include "core/report/page.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/human.hpp"

namespace salvor::report {

std::string rewrite_text(const Rewriting& rewriting) {
    const auto& said = rewriting.rewritten;
    Page page;
    page.title(fmt::format("{} -> {}", text::escape(rewriting.source), text::escape(rewriting.to)));
    page.gap();
    page.fact("size", fmt::format("{} -> {}", text::human_size(said.size_before),
                                  text::human_size(said.made.size)));
    if (said.rows_before > 0) {
        page.fact("revisions", fmt::format("{} kept -> {}", said.rows_before, said.rows));
    }
    for (const auto& change : rewriting.changes) page.fact("changed", change);
    page.fact("revision", std::to_string(said.made.revision));
    page.fact("SHA-256", said.made.sha256);
    page.fact("verified", said.made.sound
                              ? "sound, it restores as it is"
                              : "FLAWED, as its source is: `salvor verify` tells where");
    return page.take();
}

std::string rewrite_json(const Rewriting& rewriting) {
    using Json = nlohmann::ordered_json;
    const auto& said = rewriting.rewritten;
    Json out{{"source", text::escape(rewriting.source)},
             {"sizeBefore", said.size_before},
             {"made",
              {{"file", text::escape(rewriting.to)},
               {"size", said.made.size},
               {"sha256", said.made.sha256},
               {"revision", said.made.revision},
               {"backup", said.made.sound ? "sound" : "flawed"}}}};
    if (said.rows_before > 0) {
        out["revisionsKept"] = {{"before", said.rows_before}, {"after", said.rows}};
    }
    if (!rewriting.changes.empty()) out["changes"] = rewriting.changes;
    return out.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace salvor::report
