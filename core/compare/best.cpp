#include "core/compare/best.hpp"

#include <set>
#include <tuple>

namespace salvor::compare {
namespace {

/// As a member asks for votes: by the term of its last entry, then by that entry. Whoever wins has
/// what a majority had. Source: the raft paper, 5.4.1
bool is_behind(const Contender& a, const Contender& b) {
    return std::tuple(a.last_term(), a.last_index(), a.info->revision) <
           std::tuple(b.last_term(), b.last_index(), b.info->revision);
}

bool is_older(const Contender& a, const Contender& b) {
    return a.info->revision < b.info->revision;
}

template <class IsOne, class Less>
const Contender* last_of(const std::vector<Contender>& contenders, IsOne is_one, Less less) {
    const Contender* last = nullptr;
    for (const auto& contender : contenders) {
        if (contender.is_sound() && is_one(contender) && (!last || less(*last, contender)))
            last = &contender;
    }
    return last;
}

/// How many of one cluster's voters' disks are here.
std::size_t voters_here(const Comparison& comparison, const replay::Outcome& said) {
    std::set<etcd::MemberId> members;
    for (const auto& contender : comparison.contenders) {
        if (contender.replay && contender.is_sound() && contender.replay->cluster == said.cluster)
            members.insert(contender.replay->member);
    }
    return members.size();
}

/// A write that was acknowledged is on a majority of the voters: so many disks meet every one.
std::size_t enough(std::size_t voters) {
    return voters - voters / 2;
}

std::string words(const Comparison& comparison, const Contender& best) {
    const auto& said = *best.replay;
    if (said.lone_voter)
        return "it was the only voter: its log has every write that was acknowledged";
    const auto here = voters_here(comparison, said);
    const auto log =
        fmt::format("its log ends at entry {} of term {}", said.log_end, said.log_end_term);
    if (*comparison.has_all_acknowledged) {
        return fmt::format(
            "{}, and no other disk's goes beyond it; with {} of {} voters' disks "
            "here it has every write that was acknowledged",
            log, here, said.voters);
    }
    return fmt::format(
        "{}, and nothing else here goes beyond it; but of {} voters' disks {} "
        "here, so that acknowledged writes may be on the others alone",
        log, said.voters, here == 1 ? "one is" : fmt::format("{} are", here));
}

void take_disk(Comparison& comparison, const Contender& best) {
    const auto& said = *best.replay;
    comparison.has_all_acknowledged =
        said.lone_voter || voters_here(comparison, said) >= enough(said.voters);
    comparison.why = words(comparison, best);
}

/// Of a disk and a backup the one that goes further; of two that end alike the disk.
bool backup_is_newer(const Contender& backup, const Contender& disk) {
    return backup.info->revision > disk.info->revision && backup.last_index() > disk.last_index();
}

}  // namespace

void choose(Comparison& comparison) {
    const auto& contenders = comparison.contenders;
    if (comparison.lineages > 1) {
        comparison.why = fmt::format(
            "the sound ones are of {} clusters' histories: compare those "
            "of the one that is to be rebuilt",
            comparison.lineages);
        return;
    }
    const auto* disk =
        last_of(contenders, [](const auto& one) { return one.replay.has_value(); }, is_behind);
    const auto* backup =
        last_of(contenders, [](const auto& one) { return !one.replay.has_value(); }, is_older);
    if (!disk && !backup) {
        comparison.why =
            "none of them is sound: `salvor verify` says what is wrong with each, and `salvor "
            "recover` makes a sound one of what is left";
        return;
    }
    const bool is_backup = !disk || (backup && backup_is_newer(*backup, *disk));
    const auto& best = is_backup ? *backup : *disk;
    comparison.best = static_cast<std::size_t>(&best - contenders.data());
    if (!is_backup) return take_disk(comparison, best);
    comparison.why = fmt::format("of what is sound here its revision, {}, is the highest{}",
                                 best.info->revision, best.log_unusable ? ", by its db alone" : "");
}

}  // namespace salvor::compare
