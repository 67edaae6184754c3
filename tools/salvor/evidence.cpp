#include "tools/salvor/evidence.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <string_view>

#include "formats/base/checksum.hpp"

namespace salvor::tool {
namespace {

constexpr std::string_view instead = "(not shown)";

/// Of this process' one command.
struct Noted {
    std::string path;
    std::vector<std::string> hidden;
    std::vector<report::SourceEvidence> sources;
};
Noted& noted() {
    static Noted noted;
    return noted;
}

std::string host_name() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::string without_hidden(std::string text) {
    for (const auto& hidden : noted().hidden) {
        auto at = hidden.empty() ? text.npos : text.find(hidden);
        while (at != text.npos) {
            text.replace(at, hidden.size(), instead);
            at = text.find(hidden, at + instead.size());
        }
    }
    return text;
}

/// `-eTEXT` and `--regexp=TEXT` end in what is hidden.
std::string shown(const std::string& word) {
    for (const auto& hidden : noted().hidden) {
        if (word == hidden) return std::string(instead);
        if (!hidden.empty() && word.starts_with('-') && word.ends_with(hidden))
            return word.substr(0, word.size() - hidden.size()) + std::string(instead);
    }
    return word;
}

}  // namespace

std::string& evidence_path() {
    return noted().path;
}

void hide_argument(const std::string& word) {
    noted().hidden.push_back(word);
}

void note_source(const std::string& source, const Snapshot& snapshot) {
    if (!evidence_path().empty()) noted().sources.push_back(report::evidence_of(source, snapshot));
}

EvidenceTaking::EvidenceTaking(StagedFile file, Words words)
    : file_(std::move(file)), words_(words.begin(), words.end()) {
    std::error_code error;
    evidence_.version = SALVOR_VERSION;
    evidence_.directory = std::filesystem::current_path(error).string();
    evidence_.host = host_name();
    evidence_.user = ::geteuid();
    evidence_.started = std::time(nullptr);
}

Result<EvidenceTaking> EvidenceTaking::begin(Words words) {
    SALVOR_TRY(auto file, StagedFile::create(evidence_path()));
    note_opened_files();
    return EvidenceTaking(std::move(file), words);
}

Result<void> EvidenceTaking::finish(int exit_status, const std::string& error) {
    for (auto& before : opened_files()) {
        report::FileEvidence file{std::move(before), {}};
        if (const auto again = MappedFile::open(file.before.path))
            file.sha256_after = hex(sha256(again->bytes()));
        evidence_.files.push_back(std::move(file));
    }
    std::transform(words_.begin(), words_.end(), std::back_inserter(evidence_.arguments), shown);
    evidence_.sources = std::move(noted().sources);
    evidence_.exit_status = exit_status;
    evidence_.error = without_hidden(error);
    evidence_.ended = std::time(nullptr);
    SALVOR_CHECK(file_.writer().write(report::evidence_json(evidence_)));
    return file_.commit();
}

}  // namespace salvor::tool
