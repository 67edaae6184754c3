#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "core/cluster/table/cells.hpp"

// OpenShift's kinds, which its own apiservers print.
// Source: openshift origin pkg/oc/lib/describe/printer.go, openshift-apiserver pkg/*/apis printers

namespace salvor::table {
namespace {

using kube::Value;

// -- times, as oc says them

std::string counted(std::int64_t count, std::string_view unit) {
    return fmt::format("{} {}", count, unit);
}

/// Source: docker go-units duration.go
std::string roughly(std::int64_t seconds) {
    if (seconds < 1) return "Less than a second";
    if (seconds == 1) return "1 second";
    if (seconds < 60) return counted(seconds, "seconds");
    const auto minutes = seconds / 60, hours = (seconds + 1800) / 3600;
    if (minutes == 1) return "About a minute";
    if (minutes < 60) return counted(minutes, "minutes");
    if (hours == 1) return "About an hour";
    if (hours < 48) return counted(hours, "hours");
    if (hours < 24 * 7 * 2) return counted(hours / 24, "days");
    if (hours < 24 * 30 * 2) return counted(hours / 24 / 7, "weeks");
    if (hours < 24 * 365 * 2) return counted(hours / 24 / 30, "months");
    return counted(seconds / 3600 / 24 / 365, "years");
}

std::string ago(const Subject& subject, kube::Instant time) {
    return roughly(subject.now.at.seconds - time.seconds) + " ago";
}

// -- Route

struct Admission {
    std::int64_t admitted = 0, rejected = 0;
    std::string host, reason;
};

Admission admission_of(const Value& route) {
    Admission found;
    found.host = string_at(route, "spec.host");
    bool is_own = false;
    for (const auto& ingress : items_at(route, "status.ingress")) {
        const auto* condition = condition_of(ingress, "Admitted", "conditions");
        const auto status = condition ? condition->text("status") : std::string_view{};
        if (status == "True") {
            ++found.admitted;
            if (!is_own) found.host = ingress.text("host");
            is_own = is_own || ingress.text("host") == string_at(route, "spec.host");
        } else if (status == "False") {
            ++found.rejected;
            found.reason = condition->text("reason");
        }
    }
    return found;
}

std::string route_host(const Subject& subject, std::string_view) {
    const auto found = admission_of(subject.object);
    if (!has(subject.object, "status.ingress")) return found.host;
    if (found.admitted == 0) return found.rejected > 0 ? found.reason : "Pending";
    if (found.rejected > 0) return fmt::format("{} ... {} rejected", found.host, found.rejected);
    if (found.admitted > 1) return fmt::format("{} ... {} more", found.host, found.admitted - 1);
    return found.host;
}

std::string route_services(const Subject& subject, std::string_view) {
    std::vector<const Value*> backends;
    if (const auto* to = at(subject.object, "spec.to")) backends.push_back(to);
    for (const auto& other : items_at(subject.object, "spec.alternateBackends"))
        backends.push_back(&other);
    std::int64_t total = 0;
    for (const auto* backend : backends) total += integer_at(*backend, "weight");
    std::vector<std::string> parts;
    for (const auto* backend : backends) {
        const auto share = total == 0 ? 0 : integer_at(*backend, "weight") * 100 / total;
        const bool is_alone = backends.size() == 1 && total != 0;
        parts.push_back(!has(*backend, "weight") || is_alone
                            ? std::string(backend->text("name"))
                            : fmt::format("{}({}%)", backend->text("name"), share));
    }
    return join(parts, ",");
}

std::string route_port(const Subject& subject, std::string_view) {
    return has(subject.object, "spec.port") ? text_of(at(subject.object, "spec.port.targetPort"))
                                            : "<all>";
}

std::string route_termination(const Subject& subject, std::string_view) {
    const auto kind = string_at(subject.object, "spec.tls.termination");
    const auto insecure = string_at(subject.object, "spec.tls.insecureEdgeTerminationPolicy");
    if (insecure.empty()) return std::string(kind);
    return fmt::format("{}/{}", kind.empty() ? "default" : kind, insecure);
}

// -- DeploymentConfig

std::string desired(const Subject& subject, std::string_view) {
    const auto replicas = std::to_string(integer_at(subject.object, "spec.replicas"));
    return is_true(subject.object, "spec.test") ? replicas + " (during test)" : replicas;
}

std::string image_trigger(const Value& change, const std::set<std::string_view>& containers) {
    std::vector<std::string> names;
    bool has_all = true;
    for (const auto& name : items_at(change, "containerNames")) {
        names.emplace_back(name.string);
        has_all = has_all && containers.contains(name.string);
    }
    std::sort(names.begin(), names.end());
    const auto prefix = containers.size() != 1 && !has_all ? join(names, ",") + ":" : "";
    const auto kind = string_at(change, "from.kind");
    return fmt::format("{}({}{})", kind == "ImageStreamTag" ? "image" : kind, prefix,
                       string_at(change, "from.name"));
}

std::string triggers(const Subject& subject, std::string_view) {
    std::set<std::string_view> containers;
    for (const auto& one : items_at(subject.object, "spec.template.spec.containers"))
        containers.insert(one.text("name"));
    std::set<std::string> found;
    for (const auto& trigger : items_at(subject.object, "spec.triggers")) {
        const auto type = trigger.text("type");
        const auto* change = at(trigger, "imageChangeParams");
        if (type == "ConfigChange") {
            found.insert("config");
        } else if (type != "ImageChange") {
            found.emplace(type);
        } else if (change && is_true(*change, "automatic")) {
            found.insert(image_trigger(*change, containers));
        }
    }
    return join({found.begin(), found.end()}, ",");
}

// -- Build, BuildConfig

std::string strategy(const Subject& subject, std::string_view) {
    static constexpr std::array kinds{
        std::pair{"spec.strategy.dockerStrategy", "Docker"},
        std::pair{"spec.strategy.customStrategy", "Custom"},
        std::pair{"spec.strategy.sourceStrategy", "Source"},
        std::pair{"spec.strategy.jenkinsPipelineStrategy", "JenkinsPipeline"}};
    for (const auto& [path, kind] : kinds) {
        if (has(subject.object, path)) return kind;
    }
    return "";
}

bool is_commit(std::string_view text) {
    return text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

std::string build_source(const Subject& subject, std::string_view) {
    const auto& object = subject.object;
    const bool is_binary = has(object, "spec.source.binary");
    const bool is_file = has(object, "spec.source.dockerfile"),
               is_git = has(object, "spec.source.git");
    std::string from = is_binary ? "Binary" : is_file ? "Dockerfile" : is_git ? "Git" : "";
    if (!is_binary && is_file && is_git) from += ",Git";
    if (!is_binary && !is_git) return from;
    auto revision = string_at(object, "spec.revision.git.commit");
    if (revision.empty()) revision = string_at(object, "spec.source.git.ref");
    constexpr std::size_t long_commit = 20, short_commit = 7;
    if (is_commit(revision) && revision.size() > long_commit)
        revision = revision.substr(0, short_commit);
    return revision.empty() ? from : fmt::format("{}@{}", from, revision);
}

std::string config_source(const Subject& subject, std::string_view path) {
    const auto* custom = at(subject.object, "spec.strategy.customStrategy");
    return custom ? std::string(string_at(*custom, "from.name")) : build_source(subject, path);
}

std::string build_status(const Subject& subject, std::string_view) {
    const auto phase = string_at(subject.object, "status.phase");
    const auto reason = string_at(subject.object, "status.reason");
    return reason.empty() ? std::string(phase) : fmt::format("{} ({})", phase, reason);
}

std::string ago_at(const Subject& subject, std::string_view path) {
    const auto time = time_of(at(subject.object, path));
    return time ? ago(subject, *time) : "";
}

std::string build_duration(const Subject& subject, std::string_view path) {
    const auto nanoseconds = integer_at(subject.object, path);
    return nanoseconds > 0 ? kube::duration_text(nanoseconds) : "";
}

// -- ImageStream, Template, and who may log in

std::string repository(const Subject& subject, std::string_view) {
    for (const auto path : {"status.publicDockerImageRepository", "spec.dockerImageRepository",
                            "status.dockerImageRepository"}) {
        const auto found = string_at(subject.object, path);
        if (!found.empty()) return std::string(found);
    }
    return "";
}

/// As many as fit into 40 columns, one at least.
std::string tags(const Subject& subject, std::string_view path) {
    constexpr std::int64_t width = 40;
    std::vector<std::string> names;
    for (const auto& tag : items_at(subject.object, path)) names.emplace_back(tag.text("tag"));
    const auto all = names.size();
    auto left = width;
    for (std::size_t i = 0; i < all; ++i) {
        const auto size = static_cast<std::int64_t>(names[i].size());
        left -= size + 1;
        const bool is_near = width / 4 < left + size && width / 4 >= -left;
        if (left >= 0 || (i > 0 && is_near)) continue;
        names.resize(std::max<std::size_t>(i, 1));
        break;
    }
    auto text = join(names, ",");
    if (all > names.size()) text += fmt::format(" + {} more...", all - names.size());
    return text;
}

std::string updated(const Subject& subject, std::string_view path) {
    std::optional<kube::Instant> latest;
    for (const auto& tag : items_at(subject.object, path)) {
        const auto events = items_at(tag, "items");
        const auto time = events.empty() ? std::nullopt : time_of(at(events.front(), "created"));
        if (time && (!latest || latest->seconds < time->seconds)) latest = time;
    }
    return latest ? ago(subject, *latest) : "";
}

std::string description(const Subject& subject, std::string_view) {
    constexpr std::size_t most = 80;
    const auto* found = annotation(subject.object, "description");
    std::string text(found ? found->string : std::string_view{});
    if (const auto line = text.find('\n'); line != std::string::npos)
        text = text.substr(0, line) + "...";
    if (text.size() <= most) return text;
    text.resize(most - 3);
    while (!text.empty() && text.back() == ' ') text.pop_back();
    return text + "...";
}

std::string parameters(const Subject& subject, std::string_view path) {
    std::size_t blank = 0, generated = 0;
    const auto all = items_at(subject.object, path);
    for (const auto& one : all) {
        if (!one.text("value").empty()) continue;
        ++(one.text("generate").empty() ? blank : generated);
    }
    if (blank > 0) return fmt::format("{} ({} blank)", all.size(), blank);
    if (generated > 0) return fmt::format("{} ({} generated)", all.size(), generated);
    return fmt::format("{} (all set)", all.size());
}

std::string spaced_list(const Subject& subject, std::string_view path) {
    std::vector<std::string> parts;
    for (const auto& item : items_at(subject.object, path)) parts.emplace_back(item.string);
    return join(parts, ", ");
}

std::string challenge(const Subject& subject, std::string_view path) {
    return is_true(subject.object, path) ? "TRUE" : "FALSE";
}

std::string token_age(const Subject& subject, std::string_view path) {
    constexpr std::int64_t second = 1'000'000'000;
    if (!has(subject.object, path)) return "default";
    const auto seconds = integer_at(subject.object, path);
    return seconds == 0 ? "unexpiring" : kube::duration_text(seconds * second);
}

constexpr Column routes[] = {{"NAME", name},
                             {"HOST/PORT", route_host},
                             {"PATH", text_at, "spec.path"},
                             {"SERVICES", route_services},
                             {"PORT", route_port},
                             {"TERMINATION", route_termination},
                             {"WILDCARD", text_at, "spec.wildcardPolicy"}};
constexpr Column deployment_configs[] = {{"NAME", name},
                                         {"REVISION", number_at, "status.latestVersion"},
                                         {"DESIRED", desired},
                                         {"CURRENT", number_at, "status.updatedReplicas"},
                                         {"TRIGGERED BY", triggers}};
constexpr Column build_configs[] = {{"NAME", name},
                                    {"TYPE", strategy},
                                    {"FROM", config_source},
                                    {"LATEST", number_at, "status.lastVersion"}};
constexpr Column builds[] = {{"NAME", name},
                             {"TYPE", strategy},
                             {"FROM", build_source},
                             {"STATUS", build_status},
                             {"STARTED", ago_at, "status.startTimestamp"},
                             {"DURATION", build_duration, "status.duration"}};
constexpr Column images[] = {{"NAME", name}, {"IMAGE REFERENCE", text_at, "dockerImageReference"}};
constexpr Column image_streams[] = {{"NAME", name},
                                    {"IMAGE REPOSITORY", repository},
                                    {"TAGS", tags, "status.tags"},
                                    {"UPDATED", updated, "status.tags"}};
constexpr Column templates[] = {{"NAME", name},
                                {"DESCRIPTION", description},
                                {"PARAMETERS", parameters, "parameters"},
                                {"OBJECTS", count_at, "objects"}};
constexpr Column template_instances[] = {{"NAME", name},
                                         {"TEMPLATE", text_at, "spec.template.metadata.name"}};
constexpr Column users[] = {{"NAME", name},
                            {"UID", text_at, "metadata.uid"},
                            {"FULL NAME", text_at, "fullName"},
                            {"IDENTITIES", spaced_list, "identities"}};
constexpr Column groups[] = {{"NAME", name}, {"USERS", spaced_list, "users"}};
constexpr Column identities[] = {{"NAME", name},
                                 {"IDP NAME", text_at, "providerName"},
                                 {"IDP USER NAME", text_at, "providerUserName"},
                                 {"USER NAME", text_at, "user.name"},
                                 {"USER UID", text_at, "user.uid"}};
constexpr Column clients[] = {{"NAME", name},
                              {"SECRET", text_at, "secret"},
                              {"WWW-CHALLENGE", challenge, "respondWithChallenges"},
                              {"TOKEN-MAX-AGE", token_age, "accessTokenMaxAgeSeconds"},
                              {"REDIRECT URIS", list_at, "redirectURIs"}};
constexpr Column client_authorizations[] = {{"NAME", name},
                                            {"USER NAME", text_at, "userName"},
                                            {"CLIENT NAME", text_at, "clientName"},
                                            {"SCOPES", list_at, "scopes"}};

constexpr Kind kinds[] = {
    {"route.openshift.io", "Route", routes},
    {"apps.openshift.io", "DeploymentConfig", deployment_configs},
    {"build.openshift.io", "BuildConfig", build_configs},
    {"build.openshift.io", "Build", builds},
    {"image.openshift.io", "Image", images},
    {"image.openshift.io", "ImageStream", image_streams},
    {"template.openshift.io", "Template", templates},
    {"template.openshift.io", "TemplateInstance", template_instances},
    {"user.openshift.io", "User", users},
    {"user.openshift.io", "Group", groups},
    {"user.openshift.io", "Identity", identities},
    {"oauth.openshift.io", "OAuthClient", clients},
    {"oauth.openshift.io", "OAuthClientAuthorization", client_authorizations},
};

}  // namespace

std::span<const Kind> openshift() {
    return kinds;
}

}  // namespace salvor::table
