#include "core/diff/noise.hpp"
#include "core/report/diff.hpp"

namespace salvor::report {
namespace {

/// Calls `each(name, what, whether it is for whole objects)` for every rule.
template <class Each>
void each_rule(Each&& each) {
    for (const auto& rule : diff::object_rules()) each(rule.name, rule.what, true);
    each(Bytes(diff::rewritten_rule), Bytes(diff::rewritten_what), true);
    for (const auto& rule : diff::field_rules()) each(rule.name, rule.what, false);
}

}  // namespace

Bytes diff_rule_words(const std::string& name) {
    Bytes words;
    each_rule([&](Bytes rule, Bytes what, bool) {
        if (rule == name) words = what;
    });
    return words;
}

std::string diff_rules_text() {
    std::string objects, fields;
    each_rule([&](Bytes name, Bytes what, bool whole) {
        (whole ? objects : fields) += fmt::format("  {:<18} {}\n", name, what);
    });
    return "objects that are left out:\n" + objects + "fields that are left out:\n" + fields;
}

std::string diff_rules_json() {
    std::string text;
    text::JsonWriter json(text);
    json.begin_array();
    each_rule([&](Bytes name, Bytes what, bool whole) {
        json.begin_object();
        json.key("rule");
        json.string(name);
        json.key("of");
        json.string(whole ? "objects" : "fields");
        json.key("what");
        json.string(what);
        json.end_object();
    });
    json.end_array();
    return text + "\n";
}

}  // namespace salvor::report
