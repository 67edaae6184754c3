#include "formats/text/line_diff.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace salvor::text {
namespace {

using Lines = std::vector<std::string_view>;

constexpr std::size_t context = 3;
/// Lines that two texts may differ by before the search ends; its memory is the square of it.
constexpr std::int32_t most_steps = 1500;

/// With their line feeds.
Lines lines_of(std::string_view text) {
    Lines lines;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size() - 1) + 1;
        lines.push_back(text.substr(at, end - at));
        at = end;
    }
    return lines;
}

/// Lines of one text that stand in place of lines of the other.
struct Edit {
    std::size_t old_from, old_to, new_from, new_to;
};

/// E. Myers, An O(ND) Difference Algorithm and Its Variations, 1986.
class Search {
 public:
    Search(const Lines& before, const Lines& after) : before_(before), after_(after) {
        while (from_ < std::min(before.size(), after.size()) && before[from_] == after[from_])
            ++from_;
        while (tail_ < std::min(before.size(), after.size()) - from_ &&
               before[before.size() - 1 - tail_] == after[after.size() - 1 - tail_])
            ++tail_;
        old_size_ = static_cast<std::int32_t>(before.size() - from_ - tail_);
        new_size_ = static_cast<std::int32_t>(after.size() - from_ - tail_);
    }

    std::vector<Edit> edits() {
        if (old_size_ == 0 && new_size_ == 0) return {};
        const auto steps = search();
        if (steps < 0) {
            return {{from_, before_.size() - tail_, from_, after_.size() - tail_}};
        }
        return path_back(steps);
    }

 private:
    using Reached = std::vector<std::int32_t>;  ///< by diagonal -d, -d + 2, ... d: the old line

    static std::int32_t at(const Reached& reached, std::int32_t steps, std::int32_t diagonal) {
        return reached[static_cast<std::size_t>((diagonal + steps) / 2)];
    }

    /// Whether the way to a diagonal comes down, over a new line.
    static bool comes_down(const Reached& reached, std::int32_t steps, std::int32_t diagonal) {
        return diagonal == -steps ||
               (diagonal != steps &&
                at(reached, steps - 1, diagonal - 1) < at(reached, steps - 1, diagonal + 1));
    }

    /// How many lines the texts differ by; -1: more than is looked for.
    std::int32_t search() {
        for (std::int32_t steps = 0; steps <= most_steps; ++steps) {
            Reached reached(static_cast<std::size_t>(steps) + 1);
            for (std::int32_t diagonal = -steps; diagonal <= steps; diagonal += 2) {
                std::int32_t x = 0;
                if (steps > 0) {
                    x = comes_down(trace_.back(), steps, diagonal)
                            ? at(trace_.back(), steps - 1, diagonal + 1)
                            : at(trace_.back(), steps - 1, diagonal - 1) + 1;
                }
                x = slide(x, diagonal);
                reached[static_cast<std::size_t>((diagonal + steps) / 2)] = x;
                if (x >= old_size_ && x - diagonal >= new_size_) return steps;
            }
            trace_.push_back(std::move(reached));
        }
        return -1;
    }

    std::int32_t slide(std::int32_t x, std::int32_t diagonal) const {
        while (x < old_size_ && x - diagonal < new_size_ &&
               before_[from_ + static_cast<std::size_t>(x)] ==
                   after_[from_ + static_cast<std::size_t>(x - diagonal)])
            ++x;
        return x;
    }

    std::vector<Edit> path_back(std::int32_t steps) const {
        std::vector<Edit> edits;
        std::int32_t x = old_size_, y = new_size_;
        for (; steps > 0; --steps) {
            const auto& reached = trace_[static_cast<std::size_t>(steps) - 1];
            const auto diagonal = x - y;
            const bool down = comes_down(reached, steps, diagonal);
            x = at(reached, steps - 1, down ? diagonal + 1 : diagonal - 1);
            y = x - (down ? diagonal + 1 : diagonal - 1);
            add(edits, x, y, down);
        }
        std::reverse(edits.begin(), edits.end());
        return edits;
    }

    /// One line more, which stands before those that are told.
    void add(std::vector<Edit>& edits, std::int32_t x, std::int32_t y, bool is_new) const {
        const auto old_from = from_ + static_cast<std::size_t>(x);
        const auto new_from = from_ + static_cast<std::size_t>(y);
        const auto old_to = old_from + (is_new ? 0 : 1), new_to = new_from + (is_new ? 1 : 0);
        if (!edits.empty() && edits.back().old_from == old_to && edits.back().new_from == new_to) {
            edits.back().old_from = old_from;
            edits.back().new_from = new_from;
        } else {
            edits.push_back({old_from, old_to, new_from, new_to});
        }
    }

    const Lines& before_;
    const Lines& after_;
    std::size_t from_ = 0;  ///< lines in common at the start
    std::size_t tail_ = 0;  ///< and at the end
    std::int32_t old_size_ = 0, new_size_ = 0;
    std::vector<Reached> trace_;
};

void append_line(std::string& out, char mark, std::string_view line) {
    out += mark;
    out += line;
    if (!line.ends_with('\n')) out += "\n\\ No newline at end of file\n";
}

/// "7,3"; of no lines the one before them.
std::string range(std::size_t from, std::size_t to) {
    const auto count = to - from;
    const auto first = count == 0 ? from : from + 1;
    return count == 1 ? std::to_string(first) : fmt::format("{},{}", first, count);
}

}  // namespace

std::string unified_hunks(std::string_view before, std::string_view after) {
    const auto old_lines = lines_of(before), new_lines = lines_of(after);
    const auto edits = Search(old_lines, new_lines).edits();
    std::string out;
    for (std::size_t first = 0; first < edits.size();) {
        auto last = first;
        while (last + 1 < edits.size() &&
               edits[last + 1].old_from - edits[last].old_to <= 2 * context)
            ++last;
        const auto lead = std::min(context, edits[first].old_from);
        const auto tail = std::min(context, old_lines.size() - edits[last].old_to);
        out += fmt::format("@@ -{} +{} @@\n",
                           range(edits[first].old_from - lead, edits[last].old_to + tail),
                           range(edits[first].new_from - lead, edits[last].new_to + tail));
        auto at = edits[first].old_from - lead;
        for (auto i = first; i <= last; ++i) {
            for (; at < edits[i].old_from; ++at) append_line(out, ' ', old_lines[at]);
            for (; at < edits[i].old_to; ++at) append_line(out, '-', old_lines[at]);
            for (auto n = edits[i].new_from; n < edits[i].new_to; ++n)
                append_line(out, '+', new_lines[n]);
        }
        for (const auto end = at + tail; at < end; ++at) append_line(out, ' ', old_lines[at]);
        first = last + 1;
    }
    return out;
}

}  // namespace salvor::text
