#include "core/timeline/parts.hpp"

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>

#include "formats/bbolt/tree.hpp"

namespace salvor::timeline {
namespace {

/// Beyond this the memory's bandwidth is what counts.
constexpr std::size_t max_threads = 8;

}  // namespace

Result<std::vector<bbolt::Bucket>> subtrees(const bbolt::Database& db, const bbolt::Bucket& bucket,
                                            std::size_t wanted) {
    std::vector<bbolt::Bucket> parts{bucket};
    for (std::size_t depth = 0; depth < bbolt::max_depth && parts.size() < wanted; ++depth) {
        std::vector<bbolt::Bucket> deeper;
        for (const auto& part : parts) {
            const auto page = db.check_first_page(part);
            if (!page) return std::unexpected(bbolt::as_error(page.error()));
            if (page->type() != bbolt::PageType::branch) return parts;
            for (std::size_t i = 0; i < page->count(); ++i)
                deeper.push_back({page->branch(i).child, 0, {}, 0});
        }
        parts = std::move(deeper);
    }
    return parts;
}

void side_by_side(std::size_t parts, const std::function<void(std::size_t)>& work) {
    std::atomic<std::size_t> next = 0;
    const auto take_turns = [&] {
        for (auto i = next++; i < parts; i = next++) work(i);
    };
    const std::size_t threads =
        std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, max_threads);
    std::vector<std::jthread> others;
    try {
        while (others.size() + 1 < std::min(threads, parts)) others.emplace_back(take_turns);
    } catch (const std::system_error&) {
        // No thread to be had: those that are there do the work.
    }
    take_turns();
}

}  // namespace salvor::timeline
