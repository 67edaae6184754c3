#include "core/cluster/moment.hpp"

#include "core/timeline/keyspace.hpp"
#include "formats/kube/peek.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/time.hpp"

namespace salvor::cluster {
namespace {

/// A row whose object bears a time.
struct Dated {
    std::int64_t revision = 0;
    std::int64_t seconds = 0;
    Bytes key;
};

std::string words(const Dated& dated) {
    return fmt::format("{} of revision {} bears {}", text::Escaped{dated.key}, dated.revision,
                       text::rfc3339(dated.seconds));
}

}  // namespace

Result<Moment> moment_of(const bbolt::Database& db, std::int64_t seconds) {
    SALVOR_TRY(const auto bounds, timeline::bounds(db));
    std::optional<Dated> before, after;
    SALVOR_CHECK(timeline::for_each_row(db, [&](const timeline::Row& row) {
        const auto kv = etcd::parse_key_value(row.raw_value);
        const auto time = kv ? kube::newest_metadata_time(kv->value) : std::nullopt;
        if (!time) return true;
        const Dated dated{row.row_key.revision.main, *time, kv->key};
        if (*time > seconds) {
            after = dated;
            return false;
        }
        if (!before || *time >= before->seconds) before = dated;
        return true;
    }));
    if (!before) {
        return fail(ErrorCode::not_found, "no revision is known to be as old as {}: {}",
                    text::rfc3339(seconds), after ? words(*after) : "no object bears a time");
    }
    Moment moment;
    moment.revision = after ? after->revision - 1 : bounds.current;
    moment.evidence = words(*before);
    if (after) moment.evidence += ", " + words(*after);
    return moment;
}

}  // namespace salvor::cluster
