#include "tools/salvor/commands/verify.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>

#include "core/info/info.hpp"
#include "core/preflight/preflight.hpp"
#include "core/report/preflight.hpp"
#include "core/report/verify_json.hpp"
#include "core/report/verify_text.hpp"
#include "core/snapshot/snapshot.hpp"
#include "core/verify/lineage.hpp"
#include "core/verify/verify.hpp"
#include "tools/salvor/encryption.hpp"
#include "tools/salvor/now.hpp"
#include "tools/salvor/opening.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/progress.hpp"
#include "tools/salvor/receipt.hpp"

namespace salvor::tool::verify {
namespace {

struct Arguments {
    std::vector<std::string> sources;
    Format format = Format::text;
    bool strict = false;
    bool list_rules = false;
    std::string expect_cluster;
    std::optional<std::string> wal_dir;
    std::string encryption_config;
    std::string now;
    ReceiptArguments receipt;
    bool before_restore = false;
    std::optional<std::string> host;
};

Answer answer_of(const salvor::verify::Report& report, bool strict) {
    if (report.backup == salvor::verify::BackupVerdict::flawed) return Answer::no;
    if (!strict) return Answer::yes;
    const bool concerns = report.cluster == salvor::verify::ClusterVerdict::concerns;
    return concerns || counts(report).warnings > 0 ? Answer::no : Answer::yes;
}

Result<salvor::verify::Options> options_of(const Arguments& arguments) {
    salvor::verify::Options options;
    if (!arguments.now.empty()) {
        SALVOR_TRY(const auto now, parse_now(arguments.now));
        options.now = now.seconds;
    }
    if (arguments.expect_cluster.empty()) return options;
    const auto id = etcd::parse_member_id(arguments.expect_cluster);
    if (!id)
        return fail(
            ErrorCode::usage,
            "--expect-cluster {} is no cluster id, which is hex as in `etcdctl endpoint status`",
            arguments.expect_cluster);
    options.expect_cluster = etcd::ClusterId{number(*id)};
    return options;
}

Result<Snapshot> open_to_verify(const std::string& source) {
    return open_source(source, Snapshot::Lock::refuse_held);
}

Result<salvor::verify::Report> look(const Snapshot& snapshot, const std::string& source,
                                    salvor::verify::Options options) {
    Progress progress("verifying " + source);
    options.progress = std::ref(progress);
    auto report = salvor::verify::run(snapshot, options);
    SALVOR_CHECK(snapshot.file().intact());
    return report;
}

Result<Answer> verify_one(const Arguments& arguments, const salvor::verify::Options& options) {
    const auto& source = arguments.sources.front();
    SALVOR_TRY(auto snapshot, open_to_verify(source));
    if (arguments.wal_dir) SALVOR_CHECK(snapshot.take_wal_from(*arguments.wal_dir));
    SALVOR_TRY(const auto report, look(snapshot, source, options));
    fmt::print("{}", arguments.format == Format::json ? report::verify_json(report) + "\n"
                                                      : report::verify_text(source, report));
    return answer_of(report, arguments.strict);
}

/// Of one among several, with its place among the lineages.
Result<void> look_at(salvor::verify::Verified& verified, const salvor::verify::Options& options,
                     salvor::verify::Lineages& lineages) {
    SALVOR_TRY(auto snapshot, open_to_verify(verified.source));
    SALVOR_TRY(verified.report, look(snapshot, verified.source, options));
    lineages.place(verified, std::make_shared<Snapshot>(std::move(snapshot)));
    return {};
}

/// The time at which it is judged where none was given: it will be restored now.
std::int64_t clock_seconds() {
    using namespace std::chrono;
    return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
}

Result<std::optional<salvor::verify::Host>> host_of(const Arguments& arguments) {
    std::optional<salvor::verify::Host> host;
    if (!arguments.host) return host;
    SALVOR_TRY(auto found, salvor::verify::look_at_host(*arguments.host));
    host = std::move(found);
    return host;
}

/// The operator's page on one source.
Result<Answer> before_restore(const Arguments& arguments, salvor::verify::Options options) {
    if (arguments.sources.size() > 1)
        return fail(ErrorCode::usage,
                    "--before-restore looks at the one backup that is to be "
                    "restored, not at {}; `salvor verify` of all of them names the newest good one",
                    arguments.sources.size());
    if (!options.now) options.now = clock_seconds();
    const auto& source = arguments.sources.front();
    SALVOR_TRY(auto snapshot, open_to_verify(source));
    if (arguments.wal_dir) SALVOR_CHECK(snapshot.take_wal_from(*arguments.wal_dir));
    SALVOR_TRY(const auto report, look(snapshot, source, options));
    const auto info =
        info::gather(snapshot, options.encryption, info::Digest::not_wanted);  // verify has it
    const auto page =
        preflight::foresee(report, info ? &*info : nullptr, options.host, *options.now);
    const auto* clock = arguments.now.empty() ? "by this machine's clock" : "as --now has it";
    fmt::print("{}", arguments.format == Format::json
                         ? report::preflight_json(source, page) + "\n"
                         : report::preflight_text(source, page, clock));
    return answer_of(report, arguments.strict);
}

Result<Answer> verify_several(const Arguments& arguments, const salvor::verify::Options& options) {
    std::vector<salvor::verify::Verified> sources;
    salvor::verify::Lineages lineages;
    auto worst = Answer::yes;
    for (const auto& source : arguments.sources) {
        salvor::verify::Verified verified{source, {}, {}, 0};
        if (auto looked = look_at(verified, options, lineages)) {
            worst = std::max(worst, answer_of(*verified.report, arguments.strict));
        } else {
            worst = Answer::not_done;
            verified.error = std::move(looked).error();
            say(verified.error->message);
        }
        sources.push_back(std::move(verified));
    }
    fmt::print("{}", arguments.format == Format::json ? report::verify_json(sources) + "\n"
                                                      : report::verify_text(sources));
    return worst;
}

Answer print_rules(Format format) {
    const auto& rules = salvor::verify::rules();
    fmt::print("{}", format == Format::json ? report::rules_json(rules) + "\n"
                                            : report::rules_text(rules));
    return Answer::yes;
}

Result<Answer> run(const Arguments& arguments) {
    if (arguments.list_rules) return print_rules(arguments.format);
    if (arguments.sources.empty()) return no_source("verify");
    if (!arguments.receipt.file.empty())
        return verify_by_receipt(arguments.sources, arguments.receipt, arguments.format);
    SALVOR_TRY(auto options, options_of(arguments));
    if (arguments.wal_dir && arguments.sources.size() > 1) {
        return fail(ErrorCode::usage, "--wal-dir is the log of one data directory, not of {}",
                    arguments.sources.size());
    }
    SALVOR_TRY(const auto encryption, read_encryption(arguments.encryption_config));
    options.encryption = encryption.get();
    SALVOR_TRY(const auto host, host_of(arguments));
    options.host = host ? &*host : nullptr;
    if (arguments.before_restore) return before_restore(arguments, options);
    return arguments.sources.size() == 1 ? verify_one(arguments, options)
                                         : verify_several(arguments, options);
}

}  // namespace

Run declare(CLI::App& app) {
    auto arguments = std::make_shared<Arguments>();
    add_sources(app, arguments->sources, Need::optional);
    add_flag(app, "--strict", arguments->strict,
             "exit 1 for warnings and for concerns about the cluster, too");
    add_option(app, "--expect-cluster", "ID", arguments->expect_cluster,
               "the cluster id, in hex, that the backup has to be of");
    add_option(app, "--wal-dir", "DIR", arguments->wal_dir,
               "where a data directory's WAL lies (SOURCE/member/wal)");
    add_encryption(app, arguments->encryption_config);
    add_option(app, "--now", "TIME", arguments->now,
               "the time at which certificates, tokens and leases have to be valid");
    add_flag(app, "--before-restore", arguments->before_restore,
             "the page to read before restoring: what is lost, what happens first, what to have");
    add_option(app, "--host", "DIR", arguments->host,
               "the root of the host to restore on, whose CAs and keys have to fit (/)");
    add_receipt(app, arguments->receipt);
    add_flag(app, "--list-rules", arguments->list_rules, "list all rules and look at no SOURCE");
    add_format(app, arguments->format);
    return [arguments] { return run(*arguments); };
}

}  // namespace salvor::tool::verify
