#include "core/report/evidence.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/report/info.hpp"
#include "formats/base/checksum.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/time.hpp"

namespace salvor::report {
namespace {

using Json = nlohmann::ordered_json;

Json sources(const Evidence& evidence) {
    auto array = Json::array();
    for (const auto& source : evidence.sources) {
        array.push_back({{"source", text::escape(source.source)},
                         {"layers", source.layers},
                         {"size", source.size},
                         {"sha256", source.sha256}});
    }
    return array;
}

Json files(const Evidence& evidence) {
    constexpr std::int64_t second = 1'000'000'000;
    auto array = Json::array();
    for (const auto& file : evidence.files) {
        Json after;
        if (!file.sha256_after.empty()) after = file.sha256_after;
        array.push_back({{"path", text::escape(file.before.path.string())},
                         {"size", file.before.size},
                         {"modified", text::rfc3339(file.before.modified_ns / second)},
                         {"sha256Before", file.before.sha256},
                         {"sha256After", std::move(after)},
                         {"unchanged", file.is_unchanged()}});
    }
    return array;
}

}  // namespace

SourceEvidence evidence_of(const std::string& source, const Snapshot& snapshot) {
    const auto bytes = snapshot.file().bytes();
    // What lies there plain has its digest already.
    const auto opened = snapshot.layers().empty() ? opened_files() : std::vector<OpenedFile>{};
    const auto noted = std::ranges::find(opened, snapshot.file().path(), &OpenedFile::path);
    return {source,
            layer_names(snapshot.layers(), snapshot.data_directory().has_value(),
                        snapshot.trailer().has_value()),
            bytes.size(), noted == opened.end() ? hex(sha256(bytes)) : noted->sha256};
}

std::string evidence_json(const Evidence& evidence) {
    auto arguments = Json::array();
    for (const auto& word : evidence.arguments) arguments.push_back(text::escape(word));
    const bool all = std::all_of(evidence.files.begin(), evidence.files.end(),
                                 [](const FileEvidence& file) { return file.is_unchanged(); });
    Json out{{"tool", {{"name", "salvor"}, {"version", evidence.version}}},
             {"arguments", std::move(arguments)},
             {"directory", text::escape(evidence.directory)},
             {"host", text::escape(evidence.host)},
             {"user", evidence.user},
             {"started", text::rfc3339(evidence.started)},
             {"ended", text::rfc3339(evidence.ended)},
             {"exitStatus", evidence.exit_status}};
    if (!evidence.error.empty()) out["error"] = text::escape_message(evidence.error);
    out["sources"] = sources(evidence);
    out["files"] = files(evidence);
    out["unchanged"] = all;
    return out.dump(2) + "\n";
}

}  // namespace salvor::report
