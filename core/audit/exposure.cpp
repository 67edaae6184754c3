#include "core/audit/exposure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "core/audit/credential.hpp"
#include "core/audit/oauth.hpp"
#include "core/audit/objects.hpp"
#include "core/cluster/pod_secrets.hpp"

namespace salvor::audit {
namespace {

using kube::Value;
using Place = std::pair<std::string, std::string>;  ///< namespace and name

/// Resources that hold what opens something.
struct Store {
    const char* group;
    const char* plural;
    const char* kind;
    std::string full_name() const {
        return *group ? fmt::format("{}.{}", plural, group) : std::string(plural);
    }
};
constexpr std::array stores{
    Store{"", "secrets", "Secret"},
    Store{"oauth.openshift.io", "oauthaccesstokens", "OAuthAccessToken"},
    Store{"oauth.openshift.io", "oauthauthorizetokens", "OAuthAuthorizeToken"},
    Store{"oauth.openshift.io", "oauthclients", "OAuthClient"}};

/// One object of theirs.
struct Holder {
    std::size_t store = 0;  ///< among `stores`
    Place place;
    auto operator<=>(const Holder&) const = default;
};

/// A pod as far as it matters here.
struct Pod {
    Place place;
    std::string node, account;
    std::set<std::string> secrets;
};

class Gathering {
 public:
    Gathering(const cluster::Cluster& cluster, std::int64_t now) : cluster_(cluster), now_(now) {}

    Result<void> read_accounts() {
        SALVOR_CHECK(read_uids("serviceaccounts", uids_));
        return read_uids("users.user.openshift.io", user_uids_);
    }

    Result<void> read_pods() {
        return each_of("pods", [&](const cluster::ObjectKey& key, const Value& value) {
            const auto* status = value.find("status");
            const auto phase = status ? status->text("phase") : std::string_view();
            const auto* spec = value.find("spec");
            if (!spec || phase == "Succeeded" || phase == "Failed") return;
            auto account = std::string(spec->text("serviceAccountName"));
            if (account.empty()) account = "default";
            pods_.push_back({place_of(key), std::string(spec->text("nodeName")), std::move(account),
                             cluster::secrets_of_pod(*spec)});
        });
    }

    /// Notes a way to one, once.
    void add_way(const Holder& holder, const std::string& way) {
        auto& ways = ways_[holder];
        if (std::find(ways.begin(), ways.end(), way) == ways.end()) ways.push_back(way);
    }

    const std::vector<Pod>& pods() const { return pods_; }

    /// Calls `each(holder, row)` for all that are live, by their keys alone.
    template <class Each>
    Result<void> each_holder(Each&& each) const {
        for (std::size_t i = 0; i < stores.size(); ++i) {
            SALVOR_CHECK(each_candidate(
                cluster_, stores[i].full_name(), [&](const cluster::Candidate& candidate) {
                    each(Holder{i, place_of(candidate.item().key)}, candidate.item().row);
                }));
        }
        return {};
    }

    /// Tells of each to which there is a way what it is.
    Result<Exposure> finish() {
        for (std::size_t i = 0; i < stores.size(); ++i) {
            SALVOR_CHECK(each_candidate(
                cluster_, stores[i].full_name(), [&](const cluster::Candidate& candidate) {
                    const auto found = ways_.find({i, place_of(candidate.item().key)});
                    if (found != ways_.end()) tell(i, candidate, std::move(found->second));
                }));
        }
        sort();
        return std::move(exposure_);
    }

    /// One more, of a value that is no longer the live one.
    void add(std::size_t store, const cluster::Object& object, const Value& value,
             std::vector<std::string> ways) {
        if (auto held = held_of(store, value)) {
            held->namespace_name = object.key().namespace_name;
            held->name = redactor_.name(object);
            push(*std::move(held), std::move(ways));
        }
    }
    void sort() {
        std::stable_sort(exposure_.secrets.begin(), exposure_.secrets.end(),
                         [](const HeldSecret& a, const HeldSecret& b) {
                             return std::tuple(!a.is_good(), a.namespace_name, a.name) <
                                    std::tuple(!b.is_good(), b.namespace_name, b.name);
                         });
    }
    Exposure& exposure() { return exposure_; }

    static Place place_of(const cluster::ObjectKey& key) {
        return {std::string(key.namespace_name), std::string(key.name)};
    }

 private:
    Result<void> read_uids(const char* plural, std::map<Place, std::string>& uids) {
        return each_of(plural, [&](const cluster::ObjectKey& key, const Value& value) {
            const auto* metadata = value.find("metadata");
            uids[place_of(key)] = metadata ? std::string(metadata->text("uid")) : std::string();
        });
    }

    static bool is_live(const std::map<Place, std::string>& uids, const Place& place,
                        const std::string& uid) {
        const auto found = uids.find(place);
        return found != uids.end() && (uid.empty() || found->second == uid);
    }

    std::optional<HeldSecret> held_of(std::size_t store, const Value& value) const {
        if (store > 0) {
            return oauth_credential_of(stores[store].kind, value, now_,
                                       [&](const auto& user, const auto& uid) {
                                           return is_live(user_uids_, {"", user}, uid);
                                       });
        }
        return credential_of(value, now_, [&](const auto& home, const auto& name, const auto& uid) {
            return is_live(uids_, {home, name}, uid);
        });
    }

    void tell(std::size_t store, const cluster::Candidate& candidate,
              std::vector<std::string> ways) {
        kube::Document document;
        const auto value = value_of(candidate, document, exposure_.problems);
        if (value) return add(store, *candidate.object(), *value, std::move(ways));
        const auto& key = candidate.item().key;
        HeldSecret held;
        held.namespace_name = key.namespace_name;
        // Of a token that cannot be read the name may be the token itself.
        held.name = store == 0 ? std::string(key.name) : redactor_.in_place_of(key.name);
        held.type = stores[store].kind;
        held.what = "not readable here";
        push(std::move(held), std::move(ways));
    }

    void push(HeldSecret held, std::vector<std::string> ways) {
        held.ways = std::move(ways);
        exposure_.secrets.push_back(std::move(held));
    }

    Result<void> each_of(const char* plural,
                         const std::function<void(const cluster::ObjectKey&, const Value&)>& each) {
        return each_value(cluster_, plural, exposure_.problems, each);
    }

    const cluster::Cluster& cluster_;
    std::int64_t now_;
    cluster::Redactor redactor_;
    std::map<Place, std::string> uids_;       ///< of service accounts
    std::map<Place, std::string> user_uids_;  ///< of OpenShift's
    std::vector<Pod> pods_;
    std::map<Holder, std::vector<std::string>> ways_;
    Exposure exposure_;
};

/// By what somebody may read one; empty: they may not.
std::string way_to_read(const Rights& rights, const Identity& identity, const Holder& holder) {
    for (const char* verb : {"get", "list", "watch"}) {
        Request request;
        request.verb = verb;
        request.group = stores[holder.store].group;
        request.resource = stores[holder.store].plural;
        std::tie(request.namespace_name, request.name) = holder.place;
        const auto grants = rights.granting(identity, request);
        if (grants.empty()) continue;
        return fmt::format("may {} it by {}{}", verb, grants.front().binding->words(),
                           grants.front().is_pending ? " (pending)" : "");
    }
    return {};
}

Result<void> add_readable(Gathering& gathering, const Rights& rights, const Identity& identity,
                          const std::string& whose) {
    return gathering.each_holder([&](const Holder& holder, const etcd::KeyValue&) {
        const auto way = way_to_read(rights, identity, holder);
        if (!way.empty()) gathering.add_way(holder, whose + way);
    });
}

void add_mounted(Gathering& gathering, const Pod& pod) {
    for (const auto& name : pod.secrets) {
        gathering.add_way({0, {pod.place.first, name}},
                          fmt::format("used by pod {}/{}", pod.place.first, pod.place.second));
    }
}

std::string account_user(const std::string& namespace_name, const std::string& account) {
    return Subject{Subject::Kind::service_account, namespace_name, account}.words();
}

/// Which of `stores` a type is.
std::optional<std::size_t> store_of(const cluster::ResourceType* type) {
    const auto found = std::find_if(stores.begin(), stores.end(), [&](const Store& store) {
        return type && type->group == store.group && type->plural == store.plural;
    });
    if (found == stores.end()) return {};
    return static_cast<std::size_t>(found - stores.begin());
}

/// What is not live any more and stands in the file all the same: of each once.
Result<void> add_older(const cluster::Cluster& cluster, Gathering& gathering) {
    std::set<Holder> live, told;
    SALVOR_CHECK(gathering.each_holder(
        [&](const Holder& holder, const etcd::KeyValue&) { live.insert(holder); }));
    return timeline::walk_key_values(
        cluster.db(),
        [&](const timeline::Row& row, timeline::RowPosition, const etcd::KeyValue& kv) {
            const auto item = row.row_key.tombstone ? std::nullopt : cluster.item(kv);
            const auto store = item ? store_of(item->key.type) : std::nullopt;
            if (!store) return true;
            const Holder holder{*store, Gathering::place_of(item->key)};
            if (live.contains(holder) || !told.insert(holder).second) return true;
            if (kube::encoding_of(kv.value) == kube::Encoding::encrypted) return true;
            const auto object = cluster.open_object(*item);
            kube::Document document;
            const auto value = object ? object->value_tree(document, {false, false})
                                      : Result<Value>(std::unexpected(object.error()));
            if (value) gathering.add(*store, *object, *value, {"deleted, and still in the file"});
            return true;
        });
}

}  // namespace

Result<Exposure> exposure_of_file(const cluster::Cluster& cluster, std::int64_t now) {
    Gathering gathering(cluster, now);
    SALVOR_CHECK(gathering.read_accounts());
    SALVOR_CHECK(gathering.each_holder([&](const Holder& holder, const etcd::KeyValue& row) {
        if (kube::encoding_of(row.value) == kube::Encoding::encrypted) {
            ++gathering.exposure().closed;
        } else {
            gathering.add_way(holder, "plain in the file");
        }
    }));
    SALVOR_CHECK(add_older(cluster, gathering));
    return gathering.finish();
}

Result<Exposure> exposure_of(const cluster::Cluster& cluster, const Rights& rights,
                             const Identity& identity, std::int64_t now) {
    Gathering gathering(cluster, now);
    SALVOR_CHECK(gathering.read_accounts());
    SALVOR_CHECK(add_readable(gathering, rights, identity, {}));
    SALVOR_CHECK(gathering.read_pods());
    for (const auto& pod : gathering.pods()) {
        if (account_user(pod.place.first, pod.account) == identity.user)
            add_mounted(gathering, pod);
    }
    return gathering.finish();
}

Result<Exposure> exposure_of_node(const cluster::Cluster& cluster, const Rights& rights,
                                  const std::string& node, std::int64_t now) {
    Gathering gathering(cluster, now);
    SALVOR_CHECK(gathering.read_accounts());
    SALVOR_CHECK(gathering.read_pods());
    std::set<std::string> accounts;
    for (const auto& pod : gathering.pods()) {
        if (pod.node != node) continue;
        add_mounted(gathering, pod);
        accounts.insert(account_user(pod.place.first, pod.account));
    }
    for (const auto& user : accounts) {
        SALVOR_CHECK(add_readable(gathering, rights, Identity::parse(user, {}), user + " "));
    }
    gathering.exposure().accounts = {accounts.begin(), accounts.end()};
    return gathering.finish();
}

}  // namespace salvor::audit
