#include "core/query/search.hpp"

#include <set>

#include "core/cluster/key_filter.hpp"
#include "core/query/raw_search.hpp"
#include "core/timeline/key_table.hpp"
#include "core/timeline/keyspace.hpp"
#include "formats/kube/stored.hpp"

namespace salvor::query {
namespace {

using timeline::RowPosition;

/// One run over one database.
class Search {
 public:
    Search(const bbolt::Database& db, const Pattern& pattern, const SearchOptions& options,
           const std::function<void(const Found&)>& each,
           const std::function<void(Bytes, const std::string&)>& problem)
        : db_(db), pattern_(pattern), options_(options), each_(each), problem_(problem) {}

    Result<SearchSummary> run() {
        SALVOR_TRY(rows_, rows_that_may_match(db_, pattern_));
        const bool is_filtered = !options_.namespace_name.empty() || !options_.kinds.empty();
        if (rows_.empty() && !options_.inverted && !is_filtered) return summary_;
        SALVOR_CHECK(note_keys());
        SALVOR_CHECK(open_cluster());
        if (options_.all_revisions) {
            SALVOR_CHECK(search_rows());
        } else {
            SALVOR_CHECK(search_state());
        }
        return summary_;
    }

 private:
    /// The keys of the rows, to find which of them are live.
    Result<void> note_keys() {
        SALVOR_TRY(keys_, timeline::KeyTable::over(db_));
        if (options_.all_revisions) return {};
        for (const auto position : rows_) {
            SALVOR_TRY(const auto row, timeline::row_of(db_, timeline::entry_at(db_, position)));
            SALVOR_TRY(const auto key, timeline::key_of(db_, row));
            keys_->find(key).put({position, true});
        }
        return {};
    }

    bool is_noted(Bytes key) const { return keys_->look_up(key).has_value(); }

    Result<void> open_cluster() {
        cluster::Options wanted;
        wanted.release = options_.release;
        wanted.encryption = options_.encryption;
        const bool all = options_.inverted;
        if (!options_.all_revisions)
            wanted.foreseen = [this, all](Bytes key) { return all || is_noted(key); };
        auto opened = cluster::Cluster::open(db_, wanted);
        if (opened) {
            cluster_ = std::move(*opened);
            objects_.emplace(pattern_);
            return filter();
        }
        if (opened.error().code != ErrorCode::not_found) return std::unexpected(opened.error());
        if (options_.namespace_name.empty() && options_.kinds.empty()) return {};
        return fail(ErrorCode::usage,
                    "search: there is no Kubernetes in it: kinds and -n have no meaning");
    }

    Result<void> filter() {
        if (options_.namespace_name.empty() && options_.kinds.empty()) return {};
        query_.namespace_name = options_.namespace_name;
        query_.with_namespace = true;
        for (const auto& kind : options_.kinds) {
            SALVOR_TRY(const auto targets, cluster::parse_targets(cluster_->catalog(), {kind}));
            query_.targets.insert(query_.targets.end(), targets.begin(), targets.end());
        }
        filter_.emplace(*cluster_, query_);
        return {};
    }

    Result<void> search_state() {
        std::optional<timeline::State> own;
        if (!cluster_) {
            SALVOR_TRY(own, timeline::range(db_, 0, [this](Bytes key) {
                           return options_.inverted || is_noted(key);
                       }));
        }
        const auto& state = own ? *own : cluster_->noted();
        for (std::size_t i = 0; i < state.size(); ++i) {
            const auto kv = state[i];
            const bool may_match = is_noted(kv.key);
            if (may_match || options_.inverted) one(kv, may_match);
        }
        return {};
    }

    Result<void> search_rows() {
        if (!options_.inverted) {
            for (const auto position : rows_) {
                SALVOR_TRY(const auto row,
                           timeline::row_of(db_, timeline::entry_at(db_, position)));
                SALVOR_TRY(const auto kv, timeline::key_value_of(db_, row));
                one(kv, true);
            }
            return {};
        }
        auto next = rows_.begin();
        return timeline::walk_key_values(
            db_, [&](const timeline::Row&, RowPosition position, const etcd::KeyValue& kv) {
                const bool may_match = next != rows_.end() && *next == position;
                if (may_match) ++next;
                one(kv, may_match);
                return true;
            });
    }

    void one(const etcd::KeyValue& kv, bool may_match) {
        if (filter_ && !filter_->holds(kv.key)) return;
        const auto shown = cluster::without_token(kv.key);
        const auto item = cluster_ ? cluster_->item(kv) : std::nullopt;
        Found found{shown, item ? &*item : nullptr, kv.mod_revision, false, {}};
        if (may_match) look_into(kv, found);
        if ((found.key_matches || !found.fields.empty()) == options_.inverted) return;
        ++summary_.found;
        each_(found);
    }

    void look_into(const etcd::KeyValue& kv, Found& found) {
        found.key_matches = pattern_.holds(kv.key);
        // Once is enough of a key that stands in many rows.
        if (found.key_matches && options_.all_revisions && !options_.inverted)
            found.key_matches = told_keys_.emplace(kv.key).second;
        if (kv.value.empty()) return;
        const bool encrypted = kube::encoding_of(kv.value) == kube::Encoding::encrypted;
        if (encrypted && !options_.encryption) {
            ++summary_.closed;
        } else if (found.item && found.item->key.type) {
            object(*found.item, found);
        } else {
            search_lines(kv.value, pattern_, [&](Bytes line, std::size_t number) {
                found.fields.push_back({{}, number, std::string(line), false, false, false});
            });
        }
    }

    void object(const cluster::Item& item, Found& found) {
        const auto object = cluster_->open_object(item);
        auto outcome =
            object ? objects_->search(*object,
                                      [&](FieldHit hit) { found.fields.push_back(std::move(hit)); })
                   : Result<void>(std::unexpected(object.error()));
        if (outcome) return;
        const auto code = outcome.error().code;
        const bool is_closed =
            !object && (code == ErrorCode::not_found || code == ErrorCode::unsupported);
        ++(is_closed ? summary_.closed : summary_.problems);
        if (!is_closed) problem_(found.key, outcome.error().message);
    }

    const bbolt::Database& db_;
    const Pattern& pattern_;
    const SearchOptions& options_;
    const std::function<void(const Found&)>& each_;
    const std::function<void(Bytes, const std::string&)>& problem_;
    std::vector<RowPosition> rows_;
    std::optional<timeline::KeyTable> keys_;
    std::unique_ptr<cluster::Cluster> cluster_;
    std::optional<ObjectSearch> objects_;
    cluster::Query query_;
    std::optional<cluster::KeyFilter> filter_;
    std::set<std::string, std::less<>> told_keys_;
    SearchSummary summary_;
};

}  // namespace

Result<SearchSummary> search(const bbolt::Database& db, const Pattern& pattern,
                             const SearchOptions& options,
                             const std::function<void(const Found&)>& each,
                             const std::function<void(Bytes, const std::string&)>& problem) {
    return Search(db, pattern, options, each, problem).run();
}

}  // namespace salvor::query
