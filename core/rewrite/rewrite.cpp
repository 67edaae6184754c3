#include "core/rewrite/rewrite.hpp"

#include "core/restore/change.hpp"
#include "formats/bbolt/contents.hpp"
#include "formats/text/escape.hpp"

namespace salvor::rewrite {
namespace {

Result<Rewritten> write_changed(const Snapshot& source, const bbolt::Change& change,
                                const std::string& what, const std::filesystem::path& to) {
    if (!source.database()) return std::unexpected(source.database().error());
    const auto& db = *source.database();
    Rewritten said{{}, source.file().bytes().size(), 0, 0};
    SALVOR_TRY(said.made, verify::make_snapshot(to, what, [&](FileWriter& out) {
                   return bbolt::write_dense(db, change, out);
               }));
    return said;
}

std::string words(const std::optional<etcd::Version>& version) {
    return version ? to_string(*version) : "none";
}

std::vector<std::string> changes(const restore::Source& source, const restore::Migration& to) {
    std::vector<std::string> said;
    if (to.storage_version) {
        said.push_back(fmt::format("storageVersion {} -> {}", words(source.storage_version),
                                   words(*to.storage_version)));
    }
    if (to.cluster_version) {
        said.push_back(fmt::format("clusterVersion {} -> {}", words(source.cluster_version),
                                   to_string(*to.cluster_version)));
    }
    if (to.cancel_downgrade) {
        said.push_back(fmt::format("the downgrade to {} that was under way is cancelled",
                                   text::escape(source.downgrade->target_version)));
    }
    return said;
}

}  // namespace

Result<Rewritten> defrag(const Snapshot& source, const std::filesystem::path& to) {
    return write_changed(source, {}, "the defragmented backup", to);
}

Result<Changed> migrate(const Snapshot& source, etcd::Line line, const std::filesystem::path& to) {
    SALVOR_TRY(const auto known, restore::read_source(source));
    SALVOR_TRY(const auto migration, restore::migration(known, line));
    bbolt::Change change;
    restore::migrate(change, migration);
    SALVOR_TRY(auto rewritten, write_changed(source, change, "the migrated backup", to));
    return Changed{std::move(rewritten), changes(known, migration)};
}

}  // namespace salvor::rewrite
