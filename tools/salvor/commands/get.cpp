#include "tools/salvor/commands/get.hpp"

#include <array>
#include <optional>

#include "core/cluster/foresight.hpp"
#include "core/cluster/select.hpp"
#include "core/cluster/sort_key.hpp"
#include "core/report/object_table.hpp"
#include "formats/text/escape.hpp"
#include "tools/salvor/choices.hpp"
#include "tools/salvor/cluster_views.hpp"
#include "tools/salvor/error_document.hpp"
#include "tools/salvor/nothing_found.hpp"
#include "tools/salvor/now.hpp"
#include "tools/salvor/on_source.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/out_stream.hpp"
#include "tools/salvor/problems.hpp"
#include "tools/salvor/progress.hpp"

// Source: kubernetes kubectl pkg/cmd/get/get.go, cli-runtime pkg/resource/builder.go

namespace salvor::tool::get {
namespace {

struct Options {
    ClusterOptions cluster;
    std::vector<std::string> others;
    std::vector<std::string> words;
    std::string raw_key;
    std::string namespace_name;
    bool all_namespaces = false;
    std::string labels, fields;
    std::string output = "table";
    std::string sort_by;
    std::string now;
    std::vector<std::string> label_columns;
    bool show_labels = false;
    bool no_headers = false;
    bool managed_fields = false;
    bool as_served = false;
    bool ignore_not_found = false;
};

/// What -o says, taken apart.
struct Output {
    enum class Kind { objects, table, json_path, custom_columns } kind = Kind::objects;
    report::ObjectFormat format = report::ObjectFormat::name;
    std::optional<cluster::JsonPath> path;
    std::vector<report::CustomColumn> columns;
    report::TableStyle table;
};

std::optional<Bytes> behind(const std::string& output, Bytes start) {
    return output.starts_with(start) ? std::optional(Bytes(output).substr(start.size()))
                                     : std::nullopt;
}

/// Of what declare() lets through.
Result<Output> output_of(const std::string& output) {
    using report::ObjectFormat;
    static constexpr std::array formats{
        std::pair{"yaml", ObjectFormat::yaml}, std::pair{"json", ObjectFormat::json},
        std::pair{"jsonl", ObjectFormat::jsonl}, std::pair{"name", ObjectFormat::name}};
    for (const auto& [word, format] : formats) {
        if (output == word) return Output{Output::Kind::objects, format, {}, {}, {}};
    }
    Output found;
    if (output == "table" || output == "wide") {
        found.kind = Output::Kind::table;
        found.table.width = output == "wide" ? table::Width::wide : table::Width::narrow;
        return found;
    }
    if (const auto path = behind(output, "jsonpath=")) {
        found.kind = Output::Kind::json_path;
        SALVOR_TRY(found.path, cluster::JsonPath::parse(*path));
        return found;
    }
    found.kind = Output::Kind::custom_columns;
    SALVOR_TRY(found.columns, report::parse_custom_columns(*behind(output, "custom-columns=")));
    return found;
}

Result<void> check(const Options& options) {
    if (!options.raw_key.empty() &&
        (!options.words.empty() || !options.labels.empty() || !options.fields.empty())) {
        return fail(ErrorCode::usage,
                    "get: --key names the one object, so no KIND and no selector has a place "
                    "beside it");
    }
    if (!options.now.empty()) SALVOR_CHECK(parse_now(options.now));
    return {};
}

Result<cluster::Query> query_of(const Options& options, const cluster::Cluster& cluster) {
    cluster::Query query;
    SALVOR_TRY(query.targets, cluster::parse_targets(cluster.catalog(), options.words));
    query.one_object =
        !options.raw_key.empty() || cluster::is_one_object(query.targets, options.words);
    if (!options.all_namespaces) query.namespace_name = options.namespace_name;
    query.raw_key = options.raw_key;
    if (options.cluster.show_secrets) query.secrets = cluster::Query::Secrets::compared;
    SALVOR_TRY(query.labels, cluster::parse_label_selector(options.labels));
    SALVOR_TRY(query.fields, cluster::parse_field_selector(options.fields));
    const bool has_names = !query.targets.empty() && !query.targets.front().names.empty();
    if (has_names && !(query.labels.empty() && query.fields.empty()))
        return fail(ErrorCode::usage, "get: a selector and a NAME: choose one");
    return query;
}

/// Prints what was selected and tells of what could not be.
class Printing {
 public:
    Printing(const Options& options, const Output& output, const cluster::Cluster& cluster,
             const cluster::Query& query)
        : presenter_(cluster, presented(options, output, query)), query_(query) {}

    Result<void> print(const cluster::Selection& selection, Output output, report::Answer answer,
                       report::Headers headers) {
        OutStream out;
        names_alone_ =
            output.kind == Output::Kind::objects && output.format == report::ObjectFormat::name;
        cells_alone_ = output.kind == Output::Kind::table;
        const auto printer = printer_of(std::move(output), answer, headers,
                                        [&](Bytes text) { out.raw_lines(text); });
        selection.each([&](const cluster::Candidate& candidate) {
            one(candidate, *printer);
            return true;
        });
        problems_.sum_up();
        return printer->finish();
    }

    /// --sort-by: the path must be in one object at least, as kubectl has it.
    Result<void> sort(cluster::Selection& selection, const std::string& path) {
        SALVOR_TRY(const auto parsed, cluster::JsonPath::parse_path(path));
        bool any = false, found = false;
        selection.sort<cluster::SortKey>(
            [&](const cluster::Candidate& candidate) {
                any = true;
                kube::Document document;
                const auto& object = candidate.object();
                const auto value = object ? presenter_.value(*object, document)
                                          : Result<kube::Value>(kube::Value{});
                const auto key = value ? cluster::SortKey::of(parsed, *value) : cluster::SortKey{};
                found = found || key.kind != cluster::SortKey::Kind::absent;
                return key;
            },
            std::less<>{});
        if (any && !found)
            return fail(ErrorCode::usage, "get: --sort-by {}: no object has that field",
                        text::escape(path));
        return {};
    }

    std::uint64_t printed() const { return printed_; }
    std::uint64_t failed() const { return failed_; }
    /// Meaningful where anything failed.
    const Error& first_failure() const { return first_failure_; }

 private:
    /// A table's columns are those of the newest version, whichever is asked for.
    static cluster::Presenter::Options presented(const Options& options, const Output& output,
                                                 const cluster::Query& query) {
        using Version = cluster::Presenter::Version;
        const bool is_table = output.kind == Output::Kind::table;
        cluster::Presenter::Options presented{options.managed_fields, options.cluster.show_secrets,
                                              options.as_served || is_table,
                                              is_table ? Version::newest : Version::preferred};
        for (const auto& target : query.targets) {
            const bool is_asked = !target.api_version.empty();
            if (is_asked && (!is_table || target.type->is_custom()))
                presented.asked.push_back({target.type, target.api_version});
        }
        return presented;
    }
    std::unique_ptr<report::ObjectPrinter> printer_of(Output output, report::Answer answer,
                                                      report::Headers headers,
                                                      report::TextSink sink) {
        switch (output.kind) {
            case Output::Kind::table:
                return report::table_printer(presenter_, query_, std::move(output.table),
                                             std::move(sink));
            case Output::Kind::json_path:
                return report::json_path_printer(presenter_, std::move(*output.path), answer,
                                                 std::move(sink));
            case Output::Kind::custom_columns:
                return report::custom_columns_printer(presenter_, std::move(output.columns),
                                                      headers, std::move(sink));
            case Output::Kind::objects: break;
        }
        return report::object_printer(presenter_, output.format, answer, std::move(sink));
    }

    void one(const cluster::Candidate& candidate, report::ObjectPrinter& printer) {
        const auto& key = candidate.item().row.key;
        cluster::UnknownFields unknown;
        if (const auto printed = printer.add(candidate, unknown); !printed) {
            if (failed_++ == 0) first_failure_ = printed.error();
            return problems_.say(key, printed.error().message);
        }
        ++printed_;
        if (names_alone_) return;
        const auto& object = *candidate.object();
        if (presenter_.keeps_version(object)) {
            problems_.say(
                key,
                fmt::format("shown as {}, as it is stored: only a server converts it to {}",
                            text::Escaped{object.api_version()}, presenter_.version_of(object)));
        }
        if (cells_alone_) return;
        if (object.encoding() == kube::Encoding::protobuf && !object.shape()) {
            problems_.say(
                key,
                fmt::format("no table has {} {}: all but its metadata is shown by field number",
                            text::Escaped{object.api_version()}, text::Escaped{object.kind()}));
        }
        for (const auto& field : unknown) {
            problems_.say(key, fmt::format("no table has field {} of {}: it is shown by its number",
                                           field.number, text::Escaped{field.path}));
        }
    }

    cluster::Presenter presenter_;
    const cluster::Query& query_;
    bool names_alone_ = false, cells_alone_ = false;
    std::uint64_t printed_ = 0, failed_ = 0;
    Error first_failure_{};
    Problems problems_;
};

/// What of a table the command line says, and from when its ages are counted.
Result<void> complete(report::TableStyle& style, const Options& options, const ClusterView& view,
                      const cluster::Query& query, bool has_rows) {
    const bool has_names = !query.targets.empty() && !query.targets.front().names.empty();
    style.headers = options.no_headers ? report::Headers::left_out : report::Headers::shown;
    style.show_labels = options.show_labels;
    for (const auto& list : options.label_columns) {
        for (std::size_t at = 0; at <= list.size();) {
            const auto comma = std::min(list.find(',', at), list.size());
            style.label_columns.push_back(list.substr(at, comma - at));
            at = comma + 1;
        }
    }
    style.keeps_order = has_names || !options.sort_by.empty();
    if (!has_rows && options.now.empty()) return {};  // nothing has an age
    SALVOR_TRY(style.now, now_of(options.now, view));
    return {};
}

/// Why there is nothing to show of the one object that was asked for.
Error why_not(const Printing& printing, const cluster::Selection& selection,
              const cluster::Cluster& cluster) {
    if (printing.failed() > 0) return printing.first_failure();
    return {ErrorCode::not_found, not_found(selection.missing().front(), cluster), {}};
}

void say_release(const Options& options, const Output& output, const cluster::Cluster& cluster) {
    const bool names_alone =
        output.kind == Output::Kind::objects && output.format == report::ObjectFormat::name;
    if (!options.cluster.kubernetes_version.empty() || names_alone) return;
    say(fmt::format("shown as Kubernetes 1.{}: {}", cluster.release().release,
                    cluster.release().evidence));
}

Result<Answer> run(const Options& options) {
    SALVOR_CHECK(check(options));
    SALVOR_TRY(auto output, output_of(options.output));
    const cluster::Foresight foresight(options.words, options.raw_key,
                                       options.all_namespaces ? "" : options.namespace_name);
    std::function<bool(Bytes)> foreseen;
    if (foresight.is_narrow()) foreseen = [&](Bytes key) { return foresight.holds(key); };
    SALVOR_TRY(const auto view, open_among(options.cluster, options.others, std::move(foreseen)));
    const auto& cluster = view.cluster();
    SALVOR_TRY(auto query, query_of(options, cluster));
    query.foreseen = foresight.covers(query);
    SALVOR_TRY(auto selection, cluster::Selection::of(cluster, query));
    if (selection.size() > 0) say_release(options, output, cluster);
    const bool is_list = !query.one_object || selection.size() > 1;
    if (query.one_object && is_list) {
        say(fmt::format("{} objects have that name, in as many namespaces; -n chooses one",
                        selection.size()));
    }
    const bool is_table = output.kind == Output::Kind::table;
    if (is_table) {
        SALVOR_CHECK(complete(output.table, options, view, query, selection.size() > 0));
    }
    const bool is_json =
        output.kind == Output::Kind::objects && output.format == report::ObjectFormat::json;
    Printing printing(options, output, cluster, query);
    if (!options.sort_by.empty()) SALVOR_CHECK(printing.sort(selection, options.sort_by));
    SALVOR_CHECK(printing.print(
        selection, std::move(output), is_list ? report::Answer::list : report::Answer::one_object,
        options.no_headers ? report::Headers::left_out : report::Headers::shown));
    if (options.ignore_not_found) return printing.failed() == 0 ? Answer::yes : Answer::no;
    if (printing.printed() + printing.failed() + selection.missing().size() == 0)
        is_table ? say_nothing_found(cluster, query)
                 : say_unknown_namespace(cluster, query.namespace_name);
    say_missing(selection, cluster, query);
    if (is_json && !is_list && printing.printed() == 0)
        tell_error(why_not(printing, selection, cluster));
    return selection.missing().empty() && printing.failed() == 0 ? Answer::yes : Answer::no;
}

}  // namespace

Run declare(CLI::App& app) {
    auto options = std::make_shared<Options>();
    add_cluster(app, options->cluster);
    add_with(app, options->others);
    add_positional(app, "KIND", options->words,
                   "which objects: KIND[,KIND...] [NAME...] or KIND/NAME...; all without it");
    add_key(app, options->raw_key);
    add_namespace(app, options->namespace_name);
    add_all_namespaces(app, options->all_namespaces);
    add_labels(app, options->labels);
    add_option(app, "--field-selector", "SELECTOR", options->fields,
               "with such fields: status.phase=Running,spec.nodeName!=a");
    add_choice(app, "-o,--output", "FORMAT", options->output,
               {"table", "wide", "yaml", "json", "jsonl", "name", "jsonpath=", "custom-columns="},
               "table (the default), wide, yaml, json, jsonl, name, jsonpath=TEMPLATE or "
               "custom-columns=SPEC");
    add_option(app, "--sort-by", "PATH", options->sort_by,
               "order by a field, such as .spec.nodeName");
    add_now(app, options->now);
    add_flag(app, "--no-headers", options->no_headers, "leave the columns' headers out");
    add_flag(app, "--show-labels", options->show_labels, "a last column with all labels");
    add_option(app, "-L,--label-columns", "LABEL[,...]", options->label_columns,
               "a column for each of these labels");
    add_flag(app, "--as-served", options->as_served,
             "what a server would serve, in place of what is stored");
    add_flag(app, "--show-managed-fields", options->managed_fields, "keep metadata.managedFields");
    add_flag(app, "--ignore-not-found", options->ignore_not_found,
             "a NAME that is not there is no reason for exit status 1");
    return [options] { return on_source(options->cluster.source, run(*options)); };
}

}  // namespace salvor::tool::get
