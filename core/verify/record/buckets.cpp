#include <algorithm>

#include "core/verify/bucket_rows.hpp"
#include "core/verify/remedies.hpp"
#include "core/verify/rules.hpp"
#include "core/verify/stages.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/etcd/known_rows.hpp"
#include "formats/text/escape.hpp"

namespace salvor::verify {
namespace {

constexpr Rule bucket_missing{
    "bucket-missing", Layer::record, Severity::error, "etcd's buckets `key` and `meta` are there",
    "this is a bbolt database, but not etcd's, or its list of buckets is damaged: check the "
    "path, and use another backup"};
constexpr Rule bucket_absent{"bucket-absent", Layer::record, Severity::note,
                             "the other buckets that every etcd makes are there",
                             "etcd makes it when it starts; if it had rows, they are lost"};
constexpr Rule bucket_unknown{"bucket-unknown", Layer::record, Severity::note,
                              "the buckets are those that etcd 3.4 to 3.7 make",
                              "etcd keeps the bucket and does not read it; nothing has to be done"};
constexpr Rule bucket_nested{"bucket-nested", Layer::record, Severity::error,
                             "no bucket stands inside another", remedy::damaged};
constexpr std::array table{bucket_missing, bucket_absent, bucket_unknown, bucket_nested};

constexpr std::array needed{etcd::buckets::key, etcd::buckets::meta};

template <class Names>
bool contains(const Names& names, Bytes name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

void check_missing(const std::vector<Bytes>& found, Collector& findings) {
    for (const auto name : etcd::buckets::all) {
        if (contains(found, name)) continue;
        Place place;
        place.bucket = name;
        findings.add(contains(needed, name) ? bucket_missing : bucket_absent, std::move(place),
                     fmt::format("bucket {} is not there", name));
    }
}

}  // namespace

RuleRows bucket_rules() {
    return table;
}

Buckets check_buckets(const bbolt::Database& db, Collector& findings) {
    findings.checked(Layer::record);
    Buckets buckets;
    std::vector<Bytes> names;
    buckets.complete = for_each_row(db, {}, db.root(), [&](const BucketRow& row) {
        if (!row.entry.is_bucket) return;  // told as root-entry
        names.push_back(row.entry.key);
        // One that is none was told as bucket-header.
        if (const auto bucket = db.bucket_of(row.entry))
            buckets.found.push_back({row.entry.key, *bucket});
        if (etcd::is_known_bucket(row.entry.key)) return;
        findings.add(bucket_unknown, row.place(),
                     fmt::format("bucket {} is none of etcd's", text::escape(row.entry.key)));
    });
    if (buckets.complete) check_missing(names, findings);
    return buckets;
}

void report_nested(Place place, Bytes bucket, Bytes key, Collector& findings) {
    findings.add(bucket_nested, std::move(place),
                 fmt::format("bucket {} has a bucket {} inside", bucket, text::escape(key)));
}

}  // namespace salvor::verify
