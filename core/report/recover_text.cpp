#include "core/recover/lost_objects.hpp"
#include "core/report/page.hpp"
#include "core/report/recover.hpp"
#include "formats/etcd/key_value.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/human.hpp"

namespace salvor::report {
namespace {

using recover::Outcome;
using recover::Recovery;
using recover::Root;
using recover::Source;
using text::counted;

/// Of a longer list -o json has the rest.
constexpr std::size_t most_listed = 20;

std::string rows(std::uint64_t count) {
    return counted(count, "row", "rows");
}

std::string lay_words(const Outcome& said) {
    auto words =
        fmt::format("{}, pages of {} bytes", text::human_size(said.file_size), said.lay.page_size);
    if (said.lay.base > 0) words += fmt::format(", page 0 at byte {}", said.lay.base);
    if (said.lay.base < 0)
        words += fmt::format(", its beginning missing: page 0 would be {} bytes before it",
                             -said.lay.base);
    return words;
}

std::string root_words(const Outcome& said) {
    switch (said.root_by) {
        case Root::By::meta:
            return fmt::format("page {}, named by meta {}", said.root_page, said.meta);
        case Root::By::scan:
            return fmt::format(
                "page {}, found by its form, since no meta is valid: of all lists of buckets the "
                "newest. That no newer one was lost cannot be known",
                said.root_page);
        case Root::By::none: break;
    }
    return "none: no list of buckets is left";
}

const char* source_words(Source source) {
    switch (source) {
        case Source::tree: return "reached from the root, by its element";
        case Source::piece: return "in such a page, by its own form: its element is damaged";
        case Source::repaired: return "in such a page, its revision read from its value";
        case Source::orphan: return "in a page that no branch names any more";
        case Source::stray: return "outside of any page, by its own form";
    }
    return "";
}

std::string range_words(const recover::Loss& loss) {
    const auto low = to_string(loss.low);
    if (loss.high == recover::endless) return fmt::format("from {} on", low);
    if (loss.high == recover::next(loss.low)) return low;
    return fmt::format("from {} to before {}", low, to_string(loss.high));
}

std::string loss_words(const recover::Loss& loss) {
    std::string words = range_words(loss) + ": ";
    if (loss.rows > 0) {
        words += rows(loss.rows);
    } else if (loss.revisions > 0) {
        words +=
            fmt::format("{} without any row", counted(loss.revisions, "revision", "revisions"));
    } else {
        words += "perhaps rows, nothing tells how many";
    }
    if (!loss.key.empty()) words += ", key " + loss.key;
    if (loss.page > 0) words += fmt::format(" (page {})", loss.page);
    return words;
}

void add_given(Page& page, const Outcome& said) {
    page.fact("given back", fmt::format("{} up to revision {}, and {} of the other buckets",
                                        rows(said.rows), said.head.main, rows(said.small_rows)));
    std::vector<std::vector<std::string>> table;
    for (const auto& [source, count] : said.sources)
        table.push_back({fmt::format("{:>10}", count), source_words(source)});
    if (said.sources.size() > 1) page.table(table);
    if (said.tree_stale) {
        page.fact("tree",
                  "none that counts: the newest one that is left is older than other pages");
    } else if (said.tree_found) {
        page.fact("tree",
                  "found by its form: no list of buckets names a root of the bucket key "
                  "that can be read");
    }
}

void add_uncertain(Page& page, const Recovery& recovery) {
    const auto& said = recovery.outcome();
    if (said.left_out > 0)
        page.fact("left out", fmt::format("{} that are not certain", rows(said.left_out)));
    if (said.uncertain == 0) return;
    page.fact("uncertain",
              fmt::format("{}: each was there once; whether it still was when the file was "
                          "damaged, nothing that is left tells (--certain leaves them out)",
                          rows(said.uncertain)));
    std::size_t listed = 0;
    for (const auto& row : said.uncertain_rows) {
        if (++listed > most_listed) break;
        const auto key = etcd::parse_key(row.value(recovery.area().image()));
        page.fact("", fmt::format("{} {}", to_string(row.revision),
                                  key ? text::escape(*key) : std::string()));
    }
    for (const auto& row : recovery.small().rows) {
        if (row.certain || ++listed > most_listed) continue;
        page.fact("",
                  fmt::format("bucket {}: {}", text::escape(row.bucket), text::escape(row.key)));
    }
    if (listed > most_listed) page.fact("", "...");
}

void add_losses(Page& page, const Outcome& said) {
    std::size_t listed = 0;
    for (const auto& loss : said.losses) {
        if (++listed > most_listed) break;
        page.fact("lost", loss_words(loss));
    }
    if (said.losses.size() > most_listed)
        page.fact("lost", fmt::format("... {} more places", said.losses.size() - most_listed));
    for (const auto& words : said.unread) page.fact("lost", words);
    if (said.losses.empty() && said.unread.empty()) page.fact("lost", "nothing that is known of");
    if (said.compacted_at) {
        page.fact("compacted",
                  fmt::format("the history up to revision {} has holes, so the result says that it "
                              "is compacted there: etcd answers for no older state",
                              *said.compacted_at));
    }
}

/// What of it is known to have been an object.
void add_lost_objects(Page& page, const Recovery& recovery) {
    const auto lost = recover::lost_objects(recovery);
    if (!lost || lost->by_kind.empty()) return;
    const auto add = [&](const char* what, const std::map<std::string, std::uint64_t>& counts) {
        std::vector<std::vector<std::string>> table{{"LOST ROWS", what}};
        for (const auto& [name, count] : counts) {
            table.push_back({fmt::format("{:>9}", count),
                             name.empty() ? "(of the whole cluster)" : text::escape(name)});
        }
        page.gap();
        page.table(table);
    };
    add("RESOURCE", lost->by_kind);
    add("NAMESPACE", lost->by_namespace);
    if (lost->unnamed > 0)
        page.fact("", fmt::format("and at least {} of which no key is left", rows(lost->unnamed)));
}

void add_account(Page& page, const recover::Account& account) {
    const auto share = [&](std::uint64_t bytes) { return fmt::format("{:>14}", bytes); };
    page.table({{"BYTES", ""},
                {share(account.used), "used: in pages that something was given back of"},
                {share(account.free), "free: nothing, or copies of what was given back"},
                {share(account.carved), "carved: deleted and older rows that are still there"},
                {share(account.lost), "lost"},
                {share(account.sum()), "the file"}});
}

}  // namespace

std::string recover_text(const Recovered& recovered) {
    const auto& said = recovered.recovery.outcome();
    Page page;
    page.title(recovered.made ? fmt::format("{} -> {}", text::escape(recovered.source),
                                            text::escape(recovered.to))
                              : text::escape(recovered.source));
    page.gap();
    page.fact("file", lay_words(said));
    page.fact("root", root_words(said));
    if (recovered.wrong_trailer) {
        page.fact(
            "trailer",
            "WRONG: these are not the bytes that the snapshot was taken with. What was changed "
            "within a value no check can tell: compare it with another backup (salvor diff)");
    }
    add_given(page, said);
    add_uncertain(page, recovered.recovery);
    add_losses(page, said);
    add_lost_objects(page, recovered.recovery);
    page.gap();
    add_account(page, said.account);
    page.gap();
    if (!recovered.made) return page.take();
    page.fact("made", fmt::format("{}: {}, SHA-256 {}", text::escape(recovered.to),
                                  text::human_size(recovered.made->size), recovered.made->sha256));
    page.fact("verified",
              recovered.made->sound
                  ? "sound, it restores as it is"
                  : "FLAWED: `salvor verify` tells what of it does not read as it should");
    page.fact("next", fmt::format("salvor restore {} --data-dir DIR --dry-run",
                                  text::escape(recovered.to)));
    return page.take();
}

}  // namespace salvor::report
