#include "tools/salvor/on_source.hpp"

#include "tools/salvor/progress.hpp"

namespace salvor::tool {

void say_if_in_use(const Snapshot& snapshot) {
    const auto& holder = snapshot.lock_holder();
    if (!holder) return;
    say(fmt::format("{} is IN USE by {}: what is said of it may be torn; take a snapshot or a copy",
                    snapshot.file().path().string(), words(*holder)));
}

Result<Answer> on_source(const std::string& source, Result<Answer> answer) {
    if (answer || answer.error().code != ErrorCode::malformed) return answer;
    auto error = std::move(answer).error();
    // It may be of another source than the first, and says so.
    if (error.message.find("; see `salvor verify ") != std::string::npos)
        return std::unexpected(std::move(error));
    const bool named = error.message.starts_with(source + ": ");
    error.message = fmt::format("{}{}; see `salvor verify {}`", named ? "" : source + ": ",
                                error.message, source);
    return std::unexpected(std::move(error));
}

}  // namespace salvor::tool
