#pragma once

#include "core/cluster/export/exporter.hpp"

namespace salvor::diff {

/// One of the two exports.
struct ExportSide {
    const cluster::Cluster* cluster;
    const cluster::Query* query;  ///< nullptr: nothing is chosen
};

/// The unified diff of two folders as `export --to` makes them, file by file in the order of their
/// paths: `patch -p1` and `git apply` make the second of the first. Every object is exported on
/// both sides; texts are held one file at a time, of the others a digest.
/// Errors: malformed. Says whether anything differs.
Result<bool> write_patch(const ExportSide& before, const ExportSide& after,
                         const cluster::Exporter::Options& options,
                         const std::function<void(Bytes)>& take,
                         const cluster::Exporter::Failed& failed);

}  // namespace salvor::diff
