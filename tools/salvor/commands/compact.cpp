#include "tools/salvor/commands/compact.hpp"

#include "tools/salvor/rewriting.hpp"

namespace salvor::tool::compact {
namespace {

struct Arguments : RewriteArguments {
    std::int64_t revision = 0;  ///< 0: the head
};

}  // namespace

Run declare(CLI::App& app) {
    auto arguments = std::make_shared<Arguments>();
    add_rewrite(app, *arguments, "of a backup whose trailer is wrong");
    add_option(app, "--rev", "N", arguments->revision,
               "what is older than its state goes (the head)");
    return [arguments] {
        const auto compact = [&](const Snapshot& source, auto& said) -> Result<void> {
            SALVOR_CHECK(judge_trailer(source, *arguments, said));
            const auto revision =
                arguments->revision == 0 ? std::nullopt : std::optional(arguments->revision);
            SALVOR_TRY(said.rewritten, rewrite::compact(source, revision, arguments->to));
            return {};
        };
        return run_rewrite(*arguments, "compacting ", compact);
    };
}

}  // namespace salvor::tool::compact
