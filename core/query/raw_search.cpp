#include "core/query/raw_search.hpp"

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

}  // namespace

Result<std::vector<RowPosition>> rows_that_may_match(const bbolt::Database& db,
                                                     const Pattern& pattern) {
    SALVOR_TRY(const auto bucket, db.bucket(etcd::buckets::key));
    if (!bucket) return std::vector<RowPosition>{};
    SALVOR_TRY(const auto parts, timeline::subtrees(db, *bucket, timeline::wanted_parts));
    std::vector<std::vector<RowPosition>> found(parts.size());
    std::vector<Result<void>> outcomes(parts.size());
    timeline::side_by_side(parts.size(), [&](std::size_t i) {
        outcomes[i] = timeline::walk_rows(db, parts[i], [&](const Row& row, RowPosition position) {
            if (may_match(db, row, pattern)) found[i].push_back(position);
            return true;
        });
    });
    std::vector<RowPosition> all;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        SALVOR_CHECK(outcomes[i]);
        all.insert(all.end(), found[i].begin(), found[i].end());
    }
    return all;
}

}  // namespace salvor::query
