#include "core/compare/compare.hpp"

#include <algorithm>
#include <set>

#include "core/compare/best.hpp"
#include "core/timeline/differences.hpp"
#include "core/timeline/keyspace.hpp"
#include "core/verify/verify.hpp"

namespace salvor::compare {
namespace {

const bbolt::Database& db(const Contender& contender) {
    return *contender.state->database();
}

std::int64_t compacted(const Contender& contender) {
    return contender.info->compacted_revision.value_or(0);
}

void number_lineages(Comparison& comparison) {
    verify::Lineages lineages;
    for (auto& contender : comparison.contenders) {
        if (contender.is_sound()) lineages.place(contender.verified, contender.state);
        comparison.lineages = std::max(comparison.lineages, contender.verified.lineage);
    }
}

std::optional<std::int64_t> common_revision(const std::vector<Contender>& contenders) {
    std::int64_t last = 0, first = 0;
    for (const auto& contender : contenders) {
        if (!contender.is_sound()) continue;
        last = last == 0 ? contender.info->revision : std::min(last, contender.info->revision);
        first = std::max(first, compacted(contender));
    }
    return last > 0 && last >= first ? std::optional(last) : std::nullopt;
}

void hash(Contender& contender, std::int64_t revision) {
    const auto hash = timeline::hash_kv(db(contender), revision);
    if (hash) contender.hash = *hash;
    if (!hash) contender.no_hash = hash.error().message;
}

/// The first key whose record is another one in the two states.
std::optional<std::string> first_difference(const timeline::State& a, const timeline::State& b) {
    std::optional<std::string> found;
    timeline::each_difference(a, b, [&](const auto* before, const auto* after) {
        found = std::string(before ? before->key : after->key);
        return false;
    });
    return found;
}

Result<Relation> relation(const Contender& a, const Contender& b) {
    Relation relation;
    const auto revision = std::min(a.info->revision, b.info->revision);
    const timeline::Moment first{&db(a), revision}, second{&db(b), revision};
    if (revision < std::max(compacted(a), compacted(b))) return relation;
    SALVOR_TRY(const auto differences, timeline::Differences::between(first, second));
    const auto keep = [&](Bytes key) { return differences.may_differ(key); };
    SALVOR_TRY(const auto in_a, timeline::range(*first.db, revision, keep));
    SALVOR_TRY(const auto in_b, timeline::range(*second.db, revision, keep));
    relation.revision = revision;
    relation.first_difference = first_difference(in_a, in_b);
    relation.parted_at = differences.kinship().parted_at;
    return relation;
}

const Contender* base(const Comparison& comparison) {
    const auto& contenders = comparison.contenders;
    if (comparison.best) return &contenders[*comparison.best];
    const auto first = std::ranges::find_if(contenders, &Contender::is_sound);
    return first == contenders.end() ? nullptr : &*first;
}

Result<void> relate(Comparison& comparison) {
    const auto* to = base(comparison);
    for (auto& contender : comparison.contenders) {
        if (!to || &contender == to || !contender.is_sound()) continue;
        SALVOR_TRY(contender.relation, relation(contender, *to));
    }
    return {};
}

}  // namespace

Hashes hashes(const Comparison& comparison) {
    std::set<std::int64_t> compacted;
    std::set<std::uint32_t> found;
    for (const auto& contender : comparison.contenders) {
        if (!contender.hash) continue;
        compacted.insert(contender.hash->compact_revision);
        found.insert(contender.hash->hash);
    }
    if (found.size() <= 1) return Hashes::same;
    return compacted.size() > 1 ? Hashes::other_compaction : Hashes::differ;
}

std::size_t sound_ones(const Comparison& comparison) {
    return static_cast<std::size_t>(
        std::ranges::count_if(comparison.contenders, &Contender::is_sound));
}

std::string base_of(const Comparison& comparison) {
    const auto* to = base(comparison);
    return to ? to->source : "";
}

std::optional<std::string> first_flaw(const Contender& contender) {
    const auto& report = contender.verified.report;
    if (!report || report->backup == verify::BackupVerdict::sound) return {};
    const auto first = std::ranges::find_if(report->findings, verify::speaks_against_backup);
    return fmt::format("{}: {}", first->rule, first->message);
}

std::optional<std::int64_t> seconds_newer(const Contender& newer, const Contender& other) {
    const auto &a = newer.info->taken_at, &b = other.info->taken_at;
    if (!a || !b || a->certainty != b->certainty) return {};
    return a->unix_seconds - b->unix_seconds;
}

bool Comparison::agree() const {
    return lineages == 1 && std::ranges::all_of(contenders, [](const Contender& contender) {
               const bool differs = contender.relation && contender.relation->revision &&
                                    !contender.relation->same();
               return contender.is_sound() && !contender.log_unusable && !differs;
           });
}

Result<Comparison> compare(std::vector<Contender> contenders) {
    Comparison comparison;
    comparison.contenders = std::move(contenders);
    number_lineages(comparison);
    comparison.revision = common_revision(comparison.contenders);
    for (auto& contender : comparison.contenders) {
        if (comparison.revision && contender.is_sound()) hash(contender, *comparison.revision);
    }
    choose(comparison);
    SALVOR_CHECK(relate(comparison));
    return comparison;
}

}  // namespace salvor::compare
