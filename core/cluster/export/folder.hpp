#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/cluster/export/exporter.hpp"
#include "formats/base/output.hpp"

namespace salvor::cluster {

/// The manifest as kubectl would print it.
std::string manifest_yaml(const kube::Value& value);

/// Where manifests lie in a folder: STAGE/NAMESPACE/RESOURCE/NAME.yaml, and kustomization.yaml,
/// which lists them in order.
class ManifestPaths {
 public:
    /// The path of the next one; all of them are different.
    std::string next(const Exporter::Manifest& manifest);
    const std::vector<std::string>& paths() const { return paths_; }
    static constexpr const char* list_name = "kustomization.yaml";
    std::string list_text() const;

 private:
    std::set<std::string> taken_;
    std::vector<std::string> paths_;  ///< in order
};

/// A folder of manifests, built beside its place: as ManifestPaths has it. Files are 0600,
/// folders 0700.
class ManifestFolder {
 public:
    /// Errors: exists (it is there and not empty), not_a_file, io.
    static Result<ManifestFolder> create(const std::filesystem::path& target);
    /// Errors: io.
    Result<void> add(const Exporter::Manifest& manifest);
    /// Writes kustomization.yaml, syncs, puts the folder at its place. Errors: io.
    Result<void> commit();
    std::size_t size() const { return paths_.paths().size(); }

 private:
    explicit ManifestFolder(StagedDirectory staged) : staged_(std::move(staged)) {}
    /// Makes the folders that a file lies in.
    Result<void> make_directories(const std::string& relative);
    Result<void> write(const std::string& relative, Bytes text) const;

    StagedDirectory staged_;
    std::set<std::string> directories_;
    ManifestPaths paths_;
};

/// A name that a file can have: letters, digits, `-`, `_` and `.` stay, all else is %XX, long ones
/// are cut and end in a digest.
std::string file_name(Bytes name);

}  // namespace salvor::cluster
