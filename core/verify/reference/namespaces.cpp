#include <array>

#include "core/verify/reference/referrer.hpp"
#include "core/verify/rules.hpp"
#include "formats/kube/fields.hpp"
#include "formats/text/escape.hpp"

namespace salvor::verify {
namespace {

constexpr Rule namespace_absent{"namespace-absent",
                                Layer::reference,
                                Severity::warning,
                                "an object's namespace is there",
                                "the object is listed, and nothing can be made beside it: make "
                                "the namespace after the restore, or delete the key",
                                Subject::cluster};
constexpr Rule namespace_terminating{
    "namespace-terminating",
    Layer::reference,
    Severity::warning,
    "no namespace is being deleted",
    "its deletion goes on after the restore until all in it is gone, and waits while an APIService "
    "has no backend: export what is to be kept (`salvor export -n`)",
    Subject::cluster};
constexpr Rule deletion_waits{"deletion-waits",
                              Layer::reference,
                              Severity::warning,
                              "no object waits for a finalizer to be deleted",
                              "it is deleted when whoever set the finalizer takes it away: see "
                              "that this controller runs after the restore",
                              Subject::cluster};
constexpr Rule deletion_interrupted{"deletion-interrupted",
                                    Layer::reference,
                                    Severity::note,
                                    "an object that is deleted, with no finalizer and no grace "
                                    "period, is gone",
                                    "a deletion was broken off: the next one finishes it",
                                    Subject::cluster};
constexpr Rule crd_terminating{"crd-terminating",
                               Layer::reference,
                               Severity::warning,
                               "no CustomResourceDefinition is being deleted",
                               "after the restore the apiserver deletes all its objects: export "
                               "them first (`salvor export`)",
                               Subject::cluster};
constexpr Rule namespace_finalizer{
    "namespace-finalizer",
    Layer::reference,
    Severity::warning,
    "a namespace that is not being deleted has the finalizer kubernetes",
    "when it is deleted, what is in it stays behind: put the finalizer back (kubectl replace --raw "
    "/api/v1/namespaces/NAME/finalize)",
    Subject::cluster};
constexpr std::array table{namespace_absent,     namespace_terminating, deletion_waits,
                           deletion_interrupted, crd_terminating,       namespace_finalizer};

std::string finalizers_words(const kube::Lifecycle& life) {
    constexpr std::size_t shown = 5;
    std::string words;
    for (std::size_t i = 0; i < std::min(life.finalizers.size(), shown); ++i)
        words += (i == 0 ? "" : ", ") + text::escape(life.finalizers[i]);
    if (life.finalizers.size() > shown) words += ", ...";
    return words;
}

}  // namespace

RuleRows namespace_rules() {
    return table;
}

void check_namespace(const Referrer& referrer) {
    const auto name = referrer.namespace_name();
    if (name.empty() || referrer.lookup.find("namespaces", {}, name)) return;
    referrer.say(namespace_absent, [&] { return named("Namespace", {}, name) + " is not there"; });
}

void check_namespace_object(const Referrer& referrer) {
    if (referrer.life.is_deleted) return;
    bool has_it = false;
    kube::each_field(kube::bytes_at(referrer.message(), {2 /* spec */}), 1,
                     [&](const kube::FieldValue& finalizer) {
                         has_it = has_it || finalizer.bytes == "kubernetes";
                     });
    if (!has_it) referrer.say(namespace_finalizer, [] { return "it has not that finalizer"; });
}

void check_deletion(const Referrer& referrer) {
    const auto& life = referrer.life;
    if (!life.is_deleted) return;
    const auto& place = referrer.object.key.type->key_prefix;
    if (place == "namespaces") {
        referrer.say(namespace_terminating, [] { return "the namespace is being deleted"; });
    } else if (place == "apiextensions.k8s.io/customresourcedefinitions") {
        referrer.say(crd_terminating, [] { return "the definition is being deleted"; });
    } else if (!life.finalizers.empty()) {
        referrer.say(deletion_waits, [&] {
            return fmt::format("deleted, and waits for {}", finalizers_words(life));
        });
    } else if (life.grace_period == 0) {
        referrer.say(deletion_interrupted, [] { return "deleted, and still there"; });
    }
}

}  // namespace salvor::verify
