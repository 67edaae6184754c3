#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/cluster/export/exporter.hpp"
#include "formats/base/output.hpp"

namespace salvor::cluster {

/// The manifest as kubectl would print it.
std::string manifest_yaml(const kube::Value& value);

/// A folder of manifests, built beside its place: STAGE/NAMESPACE/RESOURCE/NAME.yaml and a
/// kustomization.yaml that lists them in order. Files are 0600, folders 0700.
class ManifestFolder {
 public:
    /// Errors: exists (it is there and not empty), not_a_file, io.
    static Result<ManifestFolder> create(const std::filesystem::path& target);
    /// Errors: io.
    Result<void> add(const Exporter::Manifest& manifest);
    /// Writes kustomization.yaml, syncs, puts the folder at its place. Errors: io.
    Result<void> commit();
    std::size_t size() const { return files_.size(); }

 private:
    explicit ManifestFolder(StagedDirectory staged) : staged_(std::move(staged)) {}
    /// STAGE/NAMESPACE/RESOURCE, made where it is not there yet.
    Result<std::string> directory(const Exporter::Manifest& manifest);
    Result<void> write(const std::string& relative, Bytes text) const;

    StagedDirectory staged_;
    std::set<std::string> directories_;
    std::set<std::string> taken_;
    std::vector<std::string> files_;  ///< relative to the target, in order
};

/// A name that a file can have: letters, digits, `-`, `_` and `.` stay, all else is %XX, long ones
/// are cut and end in a digest.
std::string file_name(Bytes name);

}  // namespace salvor::cluster
