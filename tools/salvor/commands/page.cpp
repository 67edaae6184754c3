#include "tools/salvor/commands/page.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/snapshot/snapshot.hpp"
#include "formats/bbolt/check.hpp"
#include "tools/salvor/on_source.hpp"
#include "tools/salvor/opening.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/page/one_page.hpp"
#include "tools/salvor/page/overview.hpp"
#include "tools/salvor/progress.hpp"

namespace salvor::tool::page {
namespace {

using bbolt::number;
using bbolt::PageId;

struct Arguments {
    std::string source;
    std::vector<std::uint64_t> ids;
    std::vector<std::uint64_t> offsets;
    bool list = false;
    bool hex = false;
    Format format = Format::text;
};

/// A page that was asked for and is in the file.
struct Wanted {
    PageId id;
    std::optional<std::uint64_t> offset;
};

/// Says of each that is not there how many there are; `missing` tells that.
std::vector<Wanted> in_file(const bbolt::Database& db, const Arguments& arguments, bool& missing) {
    std::vector<Wanted> asked;
    for (const auto id : arguments.ids) asked.push_back({PageId{id}, {}});
    for (const auto offset : arguments.offsets)
        asked.push_back({PageId{offset / db.page_size()}, offset});
    std::vector<Wanted> found;
    for (const auto& wanted : asked) {
        if (number(wanted.id) < db.file_pages()) {
            found.push_back(wanted);
            continue;
        }
        missing = true;
        if (wanted.offset) {
            say(fmt::format("offset {}: the file's whole pages end at byte {}", *wanted.offset,
                            db.file_pages() * db.page_size()));
            continue;
        }
        say(fmt::format("page {}: the file has {} whole pages of {} bytes", number(wanted.id),
                        db.file_pages(), db.page_size()));
    }
    return found;
}

/// Whether a problem is of this page: told at it, or at a byte of it.
bool concerns(const bbolt::Database& db, const Problem& problem, PageId id, std::uint64_t pages) {
    const auto within = [&](std::uint64_t page) {
        return page >= number(id) && page < number(id) + pages;
    };
    if (problem.place.page && within(*problem.place.page)) return true;
    return problem.place.offset && within(*problem.place.offset / db.page_size());
}

/// One check of the whole file, which tells each wanted page's place in it.
std::vector<OnePage> look_up(const bbolt::Database& db, const std::vector<Wanted>& wanted) {
    std::vector<Problem> problems;
    std::map<std::uint64_t, std::pair<std::string, std::vector<std::uint64_t>>> places;
    const auto structure = bbolt::check(
        db, [&](Problem problem) { problems.push_back(std::move(problem)); },
        [&](const bbolt::CheckedLeaf& leaf) {
            if (leaf.page.id() == PageId{0}) return;  // inline: its holder is told for itself
            for (const auto& page : wanted) {
                const auto at =
                    std::find_if(leaf.path.begin(), leaf.path.end(), [&](std::uint64_t id) {
                        const auto header = db.header(PageId{id});
                        return number(page.id) - id <= header->overflow;
                    });
                if (at == leaf.path.end() || places.contains(*at)) continue;
                places[*at] = {leaf.bucket, {leaf.path.begin(), at + 1}};
            }
        });
    std::vector<OnePage> pages;
    for (const auto& [id, offset] : wanted) {
        OnePage page{bbolt::run_start(structure, id), bbolt::state_of(structure, id), {}, {}, {}, offset};
        if (const auto place = places.find(number(page.id)); place != places.end()) {
            std::tie(page.bucket, page.path) = place->second;
        }
        for (const auto& problem : problems) {
            if (concerns(db, problem, page.id, 1 + number(id) - number(page.id))) {
                if (!page.bucket && problem.place.page == number(page.id) &&
                    !problem.place.path.empty()) {
                    page.bucket = problem.place.bucket;
                    page.path = problem.place.path;
                }
                page.problems.push_back(fmt::format("{}: {}", problem.check, problem.message));
            }
        }
        pages.push_back(std::move(page));
    }
    return pages;
}

Result<Answer> show_pages(const bbolt::Database& db, const Arguments& arguments) {
    bool missing = false;
    const auto wanted = in_file(db, arguments, missing);
    const auto with_hex = arguments.hex ? WithHex::yes : WithHex::no;
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    const char* between = "";
    for (const auto& page : look_up(db, wanted)) {
        if (arguments.format == Format::json) {
            list.push_back(page_json(db, page, with_hex));
        } else {
            fmt::print("{}{}", between, page_text(db, page, with_hex));
            between = "\n";
        }
    }
    if (arguments.format == Format::json)
        fmt::print("{}\n", nlohmann::ordered_json{{"pages", list}}.dump());
    return missing ? Answer::no : Answer::yes;
}

Result<Answer> show_overview(const bbolt::Database& db, const Arguments& arguments) {
    std::map<std::string, std::uint64_t> problems;
    const auto structure =
        bbolt::check(db, [&](const Problem& problem) { ++problems[problem.check]; });
    const Overview overview{db, structure, problems};
    const auto with_list = arguments.list ? WithList::yes : WithList::no;
    fmt::print("{}", arguments.format == Format::json ? overview_json(overview, with_list)
                                                      : overview_text(overview, with_list));
    return Answer::yes;
}

Result<Answer> run(const Arguments& arguments) {
    SALVOR_TRY(const auto snapshot, open_source(arguments.source));
    say_if_in_use(snapshot);
    const auto& opened = snapshot.database();
    if (!opened) return std::unexpected(opened.error());
    const bool asks_for_pages = !arguments.ids.empty() || !arguments.offsets.empty();
    return asks_for_pages ? show_pages(*opened, arguments) : show_overview(*opened, arguments);
}

}  // namespace

Run declare(CLI::App& app) {
    auto arguments = std::make_shared<Arguments>();
    add_source(app, arguments->source);
    add_positional(app, "ID", arguments->ids,
                   "pages to show, by their ids; without one, the whole file's structure");
    add_option(app, "--offset", "BYTE", arguments->offsets,
               "show the page in which this byte of the file lies, and what it is");
    add_flag(app, "--list", arguments->list, "with the whole file's structure: list every page");
    add_flag(app, "--hex", arguments->hex, "show the page's bytes, too");
    add_format(app, arguments->format);
    return [arguments] { return on_source(arguments->source, run(*arguments)); };
}

}  // namespace salvor::tool::page
