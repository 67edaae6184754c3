#include "core/report/exposure.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/text/human.hpp"
#include "formats/text/time.hpp"

namespace salvor::report {
namespace {

using audit::HeldSecret;
using audit::Validity;

const char* validity_name(Validity validity) {
    switch (validity) {
        case Validity::never_ends: return "neverEnds";
        case Validity::ends: return "ends";
        case Validity::ended: return "ended";
        case Validity::void_: return "void";
        case Validity::unknown: break;
    }
    return "unknown";
}

std::string validity_words(const HeldSecret& held) {
    switch (held.validity) {
        case Validity::never_ends: return "for ever";
        case Validity::ends: return "until " + text::rfc3339(*held.expires);
        case Validity::ended: return "no, since " + text::rfc3339(*held.expires);
        case Validity::void_: return "no";
        case Validity::unknown: break;
    }
    return "not known";
}

/// So many ways are told to people.
constexpr std::size_t few_ways = 2;

std::string ways_words(const std::vector<std::string>& ways) {
    std::string words;
    for (std::size_t i = 0; i < std::min(ways.size(), few_ways); ++i)
        words.append(i == 0 ? "" : "; ").append(ways[i]);
    if (ways.size() > few_ways) words += fmt::format("; and {} more", ways.size() - few_ways);
    return words;
}

/// "3 Secrets, 1 OAuth token or client"; empty: none.
std::string good_words(const audit::Exposure& exposure) {
    std::size_t secrets = 0, others = 0;
    for (const auto& held : exposure.secrets) {
        if (held.is_good()) ++(held.type.starts_with("OAuth") ? others : secrets);
    }
    std::string words;
    if (secrets > 0) words = text::counted(secrets, "Secret", "Secrets");
    if (others > 0)
        words += (words.empty() ? "" : ", ") +
                 text::counted(others, "OAuth token or client", "OAuth tokens or clients");
    return words;
}

}  // namespace

AnswerTable exposure_table(const RightsHead& head, const std::string& of,
                           const audit::Exposure& exposure, std::int64_t now) {
    AnswerTable table;
    table.title =
        fmt::format("{}: what {} gives away, revision {}", head.source, of, head.revision);
    table.head = {{"source", head.source},
                  {"revision", Cell(head.revision)},
                  {"of", of},
                  {"now", text::rfc3339(now)},
                  {"serviceAccounts", exposure.accounts},
                  {"encrypted", Cell(static_cast<std::int64_t>(exposure.closed))}};
    table.rows_name = "rotate";
    table.columns = {{"NAMESPACE", "namespace"}, {"SECRET", "name"}, {"TYPE", "type"},
                     {"WHAT", "what"},           {"GOOD", nullptr},  {"", "validity", "", false},
                     {"", "expires", "", false}, {"HOW", nullptr},   {"", "ways", "", false},
                     {"", "remedy", "", false}};
    std::size_t good = 0;
    for (const auto& held : exposure.secrets) {
        good += held.is_good() ? 1 : 0;
        table.rows.push_back({held.namespace_name, held.name, held.type, held.what,
                              validity_words(held), validity_name(held.validity),
                              held.expires ? Cell(text::rfc3339(*held.expires)) : Cell(),
                              ways_words(held.ways), held.ways, held.remedy});
    }
    std::vector<std::string> remedies;
    for (const auto& held : exposure.secrets) {
        if (held.is_good() && !held.remedy.starts_with("kubectl") &&
            std::find(remedies.begin(), remedies.end(), held.type + ": " + held.remedy) ==
                remedies.end())
            remedies.push_back(held.type + ": " + held.remedy);
    }
    table.facts.emplace_back("to rotate", good == 0 ? "nothing" : good_words(exposure));
    if (exposure.secrets.size() > good)
        table.facts.emplace_back(
            "", fmt::format("{} more no longer good for anything", exposure.secrets.size() - good));
    for (const auto& remedy : remedies) table.facts.emplace_back("", remedy);
    for (const auto& held : exposure.secrets) {
        if (held.is_good() && held.remedy.starts_with("kubectl"))
            table.facts.emplace_back("", "`" + held.remedy + "`");
    }
    for (const auto& account : exposure.accounts)
        table.facts.emplace_back("", "tokens of " + account + ": end with its pods");
    if (of.starts_with("node ") && exposure.accounts.empty())
        table.notes.emplace_back("no pod runs on a node of that name");
    if (exposure.closed > 0)
        table.notes.push_back(fmt::format(
            "{} encrypted in the file: not given away without the key, which the file has not",
            text::counted(exposure.closed, "value is", "values are")));
    if (!exposure.problems.empty())
        table.notes.push_back(fmt::format(
            "{} could not be read: {}",
            text::counted(exposure.problems.size(), "object", "objects"), exposure.problems[0]));
    return table;
}

}  // namespace salvor::report
