#include "tools/salvor/commands/open.hpp"

#include "core/seal/manifest.hpp"
#include "formats/text/escape.hpp"
#include "tools/salvor/rewriting.hpp"

namespace salvor::tool::open {

Run declare(CLI::App& app) {
    auto arguments = std::make_shared<RewriteArguments>();
    add_rewrite(app, *arguments, "of a flawed backup, or one whose trailer is wrong");
    return [arguments] {
        return run_rewrite(
            *arguments, "opening ", [&](const Snapshot& source, auto& said) -> Result<void> {
                SALVOR_TRY(const auto manifest, salvor::seal::checked_manifest(source));
                SALVOR_TRY(auto opened, rewrite::open(source, arguments->flaws(), arguments->to));
                said.rewritten = opened.rewritten;
                said.changes = std::move(opened.changes);
                if (manifest) {
                    said.changes.push_back(fmt::format("as its manifest has it, sealed {} by {}",
                                                       text::escape(manifest->sealed_at),
                                                       text::escape(manifest->made_by)));
                }
                return {};
            });
    };
}

}  // namespace salvor::tool::open
