#include "tools/salvor/standin/cluster_check.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <netdb.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>
#include <set>

#include "core/upstream/quote.hpp"

namespace salvor::tool::standin {
namespace {

using upstream::quote;

struct Address {
    int family = 0;
    std::array<unsigned char, 16> bytes{};
    auto operator<=>(const Address&) const = default;
};

std::optional<Address> parse_address(const std::string& host) {
    Address address;
    for (const int family : {AF_INET, AF_INET6}) {
        address.family = family;
        if (::inet_pton(family, host.c_str(), address.bytes.data()) == 1) return address;
    }
    return {};
}

std::string to_string(const Address& address) {
    char text[INET6_ADDRSTRLEN] = {};
    ::inet_ntop(address.family, address.bytes.data(), text, sizeof text);
    return address.family == AF_INET6 ? fmt::format("[{}]", text) : text;
}

/// Two spellings of one address are the same.
std::string normal_host(const std::string& host) {
    const auto parts = split_host_port(host);
    if (!parts) return host;
    const auto address = parse_address(parts->host);
    if (!address) return host;
    return to_string(*address) + (parts->port.empty() ? "" : ":" + parts->port);
}

/// Up to 3.6 to the letter.
bool same(const PeerUrl& a, const PeerUrl& b, etcd::Line line) {
    if (line < etcd::Line::v3_7) return a.text == b.text;
    return a.scheme == b.scheme && normal_host(a.host) == normal_host(b.host) && a.path == b.path;
}
bool same(const PeerUrls& a, const PeerUrls& b, etcd::Line line) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](const PeerUrl& x, const PeerUrl& y) { return same(x, y, line); });
}

/// The first address that a name has; one look, where etcd asks for half a minute.
std::optional<Address> look_up(const std::string& host) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (host.empty() || ::getaddrinfo(host.c_str(), nullptr, &wanted, &found) != 0) return {};
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, ::freeaddrinfo);
    Address address;
    address.family = found->ai_family;
    if (found->ai_family == AF_INET) {
        const auto* in = reinterpret_cast<const sockaddr_in*>(found->ai_addr);
        std::memcpy(address.bytes.data(), &in->sin_addr, sizeof in->sin_addr);
    } else {
        const auto* in = reinterpret_cast<const sockaddr_in6*>(found->ai_addr);
        std::memcpy(address.bytes.data(), &in->sin6_addr, sizeof in->sin6_addr);
    }
    return address;
}

OrWords<PeerUrls> resolved(const PeerUrls& urls, const Log& log) {
    PeerUrls all;
    for (auto url : urls) {
        const auto parts = split_host_port(url.host);
        if (url.scheme.starts_with("http") && parts && parts->host != "localhost") {
            const auto literal = parse_address(parts->host);
            const auto address = literal ? literal : look_up(parts->host);
            if (!address) {
                return std::unexpected(fmt::format("failed to resolve {} (lookup {}: no such host)",
                                                   quote(url.text), parts->host));
            }
            const auto found =
                fmt::format("{}:{}", to_string(*address), parts->port.empty() ? "0" : parts->port);
            log.info("netutil", "resolved URL Host",
                     {{"url", url.text}, {"host", url.host}, {"resolved-addr", found}});
            url.text = fmt::format("{}://{}", url.scheme, found);
            url.host = found;
        }
        all.push_back(std::move(url));
    }
    std::sort(all.begin(), all.end(),
              [](const PeerUrl& a, const PeerUrl& b) { return a.text < b.text; });
    return all;
}

std::string quoted_list(const std::vector<std::string>& all) {
    std::vector<std::string> quoted;
    for (const auto& one : all) quoted.push_back(quote(one));
    return fmt::format("[{}]", fmt::join(quoted, " "));
}

/// Empty where the two are the same cluster member, else why they are not.
std::string difference(const PeerUrls& advertised, const PeerUrls& own, const Log& log) {
    if (advertised.size() != own.size()) {
        return fmt::format("len({}) != len({})", quoted_list(texts(advertised)),
                           quoted_list(texts(own)));
    }
    if (same(advertised, own, log.line())) return {};
    const auto a = resolved(advertised, log);
    if (!a) return a.error();
    const auto b = resolved(own, log);
    if (!b) return b.error();
    for (std::size_t i = 0; i < a->size(); ++i) {
        if (!same((*a)[i], (*b)[i], log.line()))
            return fmt::format("resolved urls: {} != {}", quote((*a)[i].text), quote((*b)[i].text));
    }
    return {};
}

std::vector<std::string> only_in(const PeerUrls& a, const PeerUrls& b) {
    const auto others = texts(b);
    std::vector<std::string> missing;
    for (const auto& text : texts(a)) {
        const bool there = std::find(others.begin(), others.end(), text) != others.end();
        if (!there && (missing.empty() || missing.back() != text)) missing.push_back(text);
    }
    return missing;
}

std::string advertised_flaw(const std::string& name, const PeerUrls& advertised,
                            const PeerUrls& own, const Log& log) {
    const auto why = difference(advertised, own, log);
    if (why.empty()) return {};
    if (auto missing = only_in(own, advertised); !missing.empty()) {
        for (auto& url : missing) url = fmt::format("{}={}", name, url);
        return fmt::format(
            "--initial-cluster has {} but missing from --initial-advertise-peer-urls={} ({})",
            fmt::join(missing, ","), fmt::join(texts(advertised), ","), why);
    }
    const auto option = to_string(InitialCluster{{name, advertised}});
    if (const auto missing = only_in(advertised, own); !missing.empty()) {
        return fmt::format(
            "--initial-advertise-peer-urls has {} but missing from --initial-cluster={}",
            fmt::join(missing, ","), option);
    }
    return fmt::format("failed to resolve {} to match --initial-cluster={} ({})",
                       fmt::join(texts(advertised), ","), option, why);
}

}  // namespace

std::string bootstrap_flaw(const std::string& name, const PeerUrls& advertised,
                           const InitialCluster& cluster, const Log& log) {
    const auto own = cluster.find(name);
    if (own == cluster.end()) {
        return fmt::format("couldn't find local name {} in the initial cluster configuration",
                           quote(name));
    }
    if (auto flaw = advertised_flaw(name, advertised, own->second, log); !flaw.empty()) return flaw;
    std::set<std::string> seen;
    for (const auto& [member, urls] : cluster) {
        for (const auto& url : urls) {
            if (!seen.insert(url.text).second)
                return fmt::format("initial cluster {} has duplicate url", to_string(cluster));
        }
    }
    return {};
}

}  // namespace salvor::tool::standin
