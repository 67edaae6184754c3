#include "core/info/records.hpp"

#include <algorithm>
#include <array>

#include "formats/etcd/auth.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/etcd/known_rows.hpp"
#include "formats/etcd/lease.hpp"
#include "formats/text/escape.hpp"

namespace salvor::info {
namespace {

/// Of members, users, roles, alarms: far beyond any cluster. A hostile file may have millions.
constexpr std::size_t max_listed = 10'000;

template <class T>
void keep(std::vector<T>& list, T value) {
    if (list.size() < max_listed) list.push_back(std::move(value));
}

/// Puts a parsed value where it belongs, or says that it did not parse.
template <class T, class Take>
void take(const Result<T>& parsed, const bbolt::LeafEntry& entry, const Unread& unread,
          Take&& into) {
    if (parsed) {
        into(*parsed);
    } else {
        unread(fmt::format("key {}: {}", text::escape(entry.key), parsed.error().message));
    }
}

template <class T>
void take_number(std::optional<T>& into, const std::optional<T>& parsed,
                 const bbolt::LeafEntry& entry, const Unread& unread) {
    if (parsed) {
        into = parsed;
    } else {
        unread(
            fmt::format("meta: key {} has {} bytes", text::escape(entry.key), entry.value.size()));
    }
}

std::optional<std::int64_t> main_revision(Bytes value) {
    const auto revision = etcd::parse_revision(value);
    return revision ? std::optional(revision->main) : std::nullopt;
}

void take_meta(Info& info, const bbolt::LeafEntry& entry, const Unread& unread) {
    namespace keys = etcd::meta_keys;
    if (entry.key == keys::consistent_index) {
        take_number(info.consistent_index, etcd::parse_u64(entry.value), entry, unread);
    } else if (entry.key == keys::term) {
        take_number(info.term, etcd::parse_u64(entry.value), entry, unread);
    } else if (entry.key == keys::scheduled_compact) {
        take_number(info.scheduled_compaction, main_revision(entry.value), entry, unread);
    } else if (entry.key == keys::finished_compact) {
        take_number(info.finished_compaction, main_revision(entry.value), entry, unread);
    } else if (entry.key == keys::conf_state) {
        take(etcd::parse_conf_state(entry.value), entry, unread,
             [&](const auto& state) { info.conf_state = state; });
    } else if (entry.key == keys::storage_version) {
        info.storage_version = std::string(entry.value);
    }
}

void take_cluster(Info& info, const bbolt::LeafEntry& entry, const Unread& unread) {
    if (entry.key == etcd::cluster_keys::version) {
        info.cluster_version = std::string(entry.value);
    } else if (entry.key == etcd::cluster_keys::downgrade) {
        take(etcd::parse_downgrade(entry.value), entry, unread,
             [&](const auto& downgrade) { info.downgrade = downgrade; });
    }
}

void take_member(Info& info, const bbolt::LeafEntry& entry, const Unread& unread) {
    take(etcd::parse_member(entry.value), entry, unread,
         [&](const auto& member) { keep(info.members, member); });
}

void take_removed(Info& info, const bbolt::LeafEntry& entry, const Unread& unread) {
    if (const auto id = etcd::parse_member_id(entry.key)) {
        keep(info.removed_members, *id);
    } else {
        unread(fmt::format("members_removed: key {} is no member id", text::escape(entry.key)));
    }
}

void take_alarm(Info& info, const bbolt::LeafEntry& entry, const Unread& unread) {
    take(etcd::parse_alarm(entry.key), entry, unread,
         [&](const auto& alarm) { keep(info.alarms, alarm); });
}

void take_auth(Info& info, const bbolt::LeafEntry& entry, const Unread& unread) {
    if (entry.key == etcd::auth_keys::enabled) {
        info.auth.enabled = entry.value == Bytes("\x01", 1);
    } else if (entry.key == etcd::auth_keys::revision) {
        take_number(info.auth.revision, etcd::parse_u64(entry.value), entry, unread);
    }
}

void take_user(Info& info, const bbolt::LeafEntry& entry, const Unread&) {
    keep(info.auth.users, std::string(entry.key));
}
void take_role(Info& info, const bbolt::LeafEntry& entry, const Unread&) {
    keep(info.auth.roles, std::string(entry.key));
}
void take_lease(Info& info, const bbolt::LeafEntry&, const Unread&) {
    ++info.leases;
}

struct Taker {
    Bytes bucket;
    void (*take)(Info&, const bbolt::LeafEntry&, const Unread&);
};
constexpr std::array takers{
    Taker{etcd::buckets::alarm, take_alarm},
    Taker{etcd::buckets::auth, take_auth},
    Taker{etcd::buckets::auth_roles, take_role},
    Taker{etcd::buckets::auth_users, take_user},
    Taker{etcd::buckets::cluster, take_cluster},
    Taker{etcd::buckets::lease, take_lease},
    Taker{etcd::buckets::members, take_member},
    Taker{etcd::buckets::members_removed, take_removed},
    Taker{etcd::buckets::meta, take_meta},
};

}  // namespace

void take_record(Info& info, Bytes bucket, const bbolt::LeafEntry& entry, const Unread& unread) {
    const auto* taker = std::find_if(takers.begin(), takers.end(),
                                     [&](const Taker& t) { return t.bucket == bucket; });
    const bool in_root = bucket.empty();
    if (!in_root && !etcd::is_known_row(bucket, entry.key)) ++info.foreign_rows;
    if (taker != takers.end()) taker->take(info, entry, unread);
}

}  // namespace salvor::info
