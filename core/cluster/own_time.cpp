#include "core/cluster/own_time.hpp"

namespace salvor::cluster {

std::optional<OwnTime> first_time(const kube::StoredTimes& times) {
    if (times.created) return OwnTime{*times.created, TimeSource::created, true};
    if (times.managed) return OwnTime{*times.managed, TimeSource::managed_fields, true};
    if (times.reported) return OwnTime{*times.reported, TimeSource::reported, true};
    return {};
}

std::optional<OwnTime> any_time(const kube::StoredTimes& times) {
    std::optional<OwnTime> newest;
    const auto take = [&](const std::optional<std::int64_t>& seconds, TimeSource source) {
        if (seconds && (!newest || newest->seconds < *seconds))
            newest = OwnTime{*seconds, source, false};
    };
    take(times.managed, TimeSource::managed_fields);
    take(times.created, TimeSource::created);
    if (!newest) take(times.reported, TimeSource::reported);
    return newest;
}

kube::StoredTimes times_in(const Cluster& cluster, const etcd::KeyValue& kv) {
    if (kube::encoding_of(kv.value) != kube::Encoding::encrypted) return kube::read_times(kv.value);
    const auto item = cluster.item(kv);
    const auto object =
        item ? cluster.open_object(*item) : Result<Object>(fail(ErrorCode::not_found, "no object"));
    return object ? kube::read_times(object->value()) : kube::StoredTimes{};
}

std::optional<KnownTime> with_own_time(const std::optional<KnownTime>& known,
                                       const Cluster& cluster, const etcd::KeyValue& kv) {
    if ((known && known->at) || !cluster.registry().below(kv.key)) return known;
    const auto times = times_in(cluster, kv);
    const auto own = kv.version == 1 ? first_time(times) : any_time(times);
    if (!own) return known;
    auto better = known.value_or(KnownTime{});
    if (better.not_after && better.not_after->seconds < own->seconds) return known;
    if (better.not_before && better.not_before->seconds > own->seconds) return known;
    const TimeEvidence evidence{kv.mod_revision, own->seconds, own->source,
                                std::string(without_token(kv.key))};
    if (!own->exact) {
        better.not_before = evidence;
        return better;
    }
    return KnownTime{evidence, {}, {}};
}

}  // namespace salvor::cluster
