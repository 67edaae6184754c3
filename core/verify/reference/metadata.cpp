#include <algorithm>
#include <array>

#include "core/cluster/table/cells.hpp"
#include "core/verify/reference/referrer.hpp"
#include "core/verify/rules.hpp"
#include "formats/kube/fields.hpp"
#include "formats/text/human.hpp"
#include "formats/text/time.hpp"

namespace salvor::verify {
namespace {

// Source: apimachinery pkg/api/validation/objectmeta.go, apiserver
// pkg/registry/rest/{create,update}.go, pkg/storage/api_object_versioner.go

constexpr Rule created_absent{
    "created-absent",
    Layer::reference,
    Severity::warning,
    "an object has a creationTimestamp",
    "no apiserver wrote it; its age is not known to whoever judges by it: make the object anew "
    "after the restore",
    Subject::cluster};
constexpr Rule created_later{
    "created-later",
    Layer::reference,
    Severity::warning,
    "with --now: an object was created before then",
    "a clock of the cluster was wrong, or --now is: whatever waits for the object's age waits so "
    "much longer",
    Subject::cluster};
constexpr Rule resource_version_stored{
    "resource-version-stored",
    Layer::reference,
    Severity::note,
    "no object is stored with a resourceVersion",
    "somebody wrote past the apiserver, which shows its own revision in its place",
    Subject::cluster};
constexpr Rule finalizers_conflict{
    "finalizers-conflict",
    Layer::reference,
    Severity::warning,
    "no object has the finalizers orphan and foregroundDeletion together",
    "the apiserver refuses every update of it, so it cannot be deleted either: take one away "
    "with a write past the apiserver, or `salvor export` it and make it anew",
    Subject::cluster};
constexpr Rule annotations_size{
    "annotations-size",
    Layer::reference,
    Severity::warning,
    "an object's annotations have 256 KiB at most",
    "the apiserver refuses every update that leaves them so: shorten them after the restore",
    Subject::cluster};
constexpr Rule object_size{
    "object-size",
    Layer::reference,
    Severity::warning,
    "a stored object is no larger than etcd takes by default, 1.5 MiB",
    "an update of it is refused unless etcd runs with a larger --max-request-bytes, as it did "
    "here: start the restored one with it, too",
    Subject::cluster};
constexpr std::array table{created_absent,      created_later,    resource_version_stored,
                           finalizers_conflict, annotations_size, object_size};

constexpr std::size_t most_annotations = 256 << 10;
constexpr std::size_t most_request = 3 << 19;
constexpr int metadata_field = 1, annotations_field = 12;

/// Keys and values together, as the apiserver counts them.
std::size_t annotations_size_of(const Referrer& referrer) {
    std::size_t size = 0;
    if (!referrer.message().empty()) {
        kube::each_field(kube::bytes_at(referrer.message(), {metadata_field}), annotations_field,
                         [&](const kube::FieldValue& entry) {
                             size += kube::bytes_at(entry.bytes, {1}).size() +
                                     kube::bytes_at(entry.bytes, {2}).size();
                         });
        return size;
    }
    kube::Document document;
    const auto object = referrer.tree(document);
    const auto* annotations = table::at(object, "metadata.annotations");
    if (!annotations) return 0;
    for (const auto& [name, value] : annotations->members)
        size += name.size() + value.string.size();
    return size;
}

void check_sizes(const Referrer& referrer) {
    const auto size = referrer.object.kv.value.size();
    if (size <= most_annotations) return;  // for both
    if (const auto annotations = annotations_size_of(referrer); annotations > most_annotations) {
        referrer.say(annotations_size, [&] {
            return fmt::format("its annotations have {}", text::human_size(annotations));
        });
    }
    if (size + referrer.object.kv.key.size() <= most_request) return;
    referrer.say(object_size,
                 [&] { return fmt::format("it is stored in {}", text::human_size(size)); });
}

bool has_finalizer(const kube::Lifecycle& life, Bytes name) {
    return std::find(life.finalizers.begin(), life.finalizers.end(), name) != life.finalizers.end();
}

}  // namespace

RuleRows metadata_rules() {
    return table;
}

void check_metadata(const Referrer& referrer) {
    const auto& identity = referrer.checked.identity;
    if (!identity.created) {
        referrer.say(created_absent, [] { return "it has no creationTimestamp"; });
    } else if (referrer.scope.now() && *identity.created > *referrer.scope.now()) {
        referrer.say(created_later,
                     [&] { return "it was created at " + text::rfc3339(*identity.created); });
    }
    if (identity.has_resource_version)
        referrer.say(resource_version_stored, [] { return "it has a resourceVersion"; });
    if (has_finalizer(referrer.life, "orphan") &&
        has_finalizer(referrer.life, "foregroundDeletion"))
        referrer.say(finalizers_conflict, [] { return "both are its finalizers"; });
    check_sizes(referrer);
}

}  // namespace salvor::verify
