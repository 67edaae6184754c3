#include <algorithm>

#include "core/audit/steps.hpp"
#include "core/report/audit.hpp"
#include "core/report/page.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/human.hpp"

namespace salvor::report {
namespace {

using audit::AtRest;
using audit::ResourceAtRest;
using audit::Seal;
using audit::Sealed;
using text::counted;

std::string seal_words(const Seal& seal) {
    if (seal.is_plain()) return "plain";
    return fmt::format("{}{} {}", text::escape(seal.scheme),
                       seal.is_kms() ? " " + text::escape(seal.version) : "",
                       text::escape(seal.name));
}

/// What the configuration makes of them; empty without one.
std::string state_words(const ResourceAtRest& resource, const Sealed& sealed) {
    if (!resource.writer) return {};
    std::string words;
    const auto add = [&](const std::string& part) { words += (words.empty() ? "" : ", ") + part; };
    if (sealed.opened == sealed.values) add("opened");
    if (sealed.key_absent > 0) add(fmt::format("{} without their key", sealed.key_absent));
    if (sealed.failed > 0) add(fmt::format("{} NOT opened", sealed.failed));
    if (sealed.opened > 0 && sealed.opened < sealed.values)
        add(fmt::format("{} opened", sealed.opened));
    if (sealed.seal.is_kms() && sealed.key_absent < sealed.values) add("by its plugin alone");
    if (sealed.is_current) add("as the server writes now");
    if (!sealed.is_current && (sealed.opened > 0 || sealed.seal.is_kms())) add("to be rewritten");
    return words;
}

std::string plain_words(const ResourceAtRest& resource) {
    if (!resource.writer) return {};
    if (!resource.reads_plain) return "NOT read by the server";
    return resource.writer->is_plain() ? "as the server writes now" : "to be rewritten";
}

/// Worth rows of its own: what is encrypted, or should be.
bool is_shown(const ResourceAtRest& resource) {
    return resource.encrypted() > 0 || resource.resource == "secrets" ||
           (resource.writer && !resource.writer->is_plain());
}

void add_rows(const ResourceAtRest& resource, std::vector<std::vector<std::string>>& rows) {
    auto name = text::escape(resource.resource);
    const auto add = [&](std::uint64_t values, const std::string& by, const std::string& state) {
        rows.push_back({std::move(name), fmt::format("{:>7}", values), by, state});
        name.clear();
    };
    for (const auto& sealed : resource.sealed)
        add(sealed.values, seal_words(sealed.seal), state_words(resource, sealed));
    if (resource.plain > 0) add(resource.plain, "plain", plain_words(resource));
}

std::string opens_words(const AtRest& at_rest) {
    std::uint64_t encrypted = 0, closed = 0, plugin = 0;
    for (const auto& resource : at_rest.resources) {
        encrypted += resource.encrypted();
        closed += resource.closed();
        for (const auto& sealed : resource.sealed) {
            if (sealed.seal.is_kms()) plugin += sealed.values - sealed.key_absent;
        }
    }
    if (!at_rest.has_configuration) {
        return encrypted == 0 ? "nothing is encrypted"
                              : fmt::format(
                                    "{} encrypted; --encryption-config FILE tells whether "
                                    "that configuration opens them",
                                    counted(encrypted, "value is", "values are"));
    }
    auto words = closed == 0 ? std::string("all can be read with this configuration")
                             : fmt::format("{} NOT be read with this configuration",
                                           counted(closed, "value can", "values can"));
    if (plugin > 0)
        words += fmt::format("; {} by a KMS plugin alone, which is not tried here", plugin);
    return words;
}

}  // namespace

std::string audit_text(const std::string& source, const AtRest& at_rest) {
    Page page;
    page.title(fmt::format("{}: encryption at rest below {}, revision {}", text::escape(source),
                           text::escape(at_rest.prefix), at_rest.revision));
    page.gap();
    std::vector<std::vector<std::string>> rows{{"RESOURCE", " VALUES", "BY", ""}};
    std::uint64_t others = 0, objects = 0;
    for (const auto& resource : at_rest.resources) {
        if (is_shown(resource)) {
            add_rows(resource, rows);
        } else {
            ++others;
            objects += resource.objects;
        }
    }
    if (others > 0) {
        rows.push_back({counted(others, "other resource", "other resources"),
                        fmt::format("{:>7}", objects), "plain",
                        at_rest.has_configuration ? "as the server writes now" : ""});
    }
    page.table(rows);
    page.gap();
    page.fact("readable", opens_words(at_rest));
    for (const auto& note : audit::notes(at_rest)) page.fact("note", note);
    const auto steps = audit::steps(at_rest);
    if (!steps.empty()) page.gap();
    int number = 0;
    for (const auto& step : steps) {
        page.fact(number == 0 ? "to do" : "",
                  fmt::format("{}. {}: {}", number + 1, text::escape(step.resource), step.what));
        if (!step.command.empty()) page.title("                 " + step.command);
        ++number;
    }
    return page.take();
}

}  // namespace salvor::report
