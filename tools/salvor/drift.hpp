#pragma once

#include <string>
#include <vector>

#include "core/diff/drift.hpp"
#include "tools/salvor/commands.hpp"
#include "tools/salvor/two_views.hpp"

namespace salvor::tool {

/// `diff SOURCE MANIFESTS`, as it was asked for.
struct DriftRequest {
    SourceAt source;
    std::string manifests;           ///< a folder, a file, or `-`
    std::vector<std::string> words;  ///< kinds and names
    std::string namespace_name, labels;
    std::string kubernetes_version, encryption_config;
    bool json = false;
    diff::Drift::Options drift;  ///< its selection is made of the words
};

/// Whether NEW is manifests: `-`, a file that ends so, a folder that is no data directory.
bool is_manifests(const std::string& word);

/// Errors: those of ClusterView::open, of diff::Manifests and of the words.
Result<Answer> diff_manifests(DriftRequest request);

}  // namespace salvor::tool
