#include <algorithm>
#include <array>

#include "core/cluster/table/cells.hpp"
#include "core/verify/reference/referrer.hpp"
#include "core/verify/rules.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/human.hpp"

namespace salvor::verify {
namespace {

// Source: apiextensions-apiserver pkg/apis/apiextensions/validation/validation.go

constexpr Rule crd_stored_version{
    "crd-stored-version",
    Layer::reference,
    Severity::warning,
    "a CRD has one storage version, which its storedVersions name, as they name versions that it "
    "defines alone",
    "the apiserver refuses updates of the definition: correct status.storedVersions after the "
    "restore, once all objects are stored in a version that is there",
    Subject::cluster};
constexpr Rule version_undefined{
    "custom-version-undefined",
    Layer::reference,
    Severity::warning,
    "a custom resource is stored in a version that its CRD defines",
    "the apiserver cannot read these objects, nor list them: define the version again after the "
    "restore",
    Subject::cluster};
constexpr Rule version_unlisted{
    "custom-version-unlisted",
    Layer::reference,
    Severity::warning,
    "a custom resource is stored in a version that its CRD's storedVersions name",
    "somebody may drop the version while objects are stored in it: rewrite them (kubectl get and "
    "replace) or add it to status.storedVersions",
    Subject::cluster};
constexpr Rule crd_name{"crd-name",
                        Layer::reference,
                        Severity::warning,
                        "a CRD's name is that of its resource and group",
                        "the apiserver takes no update of it, and may not serve it: make the "
                        "definition anew after the restore",
                        Subject::cluster};
constexpr Rule crd_condition{
    "crd-condition",
    Layer::reference,
    Severity::warning,
    "a CRD's names are accepted, and it is established",
    "its objects are not served: see which other definition has one of its names, and change one",
    Subject::cluster};
constexpr std::array table{crd_stored_version, version_undefined, version_unlisted, crd_name,
                           crd_condition};

using kube::Value;

bool holds(const std::vector<std::string>& list, std::string_view name) {
    return std::find(list.begin(), list.end(), name) != list.end();
}

std::string listed(const std::vector<std::string>& list) {
    constexpr std::size_t shown = 8;
    std::string words;
    for (std::size_t i = 0; i < std::min(list.size(), shown); ++i)
        words += (i == 0 ? "" : ", ") + text::escape(list[i]);
    return list.empty() ? "none" : words + (list.size() > shown ? ", ..." : "");
}

/// What the definition's versions lack; empty: nothing.
std::string flaw_of(const DefinedVersions& found, const std::vector<std::string>& storage) {
    if (storage.size() != 1) return fmt::format("{} are its storage versions", listed(storage));
    if (found.stored.empty()) return "its storedVersions are empty";
    if (!holds(found.stored, storage.front())) {
        return fmt::format("its storage version {} is not in its storedVersions {}",
                           text::escape(storage.front()), listed(found.stored));
    }
    for (const auto& version : found.stored) {
        if (!holds(found.versions, version))
            return fmt::format("its storedVersions name {}, and it has {}", text::escape(version),
                               listed(found.versions));
    }
    return {};
}

void check_names(const Referrer& referrer, const Value& crd) {
    const auto wanted = fmt::format("{}.{}", table::string_at(crd, "spec.names.plural"),
                                    table::string_at(crd, "spec.group"));
    if (wanted != referrer.name()) {
        referrer.say(crd_name, [&] { return "it defines " + text::escape(wanted); });
    }
    for (const auto& condition : table::items_at(crd, "status.conditions")) {
        const auto type = condition.text("type");
        const bool counts = type == "NamesAccepted" || type == "Established";
        if (!counts || condition.text("status") != "False") continue;
        referrer.say(crd_condition, [&] {
            return fmt::format("its condition {} is False: {}", type,
                               text::escape_message(condition.text("message")));
        });
    }
}

}  // namespace

RuleRows stored_version_rules() {
    return table;
}

void check_definition(const Referrer& referrer) {
    kube::Document document;
    const auto crd = referrer.tree(document);
    DefinedVersions found;
    std::vector<std::string> storage;
    for (const auto& version : table::items_at(crd, "spec.versions")) {
        found.versions.emplace_back(version.text("name"));
        if (table::is_true(version, "storage")) storage.push_back(found.versions.back());
    }
    // Before several versions were possible there was the one.
    if (found.versions.empty() && !table::string_at(crd, "spec.version").empty()) {
        found.versions.emplace_back(table::string_at(crd, "spec.version"));
        storage = found.versions;
    }
    for (const auto& version : table::items_at(crd, "status.storedVersions"))
        found.stored.emplace_back(version.string);
    check_names(referrer, crd);
    if (found.versions.empty()) return;
    if (const auto flaw = flaw_of(found, storage); !flaw.empty())
        referrer.say(crd_stored_version, [&] { return flaw; });
    referrer.tallies.defined[std::string(referrer.name())] = std::move(found);
    check_conversion(referrer, crd);
}

void check_custom_version(const Referrer& referrer) {
    const auto* type = referrer.object.key.type;
    const auto version = kube::split_api_version(referrer.checked.identity.api_version).version;
    auto& stored = referrer.tallies.stored[{type->full_name(), std::string(version)}];
    if (stored.objects++ == 0) stored.first = referrer.object.position;
}

void report_versions(const Tallies& tallies, const Scope& scope, Collector& findings) {
    for (const auto& [name, stored] : tallies.stored) {
        const auto& [resource, version] = name;
        const auto defined = tallies.defined.find(resource);
        if (defined == tallies.defined.end()) continue;
        const auto& [versions, listed_versions] = defined->second;
        const bool is_defined = holds(versions, version);
        if (is_defined && (listed_versions.empty() || holds(listed_versions, version))) continue;
        findings.add(is_defined ? version_unlisted : version_undefined,
                     scope.definitions().at(stored.first).place(),
                     fmt::format("{} of {} stored as {}, and {} {}",
                                 text::counted(stored.objects, "object is", "objects are"),
                                 text::escape(resource), text::escape(version),
                                 is_defined ? "its storedVersions are" : "its versions are",
                                 listed(is_defined ? listed_versions : versions)));
    }
}

}  // namespace salvor::verify
