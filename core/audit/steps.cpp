#include "core/audit/steps.hpp"

#include <algorithm>

#include "formats/text/escape.hpp"
#include "formats/text/human.hpp"

namespace salvor::audit {
namespace {

std::string words(const Seal& seal) {
    return fmt::format("{} {} {}", text::escape(seal.scheme), seal.is_kms() ? "plugin" : "key",
                       text::escape(seal.name));
}

std::string values(std::uint64_t count) {
    return text::counted(count, "value", "values");
}

/// Reads every object and writes it back: the server seals it with what writes now.
std::string rewrite_command(const ResourceAtRest& resource) {
    return fmt::format("kubectl get {}{} -o json | kubectl replace -f -",
                       text::escape(resource.resource), resource.namespaced ? " -A" : "");
}

void add_closed(const ResourceAtRest& resource, std::vector<AtRestStep>& steps) {
    for (const auto& each : resource.sealed) {
        if (each.key_absent > 0) {
            steps.push_back(
                {"keyAbsent",
                 resource.resource,
                 each.key_absent,
                 fmt::format(
                     "{} by {}, which this configuration does not have: no apiserver with it "
                     "can read or list them; add it behind the first, out of the "
                     "configuration that was in force",
                     values(each.key_absent), words(each.seal)),
                 {}});
        }
        if (each.failed > 0) {
            steps.push_back(
                {"keyFails",
                 resource.resource,
                 each.failed,
                 fmt::format("{} by {} are not opened by this configuration's key of that "
                             "name ({}): it has another secret, or the values were "
                             "changed or moved",
                             values(each.failed), words(each.seal),
                             text::escape_message(each.failure)),
                 {}});
        }
    }
    if (!resource.reads_plain && resource.plain > 0) {
        steps.push_back(
            {"plainRefused",
             resource.resource,
             resource.plain,
             fmt::format("{} plain, and this configuration reads none: add `identity: {{}}` "
                         "behind the other providers",
                         text::counted(resource.plain, "value is", "values are")),
             {}});
    }
}

void add_stale(const ResourceAtRest& resource, std::vector<AtRestStep>& steps) {
    const auto stale = resource.stale();
    if (stale == 0) return;
    std::string which;
    const auto add = [&](const std::string& part) { which += (which.empty() ? "" : ", ") + part; };
    if (resource.plain > 0 && !resource.writer->is_plain() && resource.reads_plain)
        add(fmt::format("{} plain", resource.plain));
    for (const auto& each : resource.sealed) {
        if (!each.is_current && (each.opened > 0 || each.seal.is_kms()))
            add(fmt::format("{} by {}", each.seal.is_kms() ? each.values : each.opened,
                            words(each.seal)));
    }
    steps.push_back(
        {"rewrite", resource.resource, stale,
         fmt::format("{} not as the server writes them now, {} ({}): rewrite them, and "
                     "drop an old key only after that",
                     text::counted(stale, "value is", "values are"),
                     resource.writer->is_plain() ? "plain" : "by " + words(*resource.writer),
                     which),
         rewrite_command(resource)});
}

/// Secrets are what nobody means to keep in the open.
void add_open(const ResourceAtRest& resource, std::vector<AtRestStep>& steps) {
    if (resource.resource != "secrets" || resource.plain == 0) return;
    if (resource.writer && !resource.writer->is_plain()) return;  // told as stale, or as refused
    steps.push_back(
        {"notEncrypted", resource.resource, resource.plain,
         fmt::format("{} plain: who has this file has them; keep the file encrypted, and "
                     "give the apiserver an EncryptionConfiguration, then rewrite them",
                     text::counted(resource.plain, "value is", "values are")),
         rewrite_command(resource)});
}

}  // namespace

std::vector<AtRestStep> steps(const AtRest& at_rest) {
    std::vector<AtRestStep> steps;
    for (const auto add : {add_closed, add_stale, add_open}) {
        for (const auto& resource : at_rest.resources) add(resource, steps);
    }
    return steps;
}

std::vector<std::string> notes(const AtRest& at_rest) {
    std::vector<std::string> notes;
    for (const auto& resource : at_rest.resources) {
        const bool is_meant = resource.encrypted() > 0 || resource.resource == "secrets";
        const auto name = text::escape(resource.resource);
        if (is_meant && resource.older_plain > 0) {
            notes.push_back(fmt::format(
                "{}: {} still in the file, plain, of older revisions or of deleted objects; only a "
                "compaction with a defragmentation behind it removes them",
                name, text::counted(resource.older_plain, "value is", "values are")));
        }
        for (const auto& each : resource.sealed) {
            if (!each.seal.is_kms()) continue;
            notes.push_back(fmt::format(
                "{}: {} by {}: only the plugin opens them, with the key that it had; a restored "
                "cluster needs it",
                name, values(each.values), words(each.seal)));
        }
    }
    return notes;
}

}  // namespace salvor::audit
