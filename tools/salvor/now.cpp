#include "tools/salvor/now.hpp"

#include "core/info/provenance.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/time.hpp"
#include "tools/salvor/cluster_view.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/progress.hpp"

namespace salvor::tool {

Result<std::optional<std::int64_t>> zoned_time(Bytes option, const std::string& time) {
    std::optional<std::int64_t> seconds;
    if (time.empty()) return seconds;
    const auto instant = kube::parse_rfc3339(time);
    if (!instant) {
        return fail(ErrorCode::usage,
                    "{} {}: give a time with its zone, as 2026-07-31T23:59:59Z or +02:00", option,
                    text::escape(time));
    }
    seconds = instant->seconds;
    return seconds;
}

void add_now(CLI::App& app, std::string& now) {
    add_option(app, "--now", "TIME", now,
               "count ages from this time, as 2026-07-31T23:59:59Z; by default from that of the "
               "state");
}

Result<kube::Instant> parse_now(const std::string& now) {
    if (const auto time = kube::parse_rfc3339(now)) return *time;
    return fail(ErrorCode::usage,
                "--now {}: give a time with its zone, as 2026-07-31T23:59:59Z or "
                "2026-08-01T01:59:59+02:00",
                text::escape(now));
}

Result<table::Now> now_of(const std::string& now, const ClusterView& view) {
    if (!now.empty()) {
        SALVOR_TRY(const auto time, parse_now(now));
        return table::Now{time};
    }
    constexpr std::int64_t second = 1'000'000'000;
    const auto& renewals = view.cluster().renewals();
    const auto taken = info::taken_at(renewals.last, renewals.leases,
                                      view.snapshot().file().modified_ns() / second);
    say(fmt::format("ages are counted from {}, {}; --now counts from another time",
                    text::rfc3339(taken.unix_seconds), taken.evidence));
    return table::Now{{taken.unix_seconds, 0}, true};
}

}  // namespace salvor::tool
