#include "tools/salvor/commands/get.hpp"

#include <array>

#include "core/cluster/select.hpp"
#include "core/report/objects.hpp"
#include "formats/text/escape.hpp"
#include "tools/salvor/cluster_view.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/out_stream.hpp"
#include "tools/salvor/progress.hpp"

// Source: kubernetes kubectl pkg/cmd/get/get.go, cli-runtime pkg/resource/builder.go

namespace salvor::tool::get {
namespace {

using report::ObjectFormat;

struct Options {
    ClusterOptions cluster;
    std::vector<std::string> words;
    std::string raw_key;
    std::string namespace_name;
    bool all_namespaces = false;
    std::string labels;
    std::string output = "name";
    bool managed_fields = false;
    bool ignore_not_found = false;
};

Result<ObjectFormat> format_of(const std::string& output) {
    static constexpr std::array formats{
        std::pair{"yaml", ObjectFormat::yaml}, std::pair{"json", ObjectFormat::json},
        std::pair{"jsonl", ObjectFormat::jsonl}, std::pair{"name", ObjectFormat::name}};
    for (const auto& [word, format] : formats) {
        if (output == word) return format;
    }
    return fail(ErrorCode::usage, "get: -o {} is none of yaml, json, jsonl, name",
                text::escape(output));
}

Result<void> check(const Options& options) {
    if (!options.raw_key.empty() && (!options.words.empty() || !options.labels.empty())) {
        return fail(ErrorCode::usage,
                    "get: --key names the one object, so no KIND and no selector has a place "
                    "beside it");
    }
    return {};
}

Result<cluster::Query> query_of(const Options& options, const cluster::Cluster& cluster) {
    cluster::Query query;
    SALVOR_TRY(query.targets, cluster::parse_targets(cluster.catalog(), options.words));
    query.one_object =
        !options.raw_key.empty() || cluster::is_one_object(query.targets, options.words);
    if (!options.all_namespaces) query.namespace_name = options.namespace_name;
    query.raw_key = options.raw_key;
    SALVOR_TRY(query.labels, cluster::parse_label_selector(options.labels));
    const bool has_names = !query.targets.empty() && !query.targets.front().names.empty();
    if (has_names && !query.labels.empty())
        return fail(ErrorCode::usage, "get: a selector and a NAME: choose one");
    return query;
}

/// Prints what was selected and tells of what could not be.
class Printing {
 public:
    Printing(const Options& options, const cluster::Cluster& cluster)
        : presenter_(cluster, {options.managed_fields, options.cluster.show_secrets}) {}

    void print(const cluster::Selection& selection, ObjectFormat format, bool one_object) {
        OutStream out;
        names_alone_ = format == ObjectFormat::name;
        const auto printer = report::object_printer(
            presenter_, format, one_object ? report::Answer::one_object : report::Answer::list,
            [&](Bytes text) { out.raw_lines(text); });
        selection.each([&](const cluster::Candidate& candidate) {
            one(candidate, *printer);
            return true;
        });
        printer->finish();
    }

    std::uint64_t failed() const { return failed_; }

 private:
    void one(const cluster::Candidate& candidate, report::ObjectPrinter& printer) {
        const auto& key = candidate.item().row.key;
        cluster::UnknownFields unknown;
        if (const auto printed = printer.add(candidate, unknown); !printed) {
            ++failed_;
            return say(fmt::format("{}: {}", text::Escaped{key}, printed.error().message));
        }
        if (names_alone_) return;
        const auto& object = *candidate.object();
        if (object.encoding() == kube::Encoding::protobuf && !object.shape()) {
            say(fmt::format("{}: no table has {} {}: all but its metadata is shown by field number",
                            text::Escaped{key}, text::Escaped{object.api_version()},
                            text::Escaped{object.kind()}));
        }
        for (const auto& field : unknown) {
            say(fmt::format("{}: no table has field {} of {}: it is shown by its number",
                            text::Escaped{key}, field.number, text::Escaped{field.path}));
        }
    }

    cluster::Presenter presenter_;
    bool names_alone_ = false;
    std::uint64_t failed_ = 0;
};

Result<Answer> run(const Options& options) {
    SALVOR_CHECK(check(options));
    SALVOR_TRY(const auto format, format_of(options.output));
    SALVOR_TRY(const auto view, ClusterView::open(options.cluster));
    const auto& cluster = view.cluster();
    SALVOR_TRY(const auto query, query_of(options, cluster));
    SALVOR_TRY(const auto selection, cluster::Selection::of(cluster, query));
    if (options.cluster.kubernetes_version.empty() && format != ObjectFormat::name) {
        say(fmt::format("shown as Kubernetes 1.{}: {}", cluster.release().release,
                        cluster.release().evidence));
    }
    const bool is_list = !query.one_object || selection.size() > 1;
    if (query.one_object && is_list) {
        say(fmt::format("{} objects have that name, in as many namespaces; -n chooses one",
                        selection.size()));
    }
    Printing printing(options, cluster);
    printing.print(selection, format, !is_list);
    if (!options.ignore_not_found) {
        for (const auto& name : selection.missing())
            say(fmt::format("{}: not found at revision {}", text::escape(name),
                            cluster.revision()));
    }
    const bool all_found = options.ignore_not_found || selection.missing().empty();
    return all_found && printing.failed() == 0 ? Answer::yes : Answer::no;
}

}  // namespace

Run declare(CLI::App& app) {
    auto options = std::make_shared<Options>();
    add_cluster(app, options->cluster);
    add_positional(app, "KIND", options->words,
                   "which objects: KIND[,KIND...] [NAME...] or KIND/NAME...; all without it");
    add_option(app, "--key", "KEY", options->raw_key, "the object that is stored at this etcd key");
    add_option(app, "-n,--namespace", "NAMESPACE", options->namespace_name,
               "of this namespace alone");
    add_flag(app, "-A,--all-namespaces", options->all_namespaces,
             "of all namespaces, which is the default");
    add_option(app, "-l,--selector", "SELECTOR", options->labels,
               "with such labels: a=b,c!=d,e in (f,g),!h");
    add_option(app, "-o,--output", "FORMAT", options->output,
               "yaml, json, jsonl or name (the default)");
    add_flag(app, "--show-managed-fields", options->managed_fields, "keep metadata.managedFields");
    add_flag(app, "--ignore-not-found", options->ignore_not_found,
             "a NAME that is not there is no reason for exit status 1");
    return [options] { return run(*options); };
}

}  // namespace salvor::tool::get
