#include "core/timeline/key_order.hpp"

#include <algorithm>
#include <vector>

namespace salvor::timeline {
namespace {

/// Runs shorter than this are compared key by key.
constexpr std::size_t short_run = 12;

struct Run {
    std::span<State::Entry> entries;
    std::size_t depth;  ///< how many first bytes are known to be equal
};

class Sorter {
 public:
    explicit Sorter(const bbolt::Database& db) : db_(db) {}

    void sort(std::span<State::Entry> entries) {
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
        const auto kv = etcd::parse_key_value(entry_at(db_, entry.row).value);
        return kv ? kv->key : Bytes{};
    }

    void sort_short(std::span<State::Entry> entries) const {
        std::sort(entries.begin(), entries.end(),
                  [this](const auto& a, const auto& b) { return key(a) < key(b); });
    }

    /// The bytes at `depth`, so that they compare as numbers; zeros where the key has ended.
    static std::uint64_t word_at(Bytes key, std::size_t depth) {
        std::array<char, sizeof(std::uint64_t)> word{};
        if (depth < key.size()) key.substr(depth).copy(word.data(), word.size());
        return load_be<std::uint64_t>(word.data());
    }

    /// How many bytes beyond `depth` all keys of a run have in common.
    std::size_t common_depth(const Run& run) const {
        const Bytes first = key(run.entries.front());
        std::size_t common = first.size();
        for (const auto& entry : run.entries.subspan(1)) {
            const Bytes other = key(entry);
            common = std::min(common, other.size());
            const auto* differs =
                std::mismatch(first.data() + std::min(run.depth, common), first.data() + common,
                              other.data() + std::min(run.depth, common))
                    .first;
            common = static_cast<std::size_t>(differs - first.data());
            if (common <= run.depth) break;
        }
        return common;
    }

    void sort_by_words(const Run& run) {
        const auto depth = common_depth(run);
        for (auto& entry : run.entries) entry.word = word_at(key(entry), depth);
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

    /// Of keys with equal words, those that end within the word come first, the shorter before the
    /// longer: they differ in zero bytes alone.
    void part_ended(const Run& run) {
        const auto ended =
            std::partition(run.entries.begin(), run.entries.end(),
                           [&](const auto& e) { return key(e).size() <= run.depth; });
        std::sort(run.entries.begin(), ended,
                  [this](const auto& a, const auto& b) { return key(a).size() < key(b).size(); });
        if (run.entries.end() - ended > 1) runs_.push_back({{ended, run.entries.end()}, run.depth});
    }

    const bbolt::Database& db_;
    std::vector<Run> runs_;
};

}  // namespace

void sort_by_key(const bbolt::Database& db, std::span<State::Entry> entries) {
    Sorter(db).sort(entries);
}

}  // namespace salvor::timeline
