#include "core/cluster/describe/describe.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "core/cluster/describe/snapshot_part.hpp"
#include "core/report/tab_writer.hpp"
#include "formats/text/escape.hpp"
#include "tools/salvor/cluster_view.hpp"
#include "tools/salvor/commands/describe.hpp"
#include "tools/salvor/nothing_found.hpp"
#include "tools/salvor/now.hpp"
#include "tools/salvor/on_source.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/out_stream.hpp"
#include "tools/salvor/problems.hpp"
#include "tools/salvor/progress.hpp"

// Source: kubernetes kubectl pkg/cmd/describe/describe.go

namespace salvor::tool::describe_objects {
namespace {

struct Options {
    ClusterOptions cluster;
    std::vector<std::string> words;
    std::string raw_key;
    std::string namespace_name;
    bool all_namespaces = false;
    std::string labels;
    std::string now;
    bool as_kubectl = false;
};

Result<cluster::Query> query_of(const Options& options, const cluster::Cluster& cluster) {
    cluster::Query query;
    if (options.raw_key.empty() == options.words.empty()) {
        return fail(
            ErrorCode::usage,
            "describe: name objects, by KIND [NAME...] or KIND/NAME..., or one by --key KEY");
    }
    SALVOR_TRY(query.targets, cluster::parse_targets(cluster.catalog(), options.words));
    if (!options.all_namespaces) query.namespace_name = options.namespace_name;
    query.raw_key = options.raw_key;
    SALVOR_TRY(query.labels, cluster::parse_label_selector(options.labels));
    const bool has_names = !query.targets.empty() && !query.targets.front().names.empty();
    if (!query.labels.empty() && (has_names || !options.raw_key.empty()))
        return fail(ErrorCode::usage, "describe: a selector and a NAME: choose one");
    return query;
}

/// Where no object of a kind has the one name that was asked for: those whose names start so, as
/// kubectl has it.
Result<bool> widen(const cluster::Cluster& cluster, cluster::Query& query) {
    if (query.targets.size() != 1 || query.targets[0].names.size() != 1) return false;
    const auto start = query.targets[0].names[0];
    auto all = query;
    all.targets[0].names.clear();
    SALVOR_TRY(const auto selection, cluster::Selection::of(cluster, all));
    std::vector<std::string> names;
    selection.each([&](const cluster::Candidate& candidate) {
        const auto& name = candidate.item().key.name;
        if (name.starts_with(start)) names.emplace_back(name);
        return true;
    });
    if (names.empty()) return false;
    query.targets[0].names = std::move(names);
    return true;
}

/// The past of all objects that are described.
struct Past {
    cluster::Times times;
    std::vector<cluster::History> histories;  ///< by key

    static Result<Past> read(const cluster::Cluster& cluster, const cluster::Selection& selection) {
        std::set<std::string, std::less<>> keys;
        selection.each([&](const cluster::Candidate& candidate) {
            keys.emplace(candidate.item().row.key);
            return true;
        });
        SALVOR_TRY(auto times, cluster::Times::read(cluster));
        SALVOR_TRY(auto histories, cluster::History::of_keys(
                                       cluster, [&](Bytes key) { return keys.contains(key); }));
        return Past{std::move(times), std::move(histories)};
    }
    const cluster::History& of(Bytes key) const {
        return *std::lower_bound(
            histories.begin(), histories.end(), key,
            [](const cluster::History& history, Bytes wanted) { return history.key() < wanted; });
    }
};

/// Describes one object after the other. `past`: nullptr where nothing but kubectl's part is told.
class Telling {
 public:
    Telling(const cluster::Presenter& newest, const cluster::Presenter& preferred,
            const describe::Surroundings& around, const table::Now& now, const Past* past)
        : newest_(newest), preferred_(preferred), around_(around), now_(now), past_(past) {}

    void tell(const cluster::Candidate& candidate) {
        const auto& object = candidate.object();
        kube::Document document;
        const auto value = object ? value_of(*object, document)
                                  : Result<kube::Value>(std::unexpected(object.error()));
        if (!value) {
            ++failed_;
            return problems_.say(candidate.item().row.key, value.error().message);
        }
        if (told_++ > 0) out_ << "\n\n";
        const describe::Subject subject{*value, now_, release(), around_};
        lay_out(describe::description(subject));
        if (!past_) return;
        out_ << "\n";
        const auto& history = past_->of(candidate.item().row.key);
        lay_out(describe::snapshot_part(subject, *object, history, past_->times));
    }

    void sum_up() { problems_.sum_up(); }
    bool all_told() const { return failed_ == 0; }

 private:
    std::uint8_t release() const { return newest_.cluster().release().release; }
    Result<kube::Value> value_of(const cluster::Object& object, kube::Document& document) const {
        SALVOR_TRY(auto value, newest_.value(object, document));
        if (describe::has_own_layout(value, release())) return value;
        return preferred_.value(object, document);
    }
    void lay_out(const std::string& description) {
        report::TabWriter writer(report::description_layout);
        writer.text(description);
        writer.flush([&](Bytes text) { out_.raw_lines(text); });
    }

    const cluster::Presenter& newest_;
    const cluster::Presenter& preferred_;
    const describe::Surroundings& around_;
    table::Now now_;
    const Past* past_;
    OutStream out_;
    std::uint64_t told_ = 0, failed_ = 0;
    Problems problems_;
};

Result<Answer> run(const Options& options) {
    if (!options.now.empty()) SALVOR_CHECK(parse_now(options.now));
    SALVOR_TRY(const auto view, ClusterView::open(options.cluster));
    const auto& cluster = view.cluster();
    SALVOR_TRY(auto query, query_of(options, cluster));
    SALVOR_TRY(auto selection, cluster::Selection::of(cluster, query));
    if (selection.size() == 0) {
        SALVOR_TRY(const bool found, widen(cluster, query));
        if (found) {
            SALVOR_TRY(selection, cluster::Selection::of(cluster, query));
        }
    }
    if (selection.size() == 0) {
        if (selection.missing().empty()) say_nothing_found(cluster, query);
        say_missing(selection, cluster, query);
        return selection.missing().empty() ? Answer::yes : Answer::no;
    }
    if (options.cluster.kubernetes_version.empty()) {
        say(fmt::format("shown as Kubernetes 1.{}: {}", cluster.release().release,
                        cluster.release().evidence));
    }
    SALVOR_TRY(const auto now, now_of(options.now, view));
    cluster::Presenter::Options shown{false, options.cluster.show_secrets, true};
    const cluster::Presenter preferred(cluster, shown);
    shown.version = cluster::Presenter::Version::newest;
    const cluster::Presenter newest(cluster, shown);
    SALVOR_TRY(const auto around, describe::Surroundings::of(newest));
    std::optional<Past> past;
    if (!options.as_kubectl) {
        const Progress progress("reading the past in " + options.cluster.source);
        SALVOR_TRY(past, Past::read(cluster, selection));
    }
    Telling telling(newest, preferred, around, now, past ? &*past : nullptr);
    selection.each([&](const cluster::Candidate& candidate) {
        telling.tell(candidate);
        return true;
    });
    telling.sum_up();
    if (around.unread() > 0) {
        say(fmt::format("{} of the objects around could not be read: what they tell is missing",
                        around.unread()));
    }
    say_missing(selection, cluster, query);
    return selection.missing().empty() && telling.all_told() ? Answer::yes : Answer::no;
}

}  // namespace

Run declare(CLI::App& app) {
    auto options = std::make_shared<Options>();
    add_cluster(app, options->cluster);
    add_positional(app, "KIND", options->words,
                   "which objects: KIND[,KIND...] [NAME...] or KIND/NAME...");
    add_key(app, options->raw_key);
    add_namespace(app, options->namespace_name);
    add_all_namespaces(app, options->all_namespaces);
    add_labels(app, options->labels);
    add_now(app, options->now);
    add_flag(app, "--as-kubectl", options->as_kubectl,
             "what kubectl would print, and nothing more");
    return [options] { return on_source(options->cluster.source, run(*options)); };
}

}  // namespace salvor::tool::describe_objects
