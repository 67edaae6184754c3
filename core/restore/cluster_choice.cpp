#include "core/restore/cluster_choice.hpp"

#include <algorithm>
#include <set>

#include "core/restore/command_line.hpp"
#include "core/restore/urls.hpp"
#include "formats/text/escape.hpp"

namespace salvor::restore {
namespace {

// etcd's own defaults. Source: etcd server/embed/config.go
constexpr const char* default_name = "default";
constexpr const char* default_peer_url = "http://localhost:2380";

/// A name becomes a folder's and stands in a comma list: what cannot be either is refused.
Result<void> check_name(const std::string& name) {
    if (!name.empty() && name != "." && name != ".." && name.find_first_of("/,=") == name.npos &&
        name.find('\0') == name.npos) {
        return {};
    }
    return fail(
        ErrorCode::refused,
        "the member name \"{}\" can be no folder and no entry of --initial-cluster; choose another "
        "with --name and --initial-cluster",
        text::escape(name));
}

Peer peer_of(const etcd::Member& member) {
    return {member.name, member.peer_urls};
}

/// Of the backup's members those that a new cluster can have; one that never started has no name.
Result<std::vector<Peer>> known_peers(const Source& source, std::vector<etcd::Member>& left_out) {
    std::vector<Peer> peers;
    std::set<std::string> names;
    for (const auto& member : source.members) {
        if (member.name.empty()) {
            left_out.push_back(member);
            continue;
        }
        SALVOR_CHECK(check_name(member.name));
        if (!names.insert(member.name).second) {
            return fail(ErrorCode::refused,
                        "two of the backup's members are named {}; give --initial-cluster with a "
                        "name for each",
                        text::escape(member.name));
        }
        peers.push_back(peer_of(member));
    }
    std::ranges::sort(peers, {}, &Peer::name);
    return peers;
}

Result<void> check_together(const Wishes& wishes) {
    const auto refuse = [](const char* flag, const char* with) {
        return fail(ErrorCode::usage, "{} and {} do not go together", flag, with);
    };
    if (wishes.member && wishes.name) return refuse("--member", "--name");
    if (!wishes.all_members) return {};
    if (wishes.single_member) return refuse("--all-members", "--single-member");
    if (wishes.member) return refuse("--all-members", "--member");
    if (wishes.name) return refuse("--all-members", "--name");
    if (wishes.initial_advertise_peer_urls) {
        return refuse("--all-members", "--initial-advertise-peer-urls");
    }
    if (wishes.wal_dir) return refuse("--all-members", "--wal-dir");
    return {};
}

Result<void> check_distinct(const std::vector<Peer>& peers) {
    std::set<std::string> urls;
    for (const auto& peer : peers) {
        for (const auto& url : peer.peer_urls) {
            if (urls.insert(url).second) continue;
            return fail(ErrorCode::usage, "--initial-cluster has {} twice", url);
        }
    }
    return {};
}

Result<ClusterChoice> choose_all(const Source& source, const Wishes& wishes) {
    ClusterChoice choice;
    if (wishes.initial_cluster) {
        SALVOR_TRY(choice.peers, parse_initial_cluster(*wishes.initial_cluster));
    } else {
        SALVOR_TRY(choice.peers, known_peers(source, choice.left_out));
    }
    if (choice.peers.empty()) {
        return fail(ErrorCode::usage,
                    "the backup knows no members: --all-members needs --initial-cluster");
    }
    for (const auto& peer : choice.peers) {
        SALVOR_CHECK(check_name(peer.name));
        choice.names.push_back(peer.name);
    }
    SALVOR_CHECK(check_distinct(choice.peers));
    return choice;
}

/// One member out of flags, manifest and backup.
class OneMember {
 public:
    OneMember(const Source& source, const Wishes& wishes) : source_(source), wishes_(wishes) {}

    Result<ClusterChoice> choose() {
        ClusterChoice choice;
        SALVOR_CHECK(read_flags());
        // What stands in the way of the backup's own names is nothing to a cluster that was typed.
        auto known = known_peers(source_, choice.left_out);
        if (known) {
            known_ = *std::move(known);
        } else if (!cluster_) {
            return std::unexpected(std::move(known).error());
        }
        SALVOR_TRY(const auto name, choose_name());
        SALVOR_TRY(choice.peers, choose_peers(name));
        choice.names = {name};
        SALVOR_CHECK(check_name(name));
        SALVOR_CHECK(check_distinct(choice.peers));
        SALVOR_CHECK(check_advertised(name, choice.peers));
        return choice;
    }

 private:
    Result<void> read_flags() {
        const auto& manifest = wishes_.manifest;
        if (wishes_.initial_cluster) {
            SALVOR_TRY(cluster_, parse_initial_cluster(*wishes_.initial_cluster));
        } else if (manifest && manifest->initial_cluster) {
            SALVOR_TRY(manifest_cluster_, parse_initial_cluster(*manifest->initial_cluster));
        }
        const auto& urls = wishes_.initial_advertise_peer_urls;
        if (urls) {
            SALVOR_TRY(advertised_, parse_peer_urls(*urls));
        } else if (manifest && manifest->initial_advertise_peer_urls && !wishes_.member) {
            SALVOR_TRY(advertised_, parse_peer_urls(*manifest->initial_advertise_peer_urls));
        }
        return {};
    }

    Result<std::string> choose_name() const {
        if (wishes_.member) {
            const auto found = std::ranges::find_if(source_.members, [&](const auto& member) {
                return member.name == *wishes_.member || to_string(member.id) == *wishes_.member;
            });
            if (found != source_.members.end()) return found->name;
            return fail(ErrorCode::not_found, "the backup has no member {}; it has {}",
                        text::escape(*wishes_.member), names_of(known_));
        }
        if (wishes_.name) return *wishes_.name;
        if (wishes_.manifest && wishes_.manifest->name) return *wishes_.manifest->name;
        const bool is_known =
            known_.empty() || (known_.size() == 1 && known_.front().name == default_name);
        if ((cluster_ && find(*cluster_, default_name)) || (!cluster_ && is_known))
            return default_name;
        return refuse_to_guess(wishes_, known_, "no option says which member to build");
    }

    static std::unexpected<Error> not_in(const std::vector<Peer>& peers, const std::string& name) {
        return fail(ErrorCode::usage, "member {} is not in the initial cluster, which has {}",
                    text::escape(name), names_of(peers));
    }

    static const Peer* find(const std::vector<Peer>& peers, const std::string& name) {
        const auto found = std::ranges::find(peers, name, &Peer::name);
        return found == peers.end() ? nullptr : &*found;
    }

    Result<std::vector<std::string>> own_urls(const std::string& name) const {
        if (advertised_) return *advertised_;
        if (cluster_) {
            if (const auto* peer = find(*cluster_, name)) return peer->peer_urls;
            return not_in(*cluster_, name);
        }
        if (const auto* peer = find(known_, name)) return peer->peer_urls;
        if (known_.empty()) return std::vector<std::string>{default_peer_url};
        return refuse_to_guess(
            wishes_, known_,
            fmt::format("the backup has no member {} and no option says its URLs",
                        text::escape(name)));
    }

    Result<std::vector<Peer>> choose_peers(const std::string& name) const {
        SALVOR_TRY(auto urls, own_urls(name));
        if (wishes_.single_member) {
            if (cluster_ && cluster_->size() > 1) {
                return fail(ErrorCode::usage,
                            "--single-member and an --initial-cluster of {} do not go together",
                            cluster_->size());
            }
            return std::vector<Peer>{{name, std::move(urls)}};
        }
        if (cluster_) return *cluster_;
        if (known_.size() > 1) {
            // A manifest's list is of the day when its member joined, often shorter than the
            // cluster.
            if (manifest_cluster_ && manifest_cluster_->size() >= known_.size())
                return *manifest_cluster_;
            return refuse_to_guess(wishes_, known_, "one member of several never gets a quorum");
        }
        if (manifest_cluster_) return *manifest_cluster_;
        return std::vector<Peer>{{name, std::move(urls)}};
    }

    Result<void> check_advertised(const std::string& name, const std::vector<Peer>& peers) const {
        const auto* own = find(peers, name);
        if (!own) return not_in(peers, name);
        if (!advertised_ || *advertised_ == own->peer_urls) return {};
        return fail(ErrorCode::usage,
                    "the initial cluster has {} for {}, but --initial-advertise-peer-urls is {}",
                    joined(own->peer_urls, ","), text::escape(name), joined(*advertised_, ","));
    }

    const Source& source_;
    const Wishes& wishes_;
    std::vector<Peer> known_;
    std::optional<std::vector<Peer>> cluster_;
    std::optional<std::vector<Peer>> manifest_cluster_;
    std::optional<std::vector<std::string>> advertised_;
};

}  // namespace

Result<ClusterChoice> choose_cluster(const Source& source, const Wishes& wishes) {
    SALVOR_CHECK(check_together(wishes));
    if (wishes.all_members) return choose_all(source, wishes);
    return OneMember(source, wishes).choose();
}

}  // namespace salvor::restore
