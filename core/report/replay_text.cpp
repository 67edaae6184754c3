#include "core/report/page.hpp"
#include "core/report/replay.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/human.hpp"

namespace salvor::report {
namespace {

using replay::Outcome;
using text::counted;

std::string entries(std::uint64_t count) {
    return counted(count, "entry", "entries");
}

/// What the end rests on: the one thing that must not be read over.
std::string certainty_words(const Outcome& said) {
    if (said.unproven > 0) {
        return fmt::format(
            "NOT PROVEN: {} behind entry {} were applied, and a majority is not known "
            "to have had them; clients may never have been told that they succeeded",
            entries(said.unproven), said.committed);
    }
    if (said.lone_voter) {
        return "proven: this member was the only voter, so its log needs nobody else's word";
    }
    return fmt::format("proven: a majority had entry {}", said.index);
}

std::string beyond_words(const Outcome& said) {
    if (said.index < said.committed) return fmt::format("{} not wanted", entries(said.beyond));
    if (said.lone_voter) return fmt::format("{} not wanted", entries(said.beyond));
    return fmt::format(
        "{} up to {} not applied: this is one of {} voters, and nothing here says that "
        "another one has them. A write that was acknowledged may be among them, one "
        "that was rolled back as well: --include-uncommitted applies them, the disk "
        "of another member may tell",
        entries(said.beyond), said.log_end, said.voters);
}

std::vector<std::vector<std::string>> tally_rows(const Outcome& said) {
    std::vector<std::vector<std::string>> rows{{"ENTRIES", "APPLIED", "REFUSED"}};
    for (const auto& [kind, count] : said.tally.kinds) {
        rows.push_back({std::string(kind), fmt::format("{:>7}", count.done),
                        fmt::format("{:>7}", count.refused)});
    }
    return rows;
}

void add_position(Page& page, const Outcome& said) {
    page.fact("member", fmt::format("{}{}{}, etcd {}", to_string(said.member),
                                    said.name.empty() ? "" : ", " + text::escape(said.name) + ",",
                                    said.cluster ? " of cluster " + to_string(*said.cluster) : "",
                                    to_string(said.line)));
    page.fact("db", fmt::format("entry {}, revision {}", said.index_before, said.revision_before));
    page.fact("log", fmt::format("entry {}, committed up to {} as far as this disk knows",
                                 said.log_end, said.committed));
    page.fact("replayed", said.index == said.index_before
                              ? "nothing: the db has all that is proven"
                              : fmt::format("{} to entry {}: revision {}, {} more than the db",
                                            entries(said.index - said.index_before), said.index,
                                            said.revision, said.revision - said.revision_before));
    page.fact("certainty", certainty_words(said));
    if (said.beyond > 0) page.fact("beyond", beyond_words(said));
}

}  // namespace

std::string replay_text(const Replayed& replayed) {
    const auto& said = replayed.outcome;
    Page page;
    page.title(fmt::format("{}: the db and its log", text::escape(replayed.source)));
    page.gap();
    add_position(page, said);
    if (!said.tally.kinds.empty()) {
        page.gap();
        page.table(tally_rows(said));
    }
    if (!said.tally.refusals.empty()) page.gap();
    for (const auto& [why, count] : said.tally.refusals) {
        page.fact("refused",
                  fmt::format("{}, as the server did: {}", counted(count, "time", "times"), why));
    }
    page.gap();
    for (const auto& remark : said.remarks) page.fact("note", text::escape(remark));
    if (said.passwords_hashed > 0) {
        page.fact("note",
                  fmt::format("{} stood in the log in the clear, as 3.4 writes them: hashed "
                              "anew, so they hold, under another salt than the member's own",
                              counted(said.passwords_hashed, "password", "passwords")));
    }
    if (!replayed.made) return page.take();
    page.fact("made", fmt::format("{}: {}, SHA-256 {}, verified", text::escape(replayed.to),
                                  text::human_size(replayed.made->size), replayed.made->sha256));
    page.fact("next",
              fmt::format("salvor restore {}{} --data-dir DIR --dry-run", text::escape(replayed.to),
                          said.name.empty() ? "" : " --member " + text::escape(said.name)));
    return page.take();
}

}  // namespace salvor::report
