#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/restore/manifest.hpp"
#include "core/restore/restore.hpp"

// From what somebody typed to a Request: the defaults, guesses and refusals of our own command.

namespace salvor::restore {

/// The size of an automatic bump: more than any cluster writes between a backup and its loss (1,000
/// changes a second for eleven days), and 9,000 of them fit. OpenShift's restore uses the same.
constexpr std::uint64_t automatic_bump = 1'000'000'000;

struct Wishes {
    /// As typed, for the command lines that a refusal shows: the source, and the options but for
    /// those that choose members.
    std::filesystem::path source;
    std::vector<std::string> other_words;
    std::optional<std::filesystem::path> data_dir;
    std::optional<std::filesystem::path> wal_dir;
    std::optional<std::string> name;
    std::optional<std::string> member;  ///< a name, or an id in hex, of the backup's own members
    std::optional<std::string> initial_cluster;
    std::optional<std::string> initial_cluster_token;
    std::optional<std::string> initial_advertise_peer_urls;
    bool all_members = false;
    bool single_member = false;
    std::optional<Manifest> manifest;  ///< serves where no flag says otherwise
    std::optional<etcd::Line> line;
    bool bump_automatic = false;  ///< --bump-revision auto
    std::optional<std::uint64_t>
        bump_revision;  ///< neither: automatic where Kubernetes lives in it
    bool mark_compacted = false;
    bool skip_hash_check = false;
    bool force = false;
    bool clear_alarms = false;
    bool disable_auth = false;
    bool compact = false;
    bool replace = false;
    FilterWishes filter;
    std::optional<Owner> owner;
};

/// A request, and why it became what it is.
struct Decision {
    Request request;
    std::optional<std::string> kubernetes_prefix;
    bool bump_by_default = false;
    std::vector<etcd::Member> left_out;  ///< of the backup's members, for they have no name yet
    std::optional<Manifest> manifest;    ///< that the directory will be started by
};

/// Errors: usage, refused (the message has the command lines that would be right), not_found (no
/// such member), malformed.
/// Without a report of the source, where Kubernetes lives in it is a guess by its oldest rows, and
/// to be decided anew where the report says otherwise.
Result<Decision> decide(const Snapshot& snapshot, const Wishes& wishes,
                        const verify::Report* report = nullptr);

}  // namespace salvor::restore
