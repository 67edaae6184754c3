#include "core/cluster/catalog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "formats/kube/schema/schema.hpp"

namespace salvor::cluster {
namespace {

/// The order of a real server's aggregated discovery, by which an ambiguous word is decided; custom
/// groups follow. Source: kubernetes api/discovery/aggregated_v2.json
constexpr std::array<std::string_view, 23> group_order{"",
                                                       "apiregistration.k8s.io",
                                                       "apps",
                                                       "events.k8s.io",
                                                       "authentication.k8s.io",
                                                       "authorization.k8s.io",
                                                       "autoscaling",
                                                       "batch",
                                                       "certificates.k8s.io",
                                                       "networking.k8s.io",
                                                       "policy",
                                                       "rbac.authorization.k8s.io",
                                                       "storage.k8s.io",
                                                       "admissionregistration.k8s.io",
                                                       "apiextensions.k8s.io",
                                                       "scheduling.k8s.io",
                                                       "coordination.k8s.io",
                                                       "node.k8s.io",
                                                       "discovery.k8s.io",
                                                       "flowcontrol.apiserver.k8s.io",
                                                       "internal.apiserver.k8s.io",
                                                       "resource.k8s.io",
                                                       "storagemigration.k8s.io"};

/// Of a place such as "services/specs".
constexpr int most_segments = 2;

std::size_t group_rank(std::string_view group) {
    return static_cast<std::size_t>(std::find(group_order.begin(), group_order.end(), group) -
                                    group_order.begin());
}

std::vector<std::string_view> split_list(std::string_view text) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const auto comma = std::min(text.find(','), text.size());
        parts.push_back(text.substr(0, comma));
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return parts;
}

bool equal_in_any_case(std::string_view a, std::string_view b) {
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](unsigned char x, unsigned char y) {
               return std::tolower(x) == std::tolower(y);
           });
}

/// Versions that the release serves; of a kind that is gone or not yet there, all that there ever
/// were.
std::vector<std::string_view> served_versions(const kube::schema::ResourceRow& row,
                                              std::uint8_t release) {
    std::vector<std::string_view> served, all;
    for (const auto& version : row.versions) {
        all.push_back(version.version);
        if (version.since <= release && release <= version.until) served.push_back(version.version);
    }
    return served.empty() ? all : served;
}

bool is_true(const kube::Value* value) {
    return value && value->type == kube::Value::Type::boolean && value->boolean;
}

std::vector<std::string_view> strings(const kube::Value* list) {
    std::vector<std::string_view> found;
    if (!list) return found;
    for (const auto& item : list->items) {
        if (item.is_string()) found.push_back(item.string);
    }
    return found;
}

const kube::Value* first_of(const kube::Value* a, const kube::Value* b) {
    return a ? a : b;
}

/// v1 has schema, columns and the like in each version; v1beta1 may have them once for all.
CustomVersion custom_version(const kube::Value& spec, const kube::Value& version) {
    CustomVersion found;
    found.name = version.text("name");
    found.served = is_true(version.find("served"));
    found.storage = is_true(version.find("storage"));
    found.schema = first_of(version.at({"schema", "openAPIV3Schema"}),
                            spec.at({"validation", "openAPIV3Schema"}));
    found.columns =
        first_of(version.find("additionalPrinterColumns"), spec.find("additionalPrinterColumns"));
    found.selectable_fields =
        first_of(version.find("selectableFields"), spec.find("selectableFields"));
    return found;
}

/// Kubernetes' order of versions: v2, v1, v1beta2, v1alpha1, then the rest by name.
/// Source: apimachinery pkg/version/helpers.go CompareKubeAwareVersionStrings
struct VersionRank {
    int stability = 0;  ///< 3 stable, 2 beta, 1 alpha, 0 none of Kubernetes' form
    int major = 0;
    int minor = 0;
    auto operator<=>(const VersionRank&) const = default;
};
VersionRank rank(std::string_view version) {
    const auto number = [](std::string_view& text) {
        int value = 0;
        std::size_t digits = 0;
        for (; digits < text.size() && digits < 6 && text[digits] >= '0' && text[digits] <= '9';
             ++digits)
            value = value * 10 + (text[digits] - '0');
        text.remove_prefix(digits);
        return digits > 0 ? value : -1;
    };
    if (!version.starts_with('v')) return {};
    version.remove_prefix(1);
    const int major = number(version);
    if (major < 0) return {};
    if (version.empty()) return {3, major, 0};
    const int stability = version.starts_with("beta") ? 2 : version.starts_with("alpha") ? 1 : 0;
    if (stability == 0) return {};
    version.remove_prefix(stability == 2 ? 4 : 5);
    const int minor = number(version);
    return minor < 0 || !version.empty() ? VersionRank{} : VersionRank{stability, major, minor};
}

bool preferred(std::string_view a, std::string_view b) {
    const auto rank_a = rank(a), rank_b = rank(b);
    return rank_a != rank_b ? rank_a > rank_b : a < b;
}

std::string api_version_of(std::string_view group, std::string_view version) {
    return group.empty() ? std::string(version) : fmt::format("{}/{}", group, version);
}

/// Events of events.k8s.io are stored at the same keys, as core's.
std::vector<std::string_view> kin_of(const kube::schema::ResourceRow& row, std::uint8_t release) {
    constexpr std::uint8_t stable_events = 19;
    if (row.group.empty() && row.resource == "events") {
        if (release < stable_events) return {"events.k8s.io/v1beta1"};
        return {"events.k8s.io/v1", "events.k8s.io/v1beta1"};
    }
    return row.also_group.empty() ? std::vector<std::string_view>{} : std::vector{row.also_group};
}

/// What stands behind a resource's name: `.group`, `.version.group`, or nothing.
struct Qualifier {
    std::string_view whole;
    std::string_view version, group;  ///< without a second dot both empty

    explicit Qualifier(std::string_view rest) : whole(rest) {
        const auto dot = rest.find('.');
        if (dot == std::string_view::npos) return;
        version = rest.substr(0, dot);
        group = rest.substr(dot + 1);
    }
};

/// In which version a type is meant, "" being the preferred one; nullopt: it is not.
std::optional<std::string> meant(const ResourceType& type, const Qualifier& word, bool whole) {
    const auto fits = [&](std::string_view own, std::string_view group) {
        return whole ? own == group : own.starts_with(group);
    };
    if (word.whole.empty() || fits(type.group, word.whole)) return "";
    const bool has_version =
        std::find(type.versions.begin(), type.versions.end(), word.version) != type.versions.end();
    if (has_version && fits(type.group, word.group))
        return api_version_of(type.group, word.version);
    for (const auto kin : type.kin) {
        const auto [group, version] = kube::split_api_version(kin);
        if (fits(group, word.whole)) return std::string(kin);
        if (version == word.version && fits(group, word.group)) return std::string(kin);
    }
    return std::nullopt;
}

bool answers_to(const ResourceType& type, std::string_view word) {
    if (type.plural.empty()) return false;
    return equal_in_any_case(type.plural, word) || equal_in_any_case(type.singular, word) ||
           equal_in_any_case(type.kind, word) ||
           std::find(type.short_names.begin(), type.short_names.end(), word) !=
               type.short_names.end();
}

}  // namespace

std::string ResourceType::full_name() const {
    return group.empty() ? std::string(plural) : fmt::format("{}.{}", plural, group);
}
std::string ResourceType::api_version() const {
    return api_version_of(group, versions.front());
}

Catalog::Catalog(std::uint8_t release) : release_(release) {
    for (const auto& row : kube::schema::resources()) {
        auto& type = types_.emplace_back();
        type.group = row.group;
        type.kind = row.kind;
        type.plural = row.resource;
        type.singular = row.singular;
        type.short_names = split_list(row.short_names);
        type.categories = split_list(row.categories);
        type.namespaced = row.namespaced;
        type.key_prefix = row.key_prefix;
        type.versions = served_versions(row, release);
        type.kin = kin_of(row, release);
        type.row = &row;
    }
    // Within a group a server lists resources by name.
    std::stable_sort(types_.begin(), types_.end(),
                     [](const ResourceType& a, const ResourceType& b) {
                         const auto rank_a = group_rank(a.group), rank_b = group_rank(b.group);
                         return rank_a != rank_b ? rank_a < rank_b : a.plural < b.plural;
                     });
    for (const auto& type : types_) places_.emplace(type.key_prefix, &type);
}

void Catalog::add_crd(const kube::Value& crd) {
    const kube::Value* spec = crd.find("spec");
    const kube::Value* names = spec ? spec->find("names") : nullptr;
    if (!names || spec->text("group").empty() || names->text("plural").empty()) return;
    auto& type = types_.emplace_back();
    type.group = spec->text("group");
    type.kind = names->text("kind");
    type.plural = names->text("plural");
    type.singular = names->text("singular");
    type.short_names = strings(names->find("shortNames"));
    type.categories = strings(names->find("categories"));
    type.namespaced = spec->text("scope") != "Cluster";
    type.key_prefix = fmt::format("{}/{}", type.group, type.plural);
    places_.emplace(type.key_prefix, &type);
    type.crd = &crd;
    const bool is_beta = crd.text("apiVersion") == "apiextensions.k8s.io/v1beta1";
    const kube::Value* preserve = spec->find("preserveUnknownFields");
    type.preserve_unknown = preserve ? is_true(preserve) : is_beta;
    if (const kube::Value* versions = spec->find("versions")) {
        for (const auto& version : versions->items)
            type.custom_versions.push_back(custom_version(*spec, version));
    }
    if (type.custom_versions.empty() && !spec->text("version").empty()) {
        auto& only = type.custom_versions.emplace_back(custom_version(*spec, *spec));
        only.name = spec->text("version");
        only.served = only.storage = true;
    }
    for (const auto& version : type.custom_versions) {
        if (version.served) type.versions.push_back(version.name);
    }
    std::sort(type.versions.begin(), type.versions.end(), preferred);
    if (type.versions.empty())
        type.versions.push_back(type.custom_versions.empty() ? "v1"
                                                             : type.custom_versions.front().name);
}

std::optional<Named> Catalog::find(std::string_view word) const {
    const auto dot = word.find('.');
    const auto name = word.substr(0, dot);
    const Qualifier rest(dot == std::string_view::npos ? std::string_view{} : word.substr(dot + 1));
    const Named* best = nullptr;
    std::vector<Named> found;
    for (const bool whole_group : {true, false}) {
        for (const auto& type : types_) {
            if (!answers_to(type, name)) continue;
            if (auto version = meant(type, rest, whole_group))
                found.push_back({&type, std::move(*version)});
        }
        if (!found.empty()) break;
    }
    // A plural or short name beats a mere kind, and a CRD of a group the same group's built-in
    // type; then the order of groups, which types_ has.
    for (const auto& one : found) {
        const bool is_own = best && one.type->is_custom() && !best->type->is_custom() &&
                            one.type->group == best->type->group &&
                            one.type->plural == best->type->plural;
        if (!best || is_own ||
            (equal_in_any_case(one.type->plural, name) &&
             !equal_in_any_case(best->type->plural, name)))
            best = &one;
    }
    return best ? std::optional(*best) : std::nullopt;
}

std::vector<const ResourceType*> Catalog::category(std::string_view name) const {
    std::vector<const ResourceType*> found;
    for (const auto& type : types_) {
        if (std::find(type.categories.begin(), type.categories.end(), name) !=
            type.categories.end())
            found.push_back(&type);
    }
    return found;
}

const ResourceType* Catalog::at_key(std::string_view below) const {
    const ResourceType* found = nullptr;
    auto end = below.find('/');
    for (int segments = 1; segments <= most_segments; ++segments) {
        const auto type = places_.find(below.substr(0, end));
        if (type != places_.end()) found = type->second;
        if (end == std::string_view::npos) break;
        end = below.find('/', end + 1);
    }
    return found;
}

const ResourceType* Catalog::of_kind(std::string_view group, std::string_view kind) const {
    for (const auto& type : types_) {
        if (type.kind == kind && type.group == group && !type.plural.empty()) return &type;
    }
    return nullptr;
}

const kube::Value* schema_of(const ResourceType* type, std::string_view api_version) {
    if (!type || !type->is_custom()) return nullptr;
    const auto version = kube::split_api_version(api_version).version;
    for (const auto& one : type->custom_versions) {
        if (one.name == version) return one.schema;
    }
    return nullptr;
}

}  // namespace salvor::cluster
