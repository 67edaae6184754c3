#include "tools/salvor/commands/restore.hpp"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "core/report/restore.hpp"
#include "core/restore/explain.hpp"
#include "core/restore/wishes.hpp"
#include "formats/base/interrupt.hpp"
#include "formats/text/escape.hpp"
#include "tools/salvor/choices.hpp"
#include "tools/salvor/opening.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/progress.hpp"

namespace salvor::tool::restore {
namespace {

using salvor::restore::Wishes;

struct Options {
    std::string source;
    Wishes wishes;
    std::string bump, line, owner, manifest;
    std::uint64_t memory_map_size = 0;
    bool dry_run = false;
    Format format = Format::text;
};

template <class T>
std::optional<T> whole_number(std::string_view word) {
    T number{};
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    return error == std::errc{} && end == word.data() + word.size() ? std::optional(number)
                                                                    : std::nullopt;
}

/// USER[:GROUP], names or numbers; without a group the user's own.
Result<Owner> parse_owner(const std::string& text) {
    const auto colon = text.find(':');
    const auto user = text.substr(0, colon);
    const auto group = colon == std::string::npos ? std::string() : text.substr(colon + 1);
    Owner owner{};
    const auto number = whole_number<uid_t>(user);
    const auto* account = number ? ::getpwuid(*number) : ::getpwnam(user.c_str());
    if (!account && (!number || group.empty())) {
        return fail(ErrorCode::usage, "--owner {}: there is no user {} here{}", text::escape(text),
                    text::escape(user), number ? ", so a group is needed too" : "");
    }
    owner.uid = number ? *number : account->pw_uid;
    if (group.empty()) {
        owner.gid = account->pw_gid;
    } else if (const auto gid = whole_number<gid_t>(group)) {
        owner.gid = *gid;
    } else if (const auto* named = ::getgrnam(group.c_str())) {
        owner.gid = named->gr_gid;
    } else {
        return fail(ErrorCode::usage, "--owner {}: there is no group {} here", text::escape(text),
                    text::escape(group));
    }
    if (::geteuid() != 0 && owner.uid != ::geteuid()) {
        return fail(ErrorCode::refused, "--owner {}: only root can give files to another",
                    text::escape(text));
    }
    return owner;
}

/// What needs more than CLI11's own conversions.
Result<void> read_words(Options& options) {
    auto& wishes = options.wishes;
    wishes.source = options.source;
    if (!wishes.data_dir && options.manifest.empty()) {
        return fail(ErrorCode::usage, "{}",
                    missing("restore", "--data-dir DIR",
                            "the directory to make (or --from-manifest, which names one)"));
    }
    if (!options.line.empty()) wishes.line = etcd::parse_line(options.line);
    wishes.bump_automatic = options.bump == "auto";
    if (!options.bump.empty() && !wishes.bump_automatic) {
        wishes.bump_revision = whole_number<std::uint64_t>(options.bump);
        if (!wishes.bump_revision) {
            return fail(ErrorCode::usage, "--bump-revision {}: a number from 0 up, or auto",
                        text::escape(options.bump));
        }
    }
    if (!options.owner.empty()) {
        SALVOR_TRY(wishes.owner, parse_owner(options.owner));
    }
    if (!options.manifest.empty()) {
        SALVOR_TRY(wishes.manifest, salvor::restore::read_manifest(options.manifest));
    }
    return {};
}

/// What cannot be read on the way to a plan is the backup's fault, and verify knows more.
template <class T>
Result<T> of_source(const std::string& source, Result<T> result) {
    if (!result && result.error().code == ErrorCode::malformed) {
        std::error_code error;
        const bool is_empty = std::filesystem::is_empty(source, error);
        result.error().message = fmt::format(
            "{} cannot be restored: {}; salvor verify says more{}", source, result.error().message,
            is_empty ? "" : ", and `salvor recover` makes a sound one of what is left");
    }
    return result;
}

/// All that hangs on what is known of the backup.
struct Prepared {
    salvor::restore::Decision decision;
    salvor::restore::Plan plan;
    salvor::restore::Explanation said;

    bool fits(const verify::Report& report) const {
        return decision.kubernetes_prefix == report.kubernetes_prefix;
    }
};

Result<Prepared> prepare(const Snapshot& snapshot, const Options& options,
                         const verify::Report* report) {
    const auto& source = options.source;
    SALVOR_TRY(auto decision,
               of_source(source, salvor::restore::decide(snapshot, options.wishes, report)));
    SALVOR_TRY(auto plan, of_source(source, salvor::restore::plan(snapshot, decision.request)));
    auto said = salvor::restore::explain(snapshot, plan, decision);
    return Prepared{std::move(decision), std::move(plan), std::move(said)};
}

/// Nothing is built where what was prepared does not fit the report.
Result<verify::Report> carry_out(const Snapshot& snapshot, const Options& options,
                                 const Prepared& prepared, const verify::Digest& digest) {
    if (options.dry_run) return verify::run(snapshot, verify::backup_checks(), digest);
    note_interrupts();
    Progress progress("restoring " + options.source);
    SALVOR_TRY(auto outcome,
               salvor::restore::write(snapshot, prepared.plan, digest, std::ref(progress),
                                      [&](const auto& report) { return prepared.fits(report); }));
    return std::move(outcome.report);
}

Result<Answer> run(Options options) {
    SALVOR_CHECK(read_words(options));
    SALVOR_TRY(const auto snapshot, open_source(options.source, Snapshot::Lock::refuse_held));
    const verify::Digest digest(snapshot.image());
    SALVOR_TRY(auto prepared, prepare(snapshot, options, nullptr));
    SALVOR_TRY(auto report, carry_out(snapshot, options, prepared, digest));
    while (!prepared.fits(report)) {
        SALVOR_TRY(prepared, prepare(snapshot, options, &report));
        SALVOR_TRY(report, carry_out(snapshot, options, prepared, digest));
    }
    add_verdict(prepared.said, prepared.plan, snapshot.path(), report);
    const report::Restored restored{
        options.dry_run ? report::Restoring::planned : report::Restoring::done, snapshot,
        prepared.plan, prepared.said, report};
    fmt::print("{}",
               options.format == Format::json ? restore_json(restored) : restore_text(restored));
    return refusal(report, snapshot.path(), prepared.plan.request) ? Answer::no : Answer::yes;
}

void add_place(CLI::App& app, Wishes& wishes, Options& options) {
    add_option(app, "--data-dir", "DIR", wishes.data_dir, "the directory to make");
    add_option(app, "--wal-dir", "DIR", wishes.wal_dir, "where its WAL goes (DIR/member/wal)");
    add_option(app, "--from-manifest", "FILE", options.manifest,
               "take what is not given from a static pod's etcd.yaml");
    add_flag(app, "--replace", wishes.replace, "rename what stands there aside");
    add_option(app, "--owner", "USER[:GROUP]", options.owner, "who owns it (its parent's owner)");
}

void add_cluster(CLI::App& app, Wishes& wishes) {
    add_option(app, "--name", "NAME", wishes.name, "name of the member to build");
    add_option(app, "--initial-cluster", "LIST", wishes.initial_cluster,
               "the new cluster, NAME=URL,...");
    add_option(app, "--initial-cluster-token", "TOKEN", wishes.initial_cluster_token,
               "token that ids are made from (etcd-cluster)");
    add_option(app, "--initial-advertise-peer-urls", "URLS", wishes.initial_advertise_peer_urls,
               "the member's own URLs");
    add_option(app, "--member", "NAME", wishes.member,
               "the backup's own member of that name or id");
    add_flag(app, "--all-members", wishes.all_members, "every member, each at DIR/NAME");
    add_flag(app, "--single-member", wishes.single_member, "a cluster of this member alone");
}

void add_content(CLI::App& app, Wishes& wishes, Options& options) {
    add_choice(app, "--for", "LINE", options.line, {"3.4", "3.5", "3.6", "3.7"},
               "the etcd that will run: 3.4, 3.5, 3.6 or 3.7");
    add_option(app, "--bump-revision", "N", options.bump,
               "raise the revision by N, or auto; 0 turns it off (auto where Kubernetes is)");
    add_flag(app, "--mark-compacted", wishes.mark_compacted, "comes with every bump");
    add_flag(app, "--clear-alarms", wishes.clear_alarms, "leave NOSPACE and CORRUPT alarms out");
    add_flag(app, "--disable-auth", wishes.disable_auth, "turn authentication off");
    add_flag(app, "--compact", wishes.compact, "rewrite the db dense");
}

void add_filters(CLI::App& app, salvor::restore::FilterWishes& filter) {
    add_option(app, "--drop", "KIND|PREFIX", filter.drop,
               "leave out objects of this kind, or keys that start so");
    add_option(app, "--keep", "KIND|PREFIX", filter.keep,
               "leave out all but these; may be given several times, as --drop");
    add_flag(app, "--drop-events", filter.events, "leave out Kubernetes' events");
    add_flag(app, "--drop-leases", filter.leases,
             "leave out etcd's leases and the keys attached to them");
    add_flag(app, "--clear-finalizers", filter.finalizers,
             "of objects that wait for one to be deleted");
}

void add_checks(CLI::App& app, Wishes& wishes, Options& options) {
    add_flag(app, "--dry-run", options.dry_run, "say what would be done, write nothing");
    add_flag(app, "--force", wishes.force, "restore a flawed backup all the same");
    add_flag(app, "--skip-hash-check", wishes.skip_hash_check,
             "accept a wrong digest, nothing else");
    add_option(app, "--initial-memory-map-size", "BYTES", options.memory_map_size,
               "accepted, for etcdutl has it; of no effect");
}

/// What chooses the member to build: a refusal shows other words in their place.
constexpr std::array choosing_members{
    "--name",   "--initial-cluster", "--initial-advertise-peer-urls",
    "--member", "--all-members",     "--single-member"};

}  // namespace

Run declare(CLI::App& app) {
    auto options = std::make_shared<Options>();
    add_source(app, options->source);
    add_place(app, options->wishes, *options);
    add_cluster(app, options->wishes);
    add_content(app, options->wishes, *options);
    add_filters(app, options->wishes.filter);
    add_checks(app, options->wishes, *options);
    add_format(app, options->format);
    return [options, &app] {
        options->wishes.other_words = given_words(app, choosing_members);
        return run(*options);
    };
}

}  // namespace salvor::tool::restore
