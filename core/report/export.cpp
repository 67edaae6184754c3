#include "core/report/export.hpp"

#include "formats/text/escape.hpp"
#include "formats/text/human.hpp"

namespace salvor::report {
namespace {

using text::JsonWriter;

constexpr const char* secret_sentence = "secret, and --show-secrets was not given";

Bytes sentence_of(const std::string& name) {
    if (name == cluster::secret_rule) return secret_sentence;
    for (const auto& rule : cluster::omission_rules()) {
        if (rule.name == name) return rule.what;
    }
    for (const auto& rule : cluster::cleaning_rules()) {
        if (rule.name == name) return rule.what;
    }
    return {};
}

using Counted = std::map<std::string, std::uint64_t>;

void append_rows(std::string& text, const Counted& counts) {
    for (const auto& [name, count] : counts)
        text += fmt::format("  {:>7}  {:<24} {}\n", count, name, sentence_of(name));
}

void tell_counts(JsonWriter& json, Bytes name, const Counted& counts) {
    json.key(name);
    json.begin_array();
    for (const auto& [rule, count] : counts) {
        json.begin_object();
        json.key("rule");
        json.string(rule);
        json.key("objects");
        json.unsigned_integer(count);
        json.end_object();
    }
    json.end_array();
}

template <class Rules>
void append_rules(std::string& text, const char* head, const Rules& rules) {
    text += head;
    for (const auto& rule : rules) text += fmt::format("  {:<24} {}\n", rule.name, rule.what);
}

template <class Rules>
void tell_rules(JsonWriter& json, Bytes does, const Rules& rules) {
    for (const auto& rule : rules) {
        json.begin_object();
        json.key("rule");
        json.string(rule.name);
        json.key("does");
        json.string(does);
        json.key("what");
        json.string(rule.what);
        json.end_object();
    }
}

}  // namespace

std::string export_text(const cluster::ExportCounts& counts, Bytes place) {
    auto text = fmt::format("{} to {}\n", text::counted(counts.exported, "manifest", "manifests"),
                            text::Escaped{place});
    if (!counts.left_out.empty()) text += "left out, by rule:\n";
    append_rows(text, counts.left_out);
    if (!counts.cleaned.empty()) text += "taken out of manifests, by rule:\n";
    append_rows(text, counts.cleaned);
    if (counts.renamed > 0)
        text += fmt::format("namespaces renamed in {}\n",
                            text::counted(counts.renamed, "manifest", "manifests"));
    if (counts.failed > 0)
        text += fmt::format("NOT READ: {}\n", text::counted(counts.failed, "object", "objects"));
    return text;
}

std::string export_json(const cluster::ExportCounts& counts, Bytes place) {
    std::string text;
    JsonWriter json(text);
    json.begin_object();
    json.key("to");
    json.string(place);
    json.key("exported");
    json.unsigned_integer(counts.exported);
    tell_counts(json, "leftOut", counts.left_out);
    tell_counts(json, "cleaned", counts.cleaned);
    json.key("renamed");
    json.unsigned_integer(counts.renamed);
    json.key("failed");
    json.unsigned_integer(counts.failed);
    json.end_object();
    return text + "\n";
}

std::string export_rules_text() {
    std::string text;
    append_rules(text, "objects that are left out:\n", cluster::omission_rules());
    text += fmt::format("  {:<24} {}\n", cluster::secret_rule, secret_sentence);
    append_rules(text, "fields that are taken out:\n", cluster::cleaning_rules());
    return text;
}

std::string export_rules_json() {
    std::string text;
    JsonWriter json(text);
    json.begin_array();
    tell_rules(json, "leavesOut", cluster::omission_rules());
    struct {
        Bytes name, what;
    } const secret[] = {{cluster::secret_rule, secret_sentence}};
    tell_rules(json, "leavesOut", secret);
    tell_rules(json, "cleans", cluster::cleaning_rules());
    json.end_array();
    return text + "\n";
}

}  // namespace salvor::report
