#include "core/restore/urls.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace salvor::restore {
namespace {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view space = " \t\r\n\v\f";
    const auto first = text.find_first_not_of(space);
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(space) - first + 1);
}

std::vector<std::string_view> split(std::string_view text, char by) {
    std::vector<std::string_view> parts;
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find(by, at), text.size());
        parts.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return parts;
}

/// `[::1]:2380`, `host:2380`: one colon outside of brackets. Source: Go net.SplitHostPort
bool has_port(std::string_view address) {
    const auto colon = address.rfind(':');
    if (colon == address.npos) return false;
    const auto host = address.substr(0, colon);
    if (host.starts_with('[')) return host.find(']') == host.size() - 1;
    return host.find_first_of(":[]") == host.npos;
}

std::string lower(std::string_view text) {
    std::string lowered(text);
    for (char& c : lowered) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return lowered;
}

Result<std::string> parse_peer_url(std::string_view text) {
    const auto url = trimmed(text);
    const auto mark = url.find("://");
    const auto scheme = mark == url.npos ? std::string() : lower(url.substr(0, mark));
    if (scheme != "http" && scheme != "https" && scheme != "unix" && scheme != "unixs") {
        return fail(ErrorCode::usage, "URL scheme must be http, https, unix, or unixs: {}", url);
    }
    const auto rest = url.substr(mark + 3);
    if (scheme.starts_with("http")) {
        const auto end = std::min(rest.find_first_of("/?#"), rest.size());
        auto address = rest.substr(0, end);
        if (const auto at = address.rfind('@'); at != address.npos) address.remove_prefix(at + 1);
        if (!has_port(address)) {
            return fail(ErrorCode::usage, "URL address does not have the form \"host:port\": {}",
                        url);
        }
        if (end < rest.size() && rest[end] == '/') {
            return fail(ErrorCode::usage, "URL must not contain a path: {}", url);
        }
    }
    return fmt::format("{}://{}", scheme, rest);
}

}  // namespace

Result<std::vector<std::string>> parse_peer_urls(std::string_view list) {
    std::vector<std::string> urls;
    for (const auto part : split(list, ',')) {
        SALVOR_TRY(urls.emplace_back(), parse_peer_url(part));
    }
    std::ranges::sort(urls);
    return urls;
}

Result<std::vector<Peer>> parse_initial_cluster(std::string_view text) {
    std::vector<Peer> peers;
    for (const auto part : split(text, ',')) {
        if (trimmed(part).empty()) continue;
        const auto equals = part.find('=');
        const std::string name(trimmed(part.substr(0, equals)));
        const auto url = equals == part.npos ? std::string_view() : part.substr(equals + 1);
        SALVOR_TRY(auto parsed, parse_peer_url(url));
        auto peer = std::ranges::find(peers, name, &Peer::name);
        if (peer == peers.end()) peer = peers.insert(peer, {name, {}});
        peer->peer_urls.push_back(std::move(parsed));
        std::ranges::sort(peer->peer_urls);
    }
    return peers;
}

std::string initial_cluster(const std::vector<Peer>& peers) {
    std::vector<std::string> parts;
    for (const auto& peer : peers) {
        for (const auto& url : peer.peer_urls) parts.push_back(peer.name + "=" + url);
    }
    return joined(parts, ",");
}

std::string joined(const std::vector<std::string>& parts, std::string_view by) {
    return fmt::format("{}", fmt::join(parts, by));
}

}  // namespace salvor::restore
