#include "core/audit/exposure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/audit/credential.hpp"
#include "core/audit/objects.hpp"
#include "core/cluster/pod_secrets.hpp"

namespace salvor::audit {
namespace {

using kube::Value;
using Place = std::pair<std::string, std::string>;  ///< namespace and name

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
        return each_of("serviceaccounts", [&](const cluster::ObjectKey& key, const Value& value) {
            const auto* metadata = value.find("metadata");
            uids_[place_of(key)] = metadata ? std::string(metadata->text("uid")) : std::string();
        });
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

    /// Notes a way to a Secret, once.
    void add_way(const Place& secret, const std::string& way) {
        auto& ways = ways_[secret];
        if (std::find(ways.begin(), ways.end(), way) == ways.end()) ways.push_back(way);
    }

    const std::vector<Pod>& pods() const { return pods_; }

    /// Calls `each(place, row)` for all live Secrets, by their keys alone.
    template <class Each>
    Result<void> each_secret(Each&& each) const {
        return each_candidate(cluster_, "secrets", [&](const cluster::Candidate& candidate) {
            each(place_of(candidate.item().key), candidate.item().row);
        });
    }

    /// Tells of each Secret to which there is a way what it is.
    Result<Exposure> finish() {
        SALVOR_CHECK(each_candidate(cluster_, "secrets", [&](const cluster::Candidate& candidate) {
            const auto& key = candidate.item().key;
            const auto found = ways_.find(place_of(key));
            if (found == ways_.end()) return;
            kube::Document document;
            const auto value = value_of(candidate, document, exposure_.problems);
            add(value ? *value : Value{}, key, std::move(found->second));
            if (!value) exposure_.secrets.back().what = "not readable here";
        }));
        sort();
        return std::move(exposure_);
    }

    /// One more, of a value that is no longer the live one.
    void add(const Value& value, const cluster::ObjectKey& key, std::vector<std::string> ways) {
        auto held =
            credential_of(value, now_, [&](const auto& home, const auto& name, const auto& uid) {
                const auto found = uids_.find({home, name});
                return found != uids_.end() && (uid.empty() || found->second == uid);
            });
        std::tie(held.namespace_name, held.name) = place_of(key);
        held.ways = std::move(ways);
        exposure_.secrets.push_back(std::move(held));
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
    Result<void> each_of(const char* plural,
                         const std::function<void(const cluster::ObjectKey&, const Value&)>& each) {
        return each_value(cluster_, plural, exposure_.problems, each);
    }

    const cluster::Cluster& cluster_;
    std::int64_t now_;
    std::map<Place, std::string> uids_;  ///< of service accounts
    std::vector<Pod> pods_;
    std::map<Place, std::vector<std::string>> ways_;
    Exposure exposure_;
};

/// By what somebody may read one Secret; empty: they may not.
std::string way_to_read(const Rights& rights, const Identity& identity, const Place& secret) {
    for (const char* verb : {"get", "list", "watch"}) {
        Request request;
        request.verb = verb;
        request.resource = "secrets";
        request.namespace_name = secret.first;
        request.name = secret.second;
        const auto grants = rights.granting(identity, request);
        if (grants.empty()) continue;
        return fmt::format("may {} it by {}{}", verb, grants.front().binding->words(),
                           grants.front().is_pending ? " (pending)" : "");
    }
    return {};
}

Result<void> add_readable(Gathering& gathering, const Rights& rights, const Identity& identity,
                          const std::string& whose) {
    return gathering.each_secret([&](const Place& secret, const etcd::KeyValue&) {
        const auto way = way_to_read(rights, identity, secret);
        if (!way.empty()) gathering.add_way(secret, whose + way);
    });
}

void add_mounted(Gathering& gathering, const Pod& pod) {
    for (const auto& name : pod.secrets) {
        gathering.add_way({pod.place.first, name},
                          fmt::format("used by pod {}/{}", pod.place.first, pod.place.second));
    }
}

std::string account_user(const std::string& namespace_name, const std::string& account) {
    return Subject{Subject::Kind::service_account, namespace_name, account}.words();
}

/// What is not live any more and stands in the file all the same: of each Secret once.
Result<void> add_older(const cluster::Cluster& cluster, Gathering& gathering) {
    const auto* type = cluster.catalog().of_kind({}, "Secret");
    std::set<Place> live, told;
    SALVOR_CHECK(gathering.each_secret(
        [&](const Place& place, const etcd::KeyValue&) { live.insert(place); }));
    return timeline::walk_key_values(
        cluster.db(),
        [&](const timeline::Row& row, timeline::RowPosition, const etcd::KeyValue& kv) {
            const auto item = row.row_key.tombstone ? std::nullopt : cluster.item(kv);
            if (!item || !type || item->key.type != type) return true;
            const auto place = Gathering::place_of(item->key);
            if (live.contains(place) || !told.insert(place).second) return true;
            if (kube::encoding_of(kv.value) == kube::Encoding::encrypted) return true;
            const auto object = cluster.open_object(*item);
            kube::Document document;
            const auto value = object ? object->value_tree(document, {false, false})
                                      : Result<Value>(std::unexpected(object.error()));
            if (value) gathering.add(*value, item->key, {"deleted, and still in the file"});
            return true;
        });
}

}  // namespace

Result<Exposure> exposure_of_file(const cluster::Cluster& cluster, std::int64_t now) {
    Gathering gathering(cluster, now);
    SALVOR_CHECK(gathering.read_accounts());
    SALVOR_CHECK(gathering.each_secret([&](const Place& secret, const etcd::KeyValue& row) {
        if (kube::encoding_of(row.value) == kube::Encoding::encrypted) {
            ++gathering.exposure().closed;
        } else {
            gathering.add_way(secret, "plain in the file");
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
