#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/audit/rights.hpp"

// What somebody holds, by the Secrets and OpenShift's OAuth tokens and clients that they can come
// at: what has to be rotated when they are not to be trusted. Never what is secret itself.

namespace salvor::audit {

/// How long a credential is good, as far as it says so itself.
enum class Validity : std::uint8_t {
    unknown,  ///< it does not say
    never_ends,
    ends,  ///< at a time that is to come
    ended,
    void_,  ///< no server takes it: its account is gone, it is for no login, it is a digest alone
};

struct HeldSecret {
    std::string namespace_name, name;
    std::string type;  ///< "kubernetes.io/tls"; of what is no Secret its kind, "OAuthAccessToken"
    std::string what;  ///< in words: whose token, which certificate, which keys of data
    std::vector<std::string> ways;  ///< how it is come at, at least one
    Validity validity{};
    std::optional<std::int64_t> expires;  ///< seconds since 1970
    std::string remedy;                   ///< what to do, in words or as a command

    bool is_good() const { return validity != Validity::ended && validity != Validity::void_; }
};

struct Exposure {
    std::vector<HeldSecret> secrets;  ///< what is good first, by namespace and name
    /// Of pods on a node: as which service accounts they run, whose tokens they hold.
    std::vector<std::string> accounts;
    std::uint64_t closed = 0;  ///< what is encrypted in the file, and not counted as held
    std::vector<std::string> problems;
};

/// Who holds the file: what of it is plain, older values and deleted Secrets too.
Result<Exposure> exposure_of_file(const cluster::Cluster& cluster, std::int64_t now);
/// What somebody may read, and what is mounted where they run as a service account.
Result<Exposure> exposure_of(const cluster::Cluster& cluster, const Rights& rights,
                             const Identity& identity, std::int64_t now);
/// Who holds a node: what its pods mount, and what their service accounts may read.
Result<Exposure> exposure_of_node(const cluster::Cluster& cluster, const Rights& rights,
                                  const std::string& node, std::int64_t now);

}  // namespace salvor::audit
