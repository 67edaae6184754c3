#include <algorithm>
#include <cassert>

#include "core/verify/remedies.hpp"
#include "core/verify/rules.hpp"
#include "core/verify/stages.hpp"
#include "formats/etcd/buckets.hpp"

namespace salvor::verify {
namespace {

/// The sentence of bbolt's own check; a wrong id does not compile.
consteval const char* what(std::string_view id) {
    for (const auto& check : bbolt::checks) {
        if (check.id == id) return check.what;
    }
    throw "formats/bbolt has no such check";
}

consteval Rule rule(const char* id, Layer layer, Severity severity,
                    const char* remedy = remedy::damaged) {
    return {id, layer, severity, what(id), remedy};
}

constexpr const char* other_meta =
    "bbolt opens the file with the other meta; where that is the older one, the last transaction "
    "is lost: compare "
    "the revision with another member's";
constexpr const char* no_harm = "etcd reads the file all the same; nothing has to be done";
constexpr const char* unsafe_to_write =
    "all of it can be read, but etcd would damage it by writing: restore with `--force --compact`, "
    "which writes it anew";

constexpr std::array in_pages{
    rule("meta-invalid", Layer::page, Severity::warning, other_meta),
    rule("meta-header", Layer::page, Severity::warning, no_harm),
    rule("meta-page-size", Layer::page, Severity::error),
    rule("meta-txid", Layer::page, Severity::note, no_harm),
    rule("page-range", Layer::page, Severity::error),
    rule("page-id", Layer::page, Severity::error),
    rule("page-type", Layer::page, Severity::error),
    rule("page-count", Layer::page, Severity::error),
    rule("page-overflow", Layer::page, Severity::error),
    rule("page-excess", Layer::page, Severity::error, unsafe_to_write),
    rule("page-empty", Layer::page, Severity::error),
    rule("page-slack", Layer::page, Severity::note, no_harm),
    rule("element-bounds", Layer::page, Severity::error),
    rule("element-flags", Layer::page, Severity::warning, no_harm),
    rule("element-packing", Layer::page, Severity::error),
    rule("key-empty", Layer::page, Severity::error, unsafe_to_write),
    rule("key-size", Layer::page, Severity::warning, no_harm),
    rule("value-size", Layer::page, Severity::warning, no_harm),
    rule("freelist-range", Layer::page, Severity::error, unsafe_to_write),
    rule("freelist-order", Layer::page, Severity::note, no_harm),
    rule("freelist-duplicate", Layer::page, Severity::error, unsafe_to_write),
};

constexpr std::array in_trees{
    rule("key-order", Layer::tree, Severity::error),
    rule("key-range", Layer::tree, Severity::error),
    rule("branch-key", Layer::tree, Severity::error, unsafe_to_write),
    rule("page-cycle", Layer::tree, Severity::error),
    rule("page-shared", Layer::tree, Severity::error),
    rule("page-freed", Layer::tree, Severity::error, unsafe_to_write),
    rule("page-leaked", Layer::tree, Severity::warning,
         "the page is of no use to anyone; a defragmentation gives it back"),
    rule("tree-depth", Layer::tree, Severity::error),
    rule("leaf-depth", Layer::tree, Severity::note, no_harm),
    rule("bucket-header", Layer::tree, Severity::error),
    rule("bucket-inline", Layer::tree, Severity::error),
    rule("bucket-nesting", Layer::tree, Severity::error),
    rule("root-entry", Layer::tree, Severity::warning,
         "etcd does not read the row; find out what wrote it"),
};

/// The root without a name holds all buckets.
bool loses_keys(const bbolt::Database& db, const Problem& problem) {
    const Bytes bucket = problem.place.bucket;
    return bbolt::weight_of(problem) == bbolt::Weight::lost &&
           !bbolt::is_of_freelist(db, problem) &&
           (bucket.empty() || bucket.substr(0, bucket.find('/')) == etcd::buckets::key);
}

}  // namespace

RuleRows page_rules() {
    return in_pages;
}
RuleRows tree_rules() {
    return in_trees;
}

bool check_structure(const bbolt::Database& db, Collector& findings,
                     const bbolt::LeafSink& leaves) {
    findings.checked(Layer::page);
    findings.checked(Layer::tree);
    bool keys_whole = true;
    const auto take = [&](Problem problem) {
        keys_whole = keys_whole && !loses_keys(db, problem);
        if (std::string_view(problem.check) == "high-water") return;  // told as file-cut-short
        const auto* rule = find_rule(problem.check);
        assert(rule);
        if (rule) findings.add(*rule, std::move(problem.place), std::move(problem.message));
    };
    bbolt::check(db, take, leaves);
    return keys_whole;
}

}  // namespace salvor::verify
