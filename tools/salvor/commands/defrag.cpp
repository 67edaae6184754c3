#include "tools/salvor/commands/defrag.hpp"

#include "tools/salvor/rewriting.hpp"

namespace salvor::tool::defrag {

Run declare(CLI::App& app) {
    auto arguments = std::make_shared<RewriteArguments>();
    add_rewrite(app, *arguments, "of a backup whose trailer is wrong");
    return [arguments] {
        return run_rewrite(*arguments, "defragmenting ",
                           [&](const Snapshot& source, auto& said) -> Result<void> {
                               SALVOR_CHECK(judge_trailer(source, *arguments, said));
                               SALVOR_TRY(said.rewritten, rewrite::defrag(source, arguments->to));
                               return {};
                           });
    };
}

}  // namespace salvor::tool::defrag
