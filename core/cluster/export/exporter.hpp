#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/cluster/export/cleaning.hpp"
#include "core/cluster/export/omission.hpp"
#include "core/cluster/export/order.hpp"
#include "core/cluster/export/rename.hpp"
#include "core/cluster/present.hpp"

namespace salvor::cluster {

/// What became of the objects; the rules by name.
struct ExportCounts {
    std::uint64_t exported = 0;
    std::map<std::string, std::uint64_t> left_out;
    std::map<std::string, std::uint64_t> cleaned;  ///< objects that the rule changed
    std::uint64_t renamed = 0;
    std::uint64_t failed = 0;
};
/// Not among the rules that --list-rules has for objects: what needs --show-secrets.
inline constexpr const char* secret_rule = "secret";

/// Objects as manifests that apply again, in the order in which they do.
class Exporter {
 public:
    struct Options {
        bool raw = false;  ///< no rule but `secret`, the stored managedFields too
        bool show_secrets = false;
        NamespaceNames renames;
    };
    /// Errors: malformed.
    static Result<Exporter> of(const Cluster& cluster, Options options);

    /// One manifest and where it belongs.
    struct Manifest {
        const kube::Value& value;
        Stage stage;
        std::string namespace_name;  ///< after renaming; empty: cluster-scoped
        std::string resource;        ///< "deployments.apps"
        std::string name;
        bool keeps_version;  ///< stored in a version that was not converted to the preferred one
        const Item& item;    ///< what it is made of
    };
    using Take = std::function<Result<void>(const Manifest&)>;
    /// What could not be read: its key and why. It is counted, and the rest goes on.
    using Failed = std::function<void(Bytes key, const std::string& problem)>;
    /// Errors: those of `take`.
    Result<ExportCounts> run(Selection& selection, const Take& take, const Failed& failed) const;
    /// Of one object alone.
    Result<void> run_one(const Candidate& candidate, const Take& take, const Failed& failed,
                         ExportCounts& counts) const;

 private:
    Exporter(const Cluster& cluster, Options options);
    Result<void> one(Subject& subject, const Item& item, const Take& take,
                     ExportCounts& counts) const;

    Options options_;
    Presenter presenter_;
    Surroundings surroundings_;
};

}  // namespace salvor::cluster
