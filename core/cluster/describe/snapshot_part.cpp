#include "core/cluster/describe/snapshot_part.hpp"

#include <algorithm>

#include "core/cluster/describe/parts.hpp"
#include "core/cluster/describe/references.hpp"
#include "formats/text/human.hpp"
#include "formats/text/time.hpp"

namespace salvor::describe {
namespace {

/// Of a list; how many more there are is said.
constexpr std::size_t most_listed = 20;
constexpr std::size_t most_revisions = 10;
constexpr std::string_view missing = " (not in the snapshot)";

/// Texts under each other behind a title, one level deep.
void list(Writer& out, std::string_view title, const std::vector<std::string>& texts) {
    out.write(1, "{}:\t{}\n", title, texts.empty() ? "<none>" : texts.front());
    for (std::size_t i = 1; i < std::min(texts.size(), most_listed); ++i)
        out.write(1, "\t{}\n", texts[i]);
    if (texts.size() > most_listed) out.write(1, "\tand {} more\n", texts.size() - most_listed);
}

std::string words(const Subject& subject, std::string_view kind, std::string_view space,
                  std::string_view name) {
    const bool is_home = space.empty() || space == string_at(subject.object, "metadata.namespace");
    return fmt::format("{}/{}{}{}", kind, name, is_home ? "" : " in ", is_home ? "" : space);
}

/// "aescbc:v1:key1" of a value that is encrypted at rest.
std::string encryption_of(Bytes value) {
    constexpr Bytes start = "k8s:enc:";
    if (!value.starts_with(start)) return {};
    auto end = start.size();
    for (int part = 0; part < 3 && end != Bytes::npos; ++part) end = value.find(':', end) + 1;
    if (end == Bytes::npos || end <= start.size()) return {};
    return std::string(value.substr(start.size(), end - 1 - start.size()));
}

std::string_view encoding_words(kube::Encoding encoding) {
    switch (encoding) {
        case kube::Encoding::protobuf: return "protobuf";
        case kube::Encoding::json: return "JSON";
        case kube::Encoding::cbor: return "CBOR";
        default: return "another encoding";
    }
}

void storage(Writer& out, const cluster::Object& object) {
    const auto& row = object.row();
    out.write(1, "Key:\t{}\n", row.key);
    out.write(1, "Revision:\t{}, version {} since its creation at {}\n", row.mod_revision,
              row.version, row.create_revision);
    const auto encryption = encryption_of(row.value);
    out.write(1, "Stored As:\t{} {}, {}, {} bytes{}{}\n", object.api_version(), object.kind(),
              encoding_words(object.encoding()), row.value.size(),
              encryption.empty() ? "" : ", encrypted by ", encryption);
}

void owners(const Subject& subject, Writer& out) {
    std::vector<std::string> texts;
    const auto home = string_at(subject.object, "metadata.namespace");
    const auto& cluster = subject.around.cluster();
    for (const auto& owner : items_at(subject.object, "metadata.ownerReferences")) {
        const auto group = kube::split_api_version(owner.text("apiVersion")).group;
        const auto* type = cluster.catalog().of_kind(group, owner.text("kind"));
        bool is_same = false;
        const bool found =
            type && subject.around.with(
                        type->full_name(), home, owner.text("name"), [&](const Value& object) {
                            is_same = string_at(object, "metadata.uid") == owner.text("uid");
                        });
        texts.push_back(fmt::format("{}/{}{}{}", owner.text("kind"), owner.text("name"),
                                    is_true(owner, "controller") ? " (controller)" : "",
                                    is_same ? ""
                                    : found ? " (another one of that name is in the snapshot)"
                                            : missing));
    }
    list(out, "Owners", texts);
}

void dependents(const Subject& subject, Writer& out) {
    std::vector<std::string> texts;
    for (const auto& place : subject.around.dependents(string_at(subject.object, "metadata.uid")))
        texts.push_back(words(subject, place.type ? place.type->kind : "Object",
                              place.namespace_name, place.name));
    list(out, "Dependents", texts);
}

void named(const Subject& subject, Writer& out) {
    std::vector<std::string> texts;
    for (const auto& one : references(subject.object, subject.around.cluster().catalog())) {
        const bool is_there =
            one.type && subject.around.has(*one.type, one.namespace_name, one.name);
        texts.push_back(words(subject, one.kind, one.namespace_name, one.name) +
                        (is_there ? std::string{} : std::string(missing)));
    }
    list(out, "Refers To", texts);
}

// -- revisions

std::string time_words(const std::optional<cluster::KnownTime>& time) {
    if (!time) return "unknown";
    if (time->at) return text::rfc3339(time->at->seconds);
    if (time->not_before) return "after " + text::rfc3339(time->not_before->seconds);
    return "before " + text::rfc3339(time->not_after->seconds);
}

std::string_view event_words(cluster::HistoryEvent event) {
    switch (event) {
        case cluster::HistoryEvent::oldest_kept: return "oldest kept";
        case cluster::HistoryEvent::created: return "created";
        case cluster::HistoryEvent::changed: return "changed";
        case cluster::HistoryEvent::deleted: return "deleted";
        case cluster::HistoryEvent::recreated: return "created again";
    }
    return "";
}

std::string line_of(const cluster::HistoryEntry& entry) {
    std::vector<std::string> managers;
    for (const auto& writer : entry.writers) {
        if (std::find(managers.begin(), managers.end(), writer.manager) == managers.end())
            managers.push_back(writer.manager);
    }
    return fmt::format("{}\t{}\t{}\t{}\t{}", entry.revision,
                       entry.version == 0 ? "-" : std::to_string(entry.version),
                       time_words(entry.time), event_words(entry.event),
                       table::join(managers, ", "));
}

void revisions(Writer& out, const cluster::History& history, const cluster::Times& times) {
    std::vector<std::string> lines;
    history.each({&times}, {},
                 [&](const cluster::HistoryEntry& entry) { lines.push_back(line_of(entry)); });
    const auto first = lines.size() > most_revisions ? lines.size() - most_revisions : 0;
    out.write(1, "Kept Revisions: {}{}\n", lines.size(),
              first == 0 ? "" : fmt::format(", the last {} of them here", most_revisions));
    out.write(2, "Revision\tVersion\tTime\tEvent\tManagers\n");
    out.write(2, "--------\t-------\t----\t-----\t--------\n");
    for (auto i = first; i < lines.size(); ++i) out.write(2, "{}\n", lines[i]);
}

}  // namespace

std::string snapshot_part(const Subject& subject, const cluster::Object& object,
                          const cluster::History& history, const cluster::Times& times) {
    Writer out;
    out.write(0, "Snapshot:\n");
    storage(out, object);
    owners(subject, out);
    dependents(subject, out);
    named(subject, out);
    revisions(out, history, times);
    return out.take();
}

}  // namespace salvor::describe
