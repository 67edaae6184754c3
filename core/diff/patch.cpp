#include "core/diff/patch.hpp"

#include "core/cluster/export/folder.hpp"
#include "core/timeline/key_hash.hpp"
#include "formats/text/line_diff.hpp"

namespace salvor::diff {
namespace {

using cluster::Exporter;

/// One side's files: of each the digest of its text, and the object that it is made of.
class Files {
 public:
    static Result<Files> of(const ExportSide& side, const Exporter::Options& options,
                            const Exporter::Failed& failed) {
        SALVOR_TRY(auto exporter, Exporter::of(*side.cluster, options));
        Files files(*side.cluster, std::move(exporter));
        if (!side.query) return files;
        SALVOR_TRY(auto selection, cluster::Selection::of(*side.cluster, *side.query));
        cluster::ManifestPaths paths;
        SALVOR_TRY(files.counts_, files.exporter_.run(
                                      selection,
                                      [&](const Exporter::Manifest& manifest) {
                                          files.add(paths.next(manifest), manifest);
                                          return Result<void>{};
                                      },
                                      failed));
        // Of no manifest no folder is made, and no list.
        if (!paths.paths().empty()) files.list_ = paths.list_text();
        return files;
    }

    struct File {
        std::uint64_t digest;
        etcd::KeyValue row;
    };
    const std::map<std::string, File>& files() const { return files_; }
    const std::string& list() const { return list_; }

    /// The text of a file; "" where there is none.
    std::string text(const std::string& path) const {
        const auto found = files_.find(path);
        const auto item = found == files_.end() ? std::nullopt : cluster_->item(found->second.row);
        std::string text;
        if (!item) return text;
        cluster::ExportCounts counts;
        const auto take = [&](const Exporter::Manifest& manifest) {
            text = cluster::manifest_yaml(manifest.value);
            return Result<void>{};
        };
        // It was read before, so it is now.
        (void)exporter_.run_one(
            cluster::Candidate(*cluster_, *item), take, [](Bytes, const std::string&) {}, counts);
        return text;
    }

 private:
    Files(const cluster::Cluster& cluster, Exporter exporter)
        : cluster_(&cluster), exporter_(std::move(exporter)) {}

    void add(std::string path, const Exporter::Manifest& manifest) {
        files_.emplace(
            std::move(path),
            File{timeline::hash_of(cluster::manifest_yaml(manifest.value)), manifest.item.row});
    }

    const cluster::Cluster* cluster_;
    Exporter exporter_;
    cluster::ExportCounts counts_;
    std::map<std::string, File> files_;
    std::string list_;
};

/// Nothing where the texts are the same. An empty text is no file.
std::string file_patch(const std::string& path, const std::string& before,
                       const std::string& after) {
    const auto hunks = text::unified_hunks(before, after);
    if (hunks.empty()) return {};
    return fmt::format("--- {}\n+++ {}\n{}", before.empty() ? "/dev/null" : "a/" + path,
                       after.empty() ? "/dev/null" : "b/" + path, hunks);
}

}  // namespace

Result<bool> write_patch(const ExportSide& before, const ExportSide& after,
                         const Exporter::Options& options, const std::function<void(Bytes)>& take,
                         const Exporter::Failed& failed) {
    SALVOR_TRY(const auto old_files, Files::of(before, options, failed));
    SALVOR_TRY(const auto new_files, Files::of(after, options, failed));
    bool any = false;
    const auto tell = [&](const std::string& patch) {
        any = any || !patch.empty();
        if (!patch.empty()) take(patch);
    };
    const auto tell_file = [&](const std::string& path) {
        tell(file_patch(path, old_files.text(path), new_files.text(path)));
    };
    auto a = old_files.files().begin();
    auto b = new_files.files().begin();
    const auto a_end = old_files.files().end();
    const auto b_end = new_files.files().end();
    while (a != a_end || b != b_end) {
        const bool take_a = b == b_end || (a != a_end && a->first <= b->first);
        const bool take_b = a == a_end || (b != b_end && b->first <= a->first);
        if (!take_a || !take_b || a->second.digest != b->second.digest)
            tell_file(take_a ? a->first : b->first);
        if (take_a) ++a;
        if (take_b) ++b;
    }
    tell(file_patch(cluster::ManifestPaths::list_name, old_files.list(), new_files.list()));
    return any;
}

}  // namespace salvor::diff
