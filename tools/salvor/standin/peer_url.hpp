#pragma once

#include <expected>
#include <map>
#include <string>
#include <vector>

#include "formats/base/bytes.hpp"

// Peer URLs as etcd takes them, with Go's and etcd's words where it does not.
// Source: etcd client/pkg/types/{urls,urlsmap}.go, Go net/url

namespace salvor::tool::standin {

template <class T>
using OrWords = std::expected<T, std::string>;

struct PeerUrl {
    std::string scheme;
    std::string host;  ///< with its port; of a unix URL whatever stands there
    std::string path;
    std::string text;  ///< as Go writes it, which is what ids are made from
};

/// Sorted by text.
using PeerUrls = std::vector<PeerUrl>;
OrWords<PeerUrls> parse_peer_urls(const std::vector<std::string>& typed);
std::vector<std::string> texts(const PeerUrls& urls);

/// `m1=http://10.0.0.1:2380,m2=...`; names are taken to the letter, spaces too.
using InitialCluster = std::map<std::string, PeerUrls>;
OrWords<InitialCluster> parse_initial_cluster(const std::string& text);
/// Sorted, in the option's form.
std::string to_string(const InitialCluster& cluster);

/// Text between the marks, empty parts too.
std::vector<std::string> split(const std::string& text, char mark);

/// Host and port as Go's net.SplitHostPort takes them apart; an error is only that it cannot.
struct HostPort {
    std::string host;
    std::string port;
};
OrWords<HostPort> split_host_port(const std::string& address);

}  // namespace salvor::tool::standin
