#include "core/replay/buckets.hpp"

namespace salvor::replay {

Result<std::optional<std::string>> Buckets::get(Bytes bucket, Bytes key) const {
    if (const auto changed = change_.find(bucket); changed != change_.end()) {
        const auto row = changed->second.keys.find(key);
        if (row != changed->second.keys.end()) return row->second;
    }
    SALVOR_TRY(const auto stored, db_->bucket(bucket));
    if (!stored) return std::nullopt;
    SALVOR_TRY(const auto value, db_->get(*stored, key));
    return value ? std::optional<std::string>(*value) : std::nullopt;
}

void Buckets::put(Bytes bucket, Bytes key, std::string value) {
    change_[std::string(bucket)].keys[std::string(key)] = std::move(value);
}

void Buckets::remove(Bytes bucket, Bytes key) {
    change_[std::string(bucket)].keys[std::string(key)] = std::nullopt;
}

Result<void> Buckets::for_each(
    Bytes bucket, const std::function<Result<void>(Bytes key, Bytes value)>& each) const {
    static const bbolt::BucketChange unchanged;
    const auto changed = change_.find(bucket);
    return bbolt::for_each_entry(*db_, bucket,
                                 changed == change_.end() ? unchanged : changed->second, each);
}

}  // namespace salvor::replay
