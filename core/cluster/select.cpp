#include "core/cluster/select.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "core/cluster/key_filter.hpp"
#include "formats/kube/metadata.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/nearest.hpp"

namespace salvor::cluster {
namespace {

/// The words that kubectl would take, the plurals first.
std::vector<std::string> resource_words(const Catalog& catalog) {
    std::vector<std::string> plurals, others;
    for (const auto& type : catalog.types()) {
        if (type.plural.empty()) continue;
        plurals.emplace_back(type.plural);
        if (!type.group.empty()) others.push_back(type.full_name());
        others.emplace_back(type.singular);
        others.insert(others.end(), type.short_names.begin(), type.short_names.end());
    }
    plurals.insert(plurals.end(), others.begin(), others.end());
    return plurals;
}

std::unexpected<Error> no_such_resource(const Catalog& catalog, Bytes word) {
    std::string lower(word);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return fail(ErrorCode::unsupported,
                "no resource is called {}{}: Kubernetes has none, and no CRD in the snapshot "
                "defines one",
                text::Escaped{word}, text::did_you_mean(lower, resource_words(catalog)));
}

/// The types of one word: of a category all, else the one.
Result<std::vector<Named>> types_of(const Catalog& catalog, Bytes word) {
    std::vector<Named> found;
    for (const auto* type : catalog.category(word)) found.push_back({type, {}});
    if (!found.empty()) return found;
    const auto named = catalog.find(word);
    if (!named) return no_such_resource(catalog, word);
    found.push_back(*named);
    return found;
}

Target& target_of(std::vector<Target>& targets, const Named& named) {
    const auto found = std::find_if(targets.begin(), targets.end(),
                                    [&](const Target& t) { return t.type == named.type; });
    if (found != targets.end()) return *found;
    targets.push_back({named.type, named.api_version, {}});
    return targets.back();
}

/// `pod/web svc/x`: each word a KIND and a NAME.
Result<std::vector<Target>> parse_pairs(const Catalog& catalog,
                                        const std::vector<std::string>& words) {
    std::vector<Target> targets;
    for (const auto& word : words) {
        const auto slash = word.find('/');
        const auto name = slash == std::string::npos ? std::string() : word.substr(slash + 1);
        if (slash == 0 || name.empty() || name.find('/') != std::string::npos) {
            return fail(ErrorCode::usage,
                        "{}: where one argument is KIND/NAME, all must be, each with one slash",
                        text::Escaped{word});
        }
        const auto kinds = Bytes(word).substr(0, slash);
        for (std::size_t at = 0; at <= kinds.size();) {
            const auto comma = std::min(kinds.find(',', at), kinds.size());
            SALVOR_TRY(const auto types, types_of(catalog, kinds.substr(at, comma - at)));
            for (const auto& named : types) target_of(targets, named).names.push_back(name);
            at = comma + 1;
        }
    }
    return targets;
}

bool has_slash(const std::string& word) {
    return word.find('/') != std::string::npos;
}

}  // namespace

Result<std::vector<Target>> parse_targets(const Catalog& catalog,
                                          const std::vector<std::string>& words) {
    std::vector<Target> targets;
    if (words.empty()) return targets;
    if (std::any_of(words.begin(), words.end(), has_slash)) return parse_pairs(catalog, words);
    const Bytes kinds = words.front();
    for (std::size_t at = 0; at <= kinds.size();) {
        const auto comma = std::min(kinds.find(',', at), kinds.size());
        SALVOR_TRY(const auto types, types_of(catalog, kinds.substr(at, comma - at)));
        for (const auto& named : types) {
            target_of(targets, named).names.assign(words.begin() + 1, words.end());
        }
        at = comma + 1;
    }
    return targets;
}

bool is_one_object(const std::vector<Target>& targets, const std::vector<std::string>& words) {
    return targets.size() == 1 && targets[0].names.size() == 1 &&
           words.front().find(',') == std::string::npos;
}

namespace {

std::optional<Bytes> label_of(const kube::Metadata& metadata, Bytes key) {
    std::optional<Bytes> found;
    for (const auto& [name, value] : metadata.labels) {
        if (name == key) found = value;
    }
    return found;
}

}  // namespace

Result<bool> labels_hold(const Object& object, const Requirements& labels) {
    if (object.encoding() == kube::Encoding::protobuf) {
        SALVOR_TRY(const auto metadata, kube::read_metadata(object.message()));
        return std::all_of(labels.begin(), labels.end(), [&](const Requirement& one) {
            return one.holds(label_of(metadata, one.key));
        });
    }
    kube::Document document;
    SALVOR_TRY(const auto value, object.value_tree(document, {}));
    const auto* found = value.at({"metadata", "labels"});
    return std::all_of(labels.begin(), labels.end(), [&](const Requirement& one) {
        const auto* label = found ? found->find(one.key) : nullptr;
        return one.holds(label && label->is_string() ? std::optional(label->string) : std::nullopt);
    });
}

namespace {

Result<timeline::State> rows_of(const Cluster& cluster, const Query& query) {
    const KeyFilter filter(cluster, query);
    if (!query.foreseen) {
        return timeline::range(cluster.db(), cluster.revision(),
                               [&](Bytes key) { return filter.holds(key); });
    }
    auto rows = cluster.noted();
    rows.filter_keys([&](Bytes key) { return filter.holds(key); });
    return rows;
}

}  // namespace

Result<Selection> Selection::of(const Cluster& cluster, const Query& query) {
    SALVOR_TRY(auto rows, rows_of(cluster, query));
    Selection selection(cluster, query, std::move(rows));
    SALVOR_TRY(selection.fields_, FieldMatcher::of(query));
    selection.order();
    return selection;
}

void Selection::order() {
    if (query_->targets.empty()) {
        runs_.push_back({0, rows_.size()});
        if (rows_.size() == 0 && !query_->raw_key.empty()) missing_.push_back(query_->raw_key);
        return;
    }
    for (const auto& target : query_->targets) add(target);
}

/// The rows of one type lie together below each prefix; of named ones each name's in the order of
/// the names.
void Selection::add(const Target& target) {
    std::vector<std::pair<std::size_t, std::size_t>> found;  // rank of the name, row
    std::vector<bool> seen(target.names.size());
    for (const auto& prefix : cluster_->registry().prefixes()) {
        const auto start = fmt::format("{}/{}/", prefix, target.type->key_prefix);
        for (auto i = rows_.lower_bound(start); i < rows_.size(); ++i) {
            const auto row = rows_[i];
            if (!row.key.starts_with(start)) break;
            const auto item = cluster_->item(row);
            if (!item || item->key.type != target.type) continue;
            const auto name = std::find(target.names.begin(), target.names.end(), item->key.name);
            const auto rank = static_cast<std::size_t>(name - target.names.begin());
            if (rank < seen.size()) seen[rank] = true;
            found.emplace_back(rank, i);
        }
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [rank, row] : found) {
        if (!runs_.empty() && runs_.back().end == row) {
            runs_.back().end = row + 1;
        } else {
            runs_.push_back({row, row + 1});
        }
    }
    for (std::size_t rank = 0; rank < seen.size(); ++rank) {
        if (!seen[rank])
            missing_.push_back(fmt::format("{}/{}", target.type->full_name(), target.names[rank]));
    }
}

void Selection::each(const std::function<bool(const Candidate&)>& each) const {
    each_row([&](const Candidate& candidate, std::size_t) { return each(candidate); });
}

namespace {

/// Rows lie far apart: so many ahead each one's element, and then its value, is asked for.
constexpr std::size_t rows_ahead = 8;
constexpr std::size_t values_ahead = 3;

}  // namespace

void Selection::each_row(const std::function<bool(const Candidate&, std::size_t)>& each) const {
    for (const auto& run : runs_) {
        for (std::size_t i = run.begin; i < run.end; ++i) {
            if (i + rows_ahead < run.end) rows_.ask_for(i + rows_ahead);
            if (i + values_ahead < run.end) rows_.ask_for_value(i + values_ahead);
            const auto row = rows_[i];
            auto item = cluster_->item(row);
            if (!item) item = Item{{nullptr, {}, row.key}, row};  // asked for by its raw key
            const Candidate candidate(*cluster_, *item);
            if (passes(candidate) && !each(candidate, i)) return;
        }
    }
}

bool Selection::passes(const Candidate& candidate) const {
    if (!query_->labels.empty() && candidate.object()) {
        const auto held = labels_hold(*candidate.object(), query_->labels);
        if (held && !*held) return false;
    }
    const auto held = fields_.holds(candidate);
    return !held || *held;
}

namespace {

/// Where the server's name for a field is no path into the object.
/// Source: kubernetes pkg/registry/*/strategy.go, each one's ToSelectableFields
struct Alias {
    Bytes field;
    std::array<Bytes, 2> paths;
    Bytes when_absent;
};
constexpr std::array aliases{
    Alias{"spec.unschedulable", {"spec.unschedulable", ""}, "false"},
    Alias{"spec.hostNetwork", {"spec.hostNetwork", ""}, "false"},
    Alias{"status.replicas", {"status.replicas", ""}, "0"},
    Alias{"status.successful", {"status.succeeded", ""}, "0"},
    Alias{"source", {"source.component", "reportingComponent"}, ""},
};

}  // namespace

Result<FieldMatcher> FieldMatcher::of(const Query& query) {
    FieldMatcher matcher;
    matcher.secrets_ = query.secrets;
    for (const auto& requirement : query.fields) {
        auto& field = matcher.fields_.emplace_back();
        field.requirement = requirement;
        field.is_name = requirement.key == "metadata.name";
        field.is_namespace = requirement.key == "metadata.namespace";
        Alias alias{requirement.key, {requirement.key, ""}, ""};
        for (const auto& known : aliases) {
            if (known.field == requirement.key) alias = known;
        }
        field.when_absent = alias.when_absent;
        for (const auto path : alias.paths) {
            if (path.empty()) continue;
            SALVOR_TRY(auto parsed, JsonPath::parse_path(path));
            field.paths.push_back(std::move(parsed));
        }
    }
    return matcher;
}

Result<bool> FieldMatcher::holds(const Candidate& candidate) const {
    const auto& key = candidate.item().key;
    std::optional<kube::Value> value;
    kube::Document document;
    for (const auto& field : fields_) {
        auto text = field.when_absent;
        if (field.is_name || field.is_namespace) {
            text = field.is_name ? key.name : key.namespace_name;
        } else {
            const auto& object = candidate.object();
            if (!object) return std::unexpected(object.error());
            if (!value) {
                SALVOR_TRY(value, object->value_tree(document, {}));
                if (secrets_ == Query::Secrets::redacted)
                    redactor_.redact(*object, *value, document);
            }
            for (const auto& path : field.paths) {
                const auto found = path.find(*value);
                if (!found || found->empty() || found->front().values.empty()) continue;
                const auto& first = *found->front().values.front();
                if (first.is_null() || (first.is_string() && first.string.empty())) continue;
                text = go_text(first);
                break;
            }
        }
        if (!field.requirement.holds(Bytes(text))) return false;
    }
    return true;
}

}  // namespace salvor::cluster
