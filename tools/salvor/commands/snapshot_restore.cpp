#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/restore/restore.hpp"
#include "core/upstream/check.hpp"
#include "core/upstream/quick_status.hpp"
#include "formats/base/checksum.hpp"
#include "formats/base/interrupt.hpp"
#include "tools/salvor/commands/snapshot_restore.hpp"
#include "tools/salvor/standin/cluster_check.hpp"
#include "tools/salvor/standin/data_place.hpp"
#include "tools/salvor/standin/persona.hpp"
#include "tools/salvor/standin/source_file.hpp"
#include "tools/salvor/standin/tree.hpp"

namespace salvor::tool::snapshot_restore {
namespace {

using standin::Exit;
using standin::Log;
using standin::OrWords;
using standin::say;

/// What the options say, checked as far as that goes without the source.
struct Wanted {
    std::string source;
    standin::DataPlace place;
    standin::InitialCluster cluster;
    std::string token;
    std::uint64_t bump = 0;
    bool skip_hash_check = false;
    std::uint64_t map_size = 0;
    etcd::Line line;
};

OrWords<Wanted> read_options(const standin::Call& call, etcd::Line line, const Log& log) {
    const auto& flags = call.flags;
    Wanted wanted{call.files[0],
                  {},
                  {},
                  flags.text("initial-cluster-token"),
                  0,
                  flags.boolean("skip-hash-check"),
                  0,
                  line};
    const auto advertised =
        standin::parse_peer_urls(standin::split(flags.text("initial-advertise-peer-urls"), ','));
    if (!advertised) return std::unexpected(advertised.error());
    auto cluster = standin::parse_initial_cluster(flags.text("initial-cluster"));
    if (!cluster) return std::unexpected(cluster.error());
    if (const auto flaw = standin::bootstrap_flaw(flags.text("name"), *advertised, *cluster, log);
        !flaw.empty()) {
        return std::unexpected(flaw);
    }
    wanted.cluster = *std::move(cluster);
    wanted.place =
        standin::data_place(flags.text("data-dir"), flags.text("wal-dir"), flags.text("name"));
    if (const auto flaw = standin::standing_flaw(wanted.place, line); !flaw.empty())
        return std::unexpected(flaw);
    if (flags.boolean("mark-compacted")) wanted.bump = flags.uint64("bump-revision");
    if (line >= etcd::Line::v3_5) wanted.map_size = flags.uint64("initial-memory-map-size");
    return wanted;
}

std::vector<standin::Field> place_fields(const Wanted& wanted) {
    std::vector<standin::Field> fields{{"path", wanted.source},
                                       {"wal-dir", wanted.place.wal_dir},
                                       {"data-dir", wanted.place.data_dir},
                                       {"snap-dir", wanted.place.snap_dir}};
    if (wanted.line >= etcd::Line::v3_5)
        fields.push_back({"initial-memory-map-size", wanted.map_size});
    return fields;
}

std::string decimals(Bytes digest) {
    std::string text;
    for (const char c : digest)
        text += fmt::format("{}{}", text.empty() ? "" : " ", static_cast<unsigned char>(c));
    return "[" + text + "]";
}

/// etcdutl's words where the trailer is not the image's digest; empty where it is.
std::string digest_flaw(const Snapshot& snapshot) {
    if (!snapshot.trailer()) return {};
    const auto digest = sha256(snapshot.image());
    const Bytes computed(reinterpret_cast<const char*>(digest.data()), digest.size());
    if (computed == *snapshot.trailer()) return {};
    return fmt::format("expected sha256 {}, got {}", decimals(*snapshot.trailer()),
                       decimals(computed));
}

restore::Request request_of(const Wanted& wanted, const std::string& name, Migrate migrate) {
    restore::Request request;
    for (const auto& [member, urls] : wanted.cluster)
        request.initial_cluster.push_back({member, standin::texts(urls)});
    request.token = wanted.token;
    request.names = {name};
    request.data_dir = wanted.place.data_dir;
    request.wal_dir = wanted.place.wal_dir;
    request.line = wanted.line;
    request.migrate = migrate == Migrate::to_line;
    request.bump_revision = wanted.bump;
    request.accept_flaws = true;  // as etcdutl, which looks at nothing but the trailer
    request.accept_wrong_trailer = wanted.skip_hash_check;
    return request;
}

void log_done(const Log& log, const Wanted& wanted, const restore::Plan& plan) {
    if (wanted.line >= etcd::Line::v3_5)
        log.info("restore", "Trimming membership information from the backend...");
    if (wanted.bump > 0) {
        log.info("restore", "bumping latest revision",
                 {{"latest-revision", plan.source.revision},
                  {"bump-amount", static_cast<std::int64_t>(wanted.bump)},
                  {"new-latest-revision", plan.revision_after}});
        log.info("restore", "marking revision compacted", {{"revision", plan.revision_after}});
    }
    for (const auto& member : plan.members) {
        std::vector<standin::Field> fields{
            {"cluster-id", fmt::format("{:x}", etcd::number(plan.cluster_id))},
            {"local-member-id", std::string("0")},
            {"added-peer-id", etcd::to_string(member.id)},
            {"added-peer-peer-urls", member.peer_urls}};
        if (wanted.line >= etcd::Line::v3_5) fields.push_back({"added-peer-is-learner", false});
        log.info("restore", "added member", fields);
    }
    log.info("restore", "restored snapshot", place_fields(wanted));
}

void remark_flaws(const std::string& source, const verify::Report& report) {
    std::size_t told = 0, all = 0;
    constexpr std::size_t enough = 5;
    for (const auto& finding : report.findings) {
        if (finding.severity != Severity::error) continue;
        if (++all <= enough)
            standin::remark(fmt::format("{}: {}: {}", source, finding.rule, finding.message));
        told = std::min(all, enough);
    }
    if (all > told)
        standin::remark(
            fmt::format("{}: {} findings more, `salvor verify` lists them", source, all - told));
    if (all > 0)
        standin::remark(
            "it was restored all the same, as etcdutl does: run `salvor verify` on it, and look "
            "for another backup");
}

/// etcdutl opens the copy for writing, and a flaw that bbolt meets then is its end.
Result<void> openable(const Snapshot& snapshot, const Wanted& wanted) {
    const Bytes bytes = snapshot.image();
    if (bytes.empty())
        return fail(ErrorCode::malformed, "{} is nothing but a trailer", wanted.source);
    const auto image = upstream::Image::open(bytes, wanted.line);
    if (!image) {
        return fail(ErrorCode::malformed, "{} is no database that can be opened: {}", wanted.source,
                    image.error().message);
    }
    if (upstream::quick_check(*image, snapshot.file().fd(), upstream::Access::read)) return {};
    const auto opened = upstream::open_for_writing(*image);
    if (opened) return {};
    return fail(
        ErrorCode::flawed,
        "{}; the file is damaged and etcd would not open it, `salvor verify` lists what is wrong",
        opened.error().sentence);
}

Result<void> build(const Wanted& wanted, const std::string& name, Migrate migrate, const Log& log) {
    SALVOR_TRY(const auto snapshot, standin::open_restore_source(wanted.source));
    if (const auto flaw = standin::making_flaw(wanted.place); !flaw.empty())
        return fail(ErrorCode::io, "{}", flaw);
    if (!snapshot.trailer() && !wanted.skip_hash_check) {
        return fail(ErrorCode::flawed, "snapshot missing hash but --skip-hash-check=false");
    }
    // A wrong trailer is found while the copy is made; only then is it worth a second look for its
    // words.
    const auto in_words = [&](Error error) -> std::unexpected<Error> {
        if (error.code == ErrorCode::interrupted) return std::unexpected(std::move(error));
        const auto flaw = wanted.skip_hash_check ? std::string{} : digest_flaw(snapshot);
        if (flaw.empty()) return std::unexpected(std::move(error));
        return fail(ErrorCode::flawed, "{}", flaw);
    };
    verify::Digest digest(snapshot.image());
    if (auto opened = openable(snapshot, wanted); !opened) return in_words(opened.error());
    const auto plan = restore::plan(snapshot, request_of(wanted, name, migrate));
    if (!plan) return in_words(plan.error());
    note_interrupts();
    const auto outcome = restore::write(snapshot, *plan, digest, {});
    if (!outcome) return in_words(outcome.error());
    log_done(log, wanted, *plan);
    remark_flaws(wanted.source, outcome->report);
    return {};
}

}  // namespace

Run declare(CLI::App& app) {
    standin::describe(app, {"snapshot", "restore"});
    return [] { return Result<Answer>(Answer::not_done); };
}

int run(const standin::Call& call, etcd::Line line, Migrate migrate) {
    if (call.files.size() != 1)
        return say(Exit::bad_arguments, "snapshot restore requires exactly one argument");
    const bool bumps = call.flags.uint64("bump-revision") > 0;
    if (line >= etcd::Line::v3_5 && bumps != call.flags.boolean("mark-compacted")) {
        return say(Exit::bad_arguments, "--mark-compacted required if --revision-bump > 0");
    }
    const Log log(line);
    const auto wanted = read_options(call, line, log);
    if (!wanted) return say(Exit::error, wanted.error());
    log.info("restore", "restoring snapshot", place_fields(*wanted));
    const auto built = build(*wanted, call.flags.text("name"), migrate, log);
    return built ? static_cast<int>(Exit::done) : say(Exit::error, built.error().message);
}

}  // namespace salvor::tool::snapshot_restore
