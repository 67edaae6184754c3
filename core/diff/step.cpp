#include "core/diff/step.hpp"

#include <algorithm>
#include <map>

#include "core/timeline/state.hpp"

namespace salvor::diff {
namespace {

using etcd::KeyValue;
using timeline::Carved;

std::optional<KeyValue> value_in(const timeline::State& state, Bytes key) {
    const auto at = state.lower_bound(key);
    return at < state.size() && state.key(at) == key ? std::optional(state[at]) : std::nullopt;
}

/// Goes along what is known of one key.
class KeyWalk {
 public:
    KeyWalk(const Dark& dark, std::vector<Step>& steps) : dark_(dark), steps_(steps) {}

    void start(const std::optional<KeyValue>& before) {
        if (before) last_ = Known{*before, dark_.from, true};
    }
    void take(const Carved& row) {
        if (row.row_key.tombstone) {
            end_life({.revision = row.main(), .carved = &row}, row.kv);
        } else {
            put(row.kv, &row);
        }
    }
    void finish(const std::optional<KeyValue>& after) {
        if (after) {
            if (after->mod_revision > dark_.from) put(*after, nullptr);
        } else if (last_) {
            end_unseen(dark_.to);
        }
    }

 private:
    struct Known {
        KeyValue kv;
        std::int64_t upto;  ///< it stood there
        bool readable;
    };

    void end_life(Step step, const KeyValue& key_alone) {
        step.before = last_ ? last_->kv : key_alone;
        step.before_read = last_ && last_->readable;
        steps_.push_back(step);
        last_.reset();
    }
    void end_unseen(std::int64_t upto) {
        end_life({.revision = upto, .net_after = last_->upto}, last_->kv);
    }

    void put(const KeyValue& kv, const Carved* carved) {
        auto link = last_ ? timeline::link(last_->kv, last_->upto, kv) : std::nullopt;
        if (link && !link->same_life) {
            end_unseen(kv.create_revision);
            link.reset();
        }
        Step step{.revision = kv.mod_revision, .now = kv, .carved = carved};
        step.now_read = !carved || carved->whole;
        step.is_update = last_ || kv.version != 1;
        if (last_) {
            step.before = last_->kv;
            step.before_read = last_->readable;
            if (!link || link->lost_writes != 0) step.net_after = last_->upto;
        }
        steps_.push_back(step);
        // What cannot be read is no state to compare the next one with.
        if (step.now_read || !last_) last_ = Known{kv, kv.mod_revision, step.now_read};
    }

    const Dark& dark_;
    std::vector<Step>& steps_;
    std::optional<Known> last_;
};

}  // namespace

std::span<const Carved> carved_within(std::span<const Carved> carved, std::int64_t from,
                                      std::int64_t to) {
    const auto behind = [&](std::int64_t revision) {
        return std::upper_bound(
            carved.begin(), carved.end(), revision,
            [](std::int64_t wanted, const Carved& row) { return wanted < row.main(); });
    };
    const auto first = behind(from);
    return {first, std::max(first, behind(to))};
}

Result<std::vector<Step>> carved_steps(const Dark& dark, std::span<const Carved> carved,
                                       const std::function<bool(Bytes)>& keep) {
    std::map<Bytes, std::vector<const Carved*>> of_key;
    for (const auto& row : carved_within(carved, dark.from, dark.to)) {
        if (keep(row.kv.key)) of_key[row.kv.key].push_back(&row);
    }
    std::vector<Step> steps;
    if (of_key.empty()) return steps;
    const auto is_one = [&](Bytes key) { return of_key.contains(key); };
    std::optional<timeline::State> before;
    if (dark.older) {
        SALVOR_TRY(before, timeline::range(*dark.older, dark.from, is_one));
    }
    SALVOR_TRY(const auto after, timeline::range(dark.newer, dark.to, is_one));
    for (const auto& [key, rows] : of_key) {
        KeyWalk walk(dark, steps);
        if (before) walk.start(value_in(*before, key));
        for (const auto* row : rows) walk.take(*row);
        walk.finish(value_in(after, key));
    }
    return steps;
}

}  // namespace salvor::diff
