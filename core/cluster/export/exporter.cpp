#include "core/cluster/export/exporter.hpp"

namespace salvor::cluster {
namespace {

Result<Surroundings> surroundings_of(const Cluster& cluster) {
    Surroundings found;
    Query query;
    SALVOR_TRY(query.targets, parse_targets(cluster.catalog(), {"services"}));
    SALVOR_TRY(const auto services, Selection::of(cluster, query));
    services.each([&](const Candidate& candidate) {
        const auto& key = candidate.item().key;
        const auto& object = candidate.object();
        kube::Document document;
        const auto value = object ? object->value_tree(document, {})
                                  : Result<kube::Value>(fail(ErrorCode::malformed, "no object"));
        const auto* selector = value ? value->at({"spec", "selector"}) : nullptr;
        if (selector && !selector->members.empty())
            found.selecting_services.insert(fmt::format("{}/{}", key.namespace_name, key.name));
        return true;
    });
    return found;
}

std::string resource_name(const Object& object) {
    if (object.key().type) return object.key().type->full_name();
    const auto group = kube::split_api_version(object.api_version()).group;
    return group.empty() ? std::string(object.kind()) : fmt::format("{}.{}", object.kind(), group);
}

std::string text_at(const kube::Value& value, Bytes member) {
    const auto* found = value.at({"metadata", member});
    return found && found->is_string() ? std::string(found->string) : std::string();
}

}  // namespace

Exporter::Exporter(const Cluster& cluster, Options options)
    : options_(std::move(options)),
      presenter_(cluster, {options_.raw, options_.show_secrets, true}) {}

Result<Exporter> Exporter::of(const Cluster& cluster, Options options) {
    Exporter exporter(cluster, std::move(options));
    SALVOR_TRY(exporter.surroundings_, surroundings_of(cluster));
    return exporter;
}

Result<ExportCounts> Exporter::run(Selection& selection, const Take& take,
                                   const Failed& failed) const {
    selection.sort<std::uint16_t>(
        [](const Candidate& candidate) { return rank_of(candidate.item().key); },
        [](std::uint16_t a, std::uint16_t b) { return a < b; });
    ExportCounts counts;
    Result<void> done;
    selection.each([&](const Candidate& candidate) {
        done = run_one(candidate, take, failed, counts);
        return done.has_value();
    });
    SALVOR_CHECK(done);
    return counts;
}

Result<void> Exporter::run_one(const Candidate& candidate, const Take& take, const Failed& failed,
                               ExportCounts& counts) const {
    const auto& object = candidate.object();
    const auto not_read = [&](const Error& error) {
        ++counts.failed;
        failed(candidate.item().row.key, error.message);
        return Result<void>{};
    };
    if (!object) return not_read(object.error());
    if (!options_.show_secrets && Redactor::is_secret(*object)) {
        ++counts.left_out[secret_rule];
        return {};
    }
    kube::Document document;
    auto value = presenter_.value(*object, document);
    if (!value) return not_read(value.error());
    auto subject = subject_of(*object, *value, document);
    return one(subject, candidate.item(), take, counts);
}

Result<void> Exporter::one(Subject& subject, const Item& item, const Take& take,
                           ExportCounts& counts) const {
    if (!options_.raw) {
        if (const auto* rule = omission(subject, surroundings_)) {
            ++counts.left_out[std::string(rule->name)];
            return {};
        }
        for (const auto& rule : cleaning_rules()) {
            if (rule.clean(subject)) ++counts.cleaned[std::string(rule.name)];
        }
    }
    if (rename_namespaces(subject, options_.renames)) ++counts.renamed;
    ++counts.exported;
    return take({subject.value, stage_of(subject.object.key()), text_at(subject.value, "namespace"),
                 resource_name(subject.object), text_at(subject.value, "name"),
                 presenter_.keeps_version(subject.object), item});
}

}  // namespace salvor::cluster
