#include "tools/salvor/commands/keys.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "core/timeline/keyspace.hpp"
#include "formats/text/escape.hpp"
#include "tools/salvor/choices.hpp"
#include "tools/salvor/key_printer.hpp"
#include "tools/salvor/on_source.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/progress.hpp"
#include "tools/salvor/store.hpp"
#include "tools/salvor/write_out.hpp"

// Source: etcd etcdctl/ctlv3/command/get_command.go, server/etcdserver/txn/range.go

namespace salvor::tool::keys {
namespace {

using timeline::Order;
using timeline::SortBy;

const std::string from_first(1, '\0');

struct Options {
    std::string source;
    std::optional<std::string> key, range_end;
    bool prefix = false, from_key = false;
    std::int64_t revision = 0, limit = 0;
    std::string order, sort_by;
    std::int64_t min_create = 0, max_create = 0, min_modify = 0, max_modify = 0;
    bool count_only = false;
    KeyShape shape;
};

struct Sorting {
    SortBy by = SortBy::key;
    Order order = Order::ascend;
};

std::unexpected<Error> usage(const char* sentence) {
    return fail(ErrorCode::usage, "keys: {}", sentence);
}

Result<void> check(const Options& options) {
    if (options.prefix && options.from_key) return usage("--prefix and --from-key: choose one");
    if (options.shape.keys_only && options.count_only)
        return usage("--keys-only and --count-only: choose one");
    if (options.range_end && (options.prefix || options.from_key)) {
        return usage(
            "RANGE_END says where to end, so --prefix and --from-key have no place beside it");
    }
    if (options.count_only && options.shape.write_out == WriteOut::simple) {
        return usage("--count-only is only for -w fields and -w json");
    }
    if (options.shape.values_only && options.shape.write_out != WriteOut::simple) {
        return usage("--print-value-only is only for -w simple");
    }
    if (options.key && options.key->empty() && !options.prefix && !options.from_key) {
        return usage("KEY is empty; leave it out for all keys");
    }
    return {};
}

timeline::Selection selection(const Options& options) {
    const bool all = !options.key || options.key->empty();
    timeline::Selection selection{all ? from_first : *options.key, {}, options.revision};
    if (all || options.from_key) {
        selection.range_end = from_first;
    } else if (options.prefix) {
        selection.range_end = timeline::prefix_end(*options.key);
    } else if (options.range_end && !options.range_end->empty()) {
        selection.range_end = options.range_end;
    }
    return selection;
}

std::string upper(std::string word) {
    std::transform(word.begin(), word.end(), word.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return word;
}

/// Of words that declare() lets through.
Sorting sorting(const Options& options) {
    static constexpr std::array targets{
        std::pair{"CREATE", SortBy::create}, std::pair{"KEY", SortBy::key},
        std::pair{"MODIFY", SortBy::modify}, std::pair{"VALUE", SortBy::value},
        std::pair{"VERSION", SortBy::version}};
    Sorting sorting;
    if (upper(options.order) == "DESCEND") sorting.order = Order::descend;
    const auto word = upper(options.sort_by);
    for (const auto& [name, by] : targets) {
        if (word == name) sorting.by = by;
    }
    return sorting;
}

void filter(timeline::State& state, const Options& options) {
    const auto within = [](std::int64_t revision, std::int64_t least, std::int64_t most) {
        return (least <= 0 || revision >= least) && (most <= 0 || revision <= most);
    };
    state.filter([&](const etcd::KeyValue& kv) {
        return within(kv.create_revision, options.min_create, options.max_create) &&
               within(kv.mod_revision, options.min_modify, options.max_modify);
    });
}

/// etcd's refusal of a revision, with those that could be asked for.
Error with_bounds(const Error& error, const Options& options, const Store& store) {
    const auto bounds = timeline::bounds(store.db());
    if (error.code != ErrorCode::refused || !bounds) return error;
    return {error.code,
            fmt::format("revision {}: {}; the file has the states from {} to {}", options.revision,
                        error.message, std::max(bounds->compacted, timeline::first_revision),
                        bounds->current),
            {}};
}

/// Whoever types the key first, as etcdctl takes it, is told what comes first here.
Result<void> check_order(const Options& options) {
    std::error_code error;
    if (!options.key || std::filesystem::exists(options.source, error) ||
        !std::filesystem::exists(*options.key, error))
        return {};
    return fail(ErrorCode::usage,
                "keys: {} is a file and {} is none, but the SOURCE comes first, then the KEY",
                text::escape(*options.key), text::escape(options.source));
}

Result<Answer> run(const Options& options) {
    SALVOR_CHECK(check(options));
    SALVOR_CHECK(check_order(options));
    const auto sorted = sorting(options);
    SALVOR_TRY(const auto store, Store::open(options.source));
    const auto selected = selection(options);
    auto state = [&] {
        const Progress progress("reading the keys of " + options.source);
        return timeline::range(store.db(), selected);
    }();
    if (!state) return std::unexpected(with_bounds(state.error(), options, store));

    KeyAnswer answer{store.revision(), state->size(), 0, false};
    filter(*state, options);
    if (!options.count_only) {
        state->sort(sorted.by, sorted.order);
        answer.shown = state->size();
        if (options.limit > 0)
            answer.shown = std::min(answer.shown, static_cast<std::uint64_t>(options.limit));
        answer.more = answer.shown < state->size();
    }
    // etcd 3.7 answers keys alone out of its index, which knows no leases.
    auto shape = options.shape;
    shape.leases = !shape.keys_only || sorted.by == SortBy::value;
    print_keys(*state, answer, shape);
    return selected.range_end || answer.count > 0 ? Answer::yes : Answer::no;
}

void declare_filters(CLI::App& app, Options& options) {
    add_option(app, "--min-create-rev", "REVISION", options.min_create,
               "leave out keys that were created before this revision");
    add_option(app, "--max-create-rev", "REVISION", options.max_create,
               "leave out keys that were created after it");
    add_option(app, "--min-mod-rev", "REVISION", options.min_modify,
               "leave out keys that were last written before it");
    add_option(app, "--max-mod-rev", "REVISION", options.max_modify,
               "leave out keys that were last written after it");
}

}  // namespace

Run declare(CLI::App& app) {
    auto options = std::make_shared<Options>();
    add_source(app, options->source);
    add_positional(app, "KEY", options->key,
                   "the key, or the first of a range; all keys without it");
    add_positional(app, "RANGE_END", options->range_end,
                   "where the range ends: the first key that is not in it");
    add_flag(app, "--prefix", options->prefix, "all keys that start with KEY");
    add_flag(app, "--from-key", options->from_key, "all keys from KEY upward");
    add_option(app, "--rev", "N", options->revision,
               "the state at this revision, in place of the last");
    add_option(app, "--limit", "N", options->limit, "print at most so many keys");
    add_choice(app, "--order", "ORDER", options->order, {"ASCEND", "DESCEND"},
               "ASCEND (the default) or DESCEND", Letters::in_any_case);
    add_choice(app, "--sort-by", "BY", options->sort_by,
               {"CREATE", "KEY", "MODIFY", "VALUE", "VERSION"},
               "CREATE, KEY (the default), MODIFY, VALUE or VERSION", Letters::in_any_case);
    declare_filters(app, *options);
    add_flag(app, "--keys-only", options->shape.keys_only, "leave the values out");
    add_flag(app, "--count-only", options->count_only,
             "the number of keys alone; with -w fields or json");
    add_flag(app, "--print-value-only", options->shape.values_only,
             "the values alone; with -w simple");
    add_hex(app, options->shape.hex, "print each byte as \\xNN; with -w fields, lease ids in hex");
    add_write_out(app, options->shape.write_out,
                  {WriteOut::simple, WriteOut::json, WriteOut::fields});
    return [options] { return on_source(options->source, run(*options)); };
}

}  // namespace salvor::tool::keys
