#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "formats/base/result.hpp"
#include "formats/kube/value.hpp"

namespace salvor::diff {

/// Objects as somebody keeps them: a file, a folder of files, a stream.
class Manifests {
 public:
    /// A file of a stream of YAML documents or of JSON, or a folder: all files below it that end in
    /// .yaml, .yml or .json, hidden ones left out; a kustomization's own file is none.
    /// Errors: those of the file; not_found (no such file in it); usage (it is no YAML, with the
    /// line, or has no kind).
    static Result<Manifests> read(const std::filesystem::path& path);
    /// Whether a path is taken for manifests: by a file's ending, of a folder that it is no data
    /// directory.
    static bool is_one(const std::filesystem::path& path);

    const std::vector<kube::Value>& objects() const { return objects_; }

 private:
    Result<void> add_file(const std::filesystem::path& path);
    std::vector<kube::Value> objects_;
    /// Whose texts the objects are views into.
    std::unique_ptr<kube::Document> document_ = std::make_unique<kube::Document>();
};

}  // namespace salvor::diff
