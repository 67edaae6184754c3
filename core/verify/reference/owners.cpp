#include <array>

#include "core/verify/reference/referrer.hpp"
#include "core/verify/rules.hpp"
#include "formats/text/escape.hpp"

namespace salvor::verify {
namespace {

// Source: kubernetes pkg/controller/garbagecollector/garbagecollector.go (attemptToDeleteItem)

constexpr Rule owner_absent{"owner-absent",
                            Layer::reference,
                            Severity::warning,
                            "one of an object's owners is there",
                            "the garbage collector deletes it in the first minutes after a "
                            "restore: keep a manifest (`salvor export`), or take the owner "
                            "reference away before the controllers start",
                            Subject::cluster};
constexpr Rule owner_absent_some{"owner-absent-some",
                                 Layer::reference,
                                 Severity::note,
                                 "all of an object's owners are there",
                                 "the garbage collector takes the reference away and leaves the "
                                 "object, since another owner is there",
                                 Subject::cluster};
constexpr Rule owner_scope{"owner-scope",
                           Layer::reference,
                           Severity::warning,
                           "an object of the cluster has no owner in a namespace",
                           "the garbage collector never deletes it and says so in events: correct "
                           "the owner reference after the restore",
                           Subject::cluster};
constexpr Rule owner_unknown{"owner-unknown",
                             Layer::reference,
                             Severity::note,
                             "an owner is of a kind that the tables or a CRD have",
                             "where no apiserver serves that kind the garbage collector asks again "
                             "and again and deletes nothing",
                             Subject::cluster};
constexpr Rule owner_incomplete{"owner-incomplete",
                                Layer::reference,
                                Severity::warning,
                                "an owner reference has apiVersion, kind, name and uid, and one of "
                                "them at most is the controller",
                                "no apiserver wrote it; it refuses the next update of the object: "
                                "correct the owner references after the restore",
                                Subject::cluster};
constexpr std::array table{owner_absent, owner_absent_some, owner_scope, owner_unknown,
                           owner_incomplete};

enum class Found { solid, absent, other_uid, unknown, unreachable };

Found look_for(const Referrer& referrer, const kube::Owner& owner) {
    const auto* type = referrer.lookup.type_of(owner.api_version, owner.kind);
    if (!type) return Found::unknown;
    if (type->namespaced && referrer.namespace_name().empty()) return Found::unreachable;
    const auto target = referrer.lookup.find(
        *type, type->namespaced ? referrer.namespace_name() : Bytes{}, owner.name);
    if (!target) return Found::absent;
    const auto uid = referrer.lookup.uid_of(target);
    return !uid || *uid == owner.uid ? Found::solid : Found::other_uid;
}

std::string words_of(const kube::Owner& owner) {
    return fmt::format("{} {}", text::escape(owner.kind), text::escape(owner.name));
}

std::string absent_words(const kube::Owner& owner, Found found) {
    return fmt::format("its owner {} {}", words_of(owner), not_the_one(found != Found::absent));
}

bool is_incomplete(const kube::Owner& owner) {
    return owner.api_version.empty() || owner.kind.empty() || owner.name.empty() ||
           owner.uid.empty();
}

}  // namespace

RuleRows owner_rules() {
    return table;
}

void check_owners(const Referrer& referrer) {
    std::size_t absent = 0, controllers = 0;
    std::string first;
    for (const auto& owner : referrer.life.owners) {
        controllers += owner.is_controller;
        if (is_incomplete(owner)) {
            referrer.say(owner_incomplete, [] { return "an owner reference lacks a part"; });
            return;
        }
        const auto found = look_for(referrer, owner);
        if (found == Found::unknown) {
            referrer.say(owner_unknown, [&] {
                return fmt::format("its owner is a {} of {}, which nobody defines",
                                   text::escape(owner.kind), text::escape(owner.api_version));
            });
        } else if (found == Found::unreachable) {
            referrer.say(owner_scope, [&] {
                return fmt::format("its owner {} is of a namespaced kind", words_of(owner));
            });
        } else if (found != Found::solid && absent++ == 0) {
            first = absent_words(owner, found);
        }
    }
    if (controllers > 1) {
        referrer.say(owner_incomplete,
                     [&] { return fmt::format("{} owners are its controller", controllers); });
    }
    if (absent == 0) return;
    referrer.say(absent == referrer.life.owners.size() ? owner_absent : owner_absent_some, [&] {
        return absent == 1 ? first : fmt::format("{}, nor are {} others", first, absent - 1);
    });
}

}  // namespace salvor::verify
