#include "core/query/raw_search.hpp"

#include <atomic>
#include <mutex>

#include "core/timeline/parts.hpp"
#include "formats/kube/stored.hpp"

namespace salvor::query {
namespace {

using timeline::Row;
using timeline::RowPosition;

/// Whether a JSON text escapes what a server would write as it is: a letter, a slash.
bool has_strange_escape(Bytes json) {
    for (auto at = json.find('\\'); at != Bytes::npos; at = json.find('\\', at + 2)) {
        const auto next = json.substr(at + 1, 1);
        if (next == "/") return true;
        if (next != "u") continue;
        const auto digits = json.substr(at + 2, 4);
        const bool is_usual = digits.starts_with("00") || digits == "2028" || digits == "2029";
        if (!is_usual || (digits >= "0030" && digits != "003c" && digits != "003e")) return true;
    }
    return false;
}

bool may_match(const bbolt::Database& db, const Row& row, const Pattern& pattern) {
    if (pattern.may_stand_in(row.raw_value)) return true;
    const auto kv = timeline::key_value_of(db, row);
    if (!kv) return true;  // told where it is opened
    switch (kube::encoding_of(kv->value)) {
        case kube::Encoding::json: return has_strange_escape(kv->value);
        case kube::Encoding::cbor:
        case kube::Encoding::encrypted: return true;
        default: return false;
    }
}

/// The tree's parts, each looked at by whichever thread is free.
class Look {
 public:
    Look(const bbolt::Database& db, const Pattern& pattern, std::vector<bbolt::Bucket> parts)
        : db_(db), pattern_(pattern), parts_(std::move(parts)), found_(parts_.size()) {}

    Result<std::vector<RowPosition>> run() {
        timeline::side_by_side(parts_.size(), [this] { work(); });
        SALVOR_CHECK(outcome_);
        std::vector<RowPosition> all;
        for (const auto& rows : found_) all.insert(all.end(), rows.begin(), rows.end());
        return all;
    }

 private:
    void work() {
        for (;;) {
            const auto i = next_++;
            if (i >= parts_.size()) return;
            auto outcome =
                timeline::walk_rows(db_, parts_[i], [&](const Row& row, RowPosition position) {
                    if (may_match(db_, row, pattern_)) found_[i].push_back(position);
                    return true;
                });
            if (outcome) continue;
            const std::lock_guard lock(mutex_);
            if (outcome_) outcome_ = std::move(outcome);
        }
    }

    const bbolt::Database& db_;
    const Pattern& pattern_;
    std::vector<bbolt::Bucket> parts_;
    std::vector<std::vector<RowPosition>> found_;
    std::atomic<std::size_t> next_ = 0;
    std::mutex mutex_;
    Result<void> outcome_;
};

}  // namespace

Result<std::vector<RowPosition>> rows_that_may_match(const bbolt::Database& db,
                                                     const Pattern& pattern) {
    SALVOR_TRY(const auto bucket, db.bucket(etcd::buckets::key));
    if (!bucket) return std::vector<RowPosition>{};
    SALVOR_TRY(auto parts, timeline::subtrees(db, *bucket, timeline::wanted_parts));
    return Look(db, pattern, std::move(parts)).run();
}

}  // namespace salvor::query
