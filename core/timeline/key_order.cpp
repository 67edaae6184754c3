#include "core/timeline/key_order.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace salvor::timeline {
namespace {

using Entries = std::span<State::Entry>;

/// Runs shorter than this are compared key by key.
constexpr std::size_t short_run = 12;
/// How many entries ahead a row's element, and then its value, is asked for.
constexpr std::size_t element_ahead = 24;
constexpr std::size_t value_ahead = 12;

/// Entries whose keys have their first `depth` bytes in common.
struct Run {
    Entries entries;
    std::size_t depth;
};

/// `known` bytes are equal for sure.
std::size_t common_prefix(Bytes a, Bytes b, std::size_t known) {
    const auto size = std::min(a.size(), b.size());
    return static_cast<std::size_t>(
        std::mismatch(a.begin() + known, a.begin() + size, b.begin() + known).first - a.begin());
}

/// The bytes at `depth`, so that they compare as numbers; zeros where the key has ended.
std::uint64_t word_at(Bytes key, std::size_t depth) {
    std::array<char, sizeof(std::uint64_t)> word{};
    if (depth < key.size()) key.substr(depth).copy(word.data(), word.size());
    return load_be<std::uint64_t>(word.data());
}

class Sorter {
 public:
    explicit Sorter(const bbolt::Database& db) : db_(db) {}

    void sort(Entries entries) {
        runs_.push_back({entries, 0});
        while (!runs_.empty()) {
            const auto run = runs_.back();
            runs_.pop_back();
            if (run.entries.size() <= short_run) {
                sort_short(run.entries);
            } else {
                sort_by_words(run);
            }
        }
    }

 private:
    Bytes key(const State::Entry& entry) const {
        return etcd::parse_key(entry_at(db_, entry.row).value).value_or(Bytes{});
    }

    void sort_short(Entries entries) const {
        std::sort(entries.begin(), entries.end(),
                  [this](const auto& a, const auto& b) { return key(a) < key(b); });
    }

    void sort_by_words(const Run& run) {
        const auto depth = read_words(run);
        std::sort(run.entries.begin(), run.entries.end(),
                  [](const auto& a, const auto& b) { return a.word < b.word; });
        auto from = run.entries.begin();
        while (from != run.entries.end()) {
            const auto to = std::find_if(from, run.entries.end(),
                                         [&](const auto& e) { return e.word != from->word; });
            if (to - from > 1) part_ended({{from, to}, depth + sizeof(std::uint64_t)});
            from = to;
        }
    }

    /// Reads into each entry the bytes that follow what all keys have in common; says how long that
    /// is. What the first and the last have in common mostly holds for all; where it does not, the
    /// words read before that was seen are read again.
    std::size_t read_words(const Run& run) const {
        const Bytes first = key(run.entries.front());
        std::size_t depth = common_prefix(first, key(run.entries.back()), run.depth);
        std::size_t stale = 0;
        for (std::size_t i = 0; i < run.entries.size(); ++i) {
            ask_ahead(run.entries, i);
            const Bytes own = key(run.entries[i]);
            const auto common = common_prefix(first.substr(0, depth), own, run.depth);
            if (common < depth) stale = i;
            depth = common;
            run.entries[i].word = word_at(own, depth);
        }
        for (auto& entry : run.entries.first(stale)) entry.word = word_at(key(entry), depth);
        return depth;
    }

    /// Rows lie far apart: the memory is asked for long before it is read.
    void ask_ahead(Entries entries, std::size_t i) const {
        if (i + element_ahead >= entries.size()) return;
        __builtin_prefetch(db_.image().data() + number(entries[i + element_ahead].row));
        __builtin_prefetch(entry_at(db_, entries[i + value_ahead].row).value.data());
    }

    /// Of keys with equal words, those that end within the word come first, the shorter before the
    /// longer: they differ in zero bytes alone.
    void part_ended(const Run& run) {
        auto ended = run.entries.begin();
        if ((run.entries.front().word & 0xFF) == 0) {
            ended = std::partition(run.entries.begin(), run.entries.end(),
                                   [&](const auto& e) { return key(e).size() <= run.depth; });
            std::sort(run.entries.begin(), ended, [this](const auto& a, const auto& b) {
                return key(a).size() < key(b).size();
            });
        }
        if (run.entries.end() - ended > 1) runs_.push_back({{ended, run.entries.end()}, run.depth});
    }

    const bbolt::Database& db_;
    std::vector<Run> runs_;
};

}  // namespace

void sort_by_key(const bbolt::Database& db, Entries entries) {
    Sorter(db).sort(entries);
}

}  // namespace salvor::timeline
