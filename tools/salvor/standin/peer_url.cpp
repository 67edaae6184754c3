#include "tools/salvor/standin/peer_url.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "core/upstream/quote.hpp"

namespace salvor::tool::standin {
namespace {

using upstream::quote;

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

std::string lower(std::string text) {
    for (auto& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    }
    return text;
}

std::string trimmed(const std::string& text) {
    constexpr const char* space = " \t\n\v\f\r";
    const auto first = text.find_first_not_of(space);
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(space) - first + 1);
}

/// The part before the first colon, where it is a scheme; empty where there is none.
OrWords<std::string> scheme_of(const std::string& url) {
    for (std::size_t i = 0; i < url.size(); ++i) {
        const char c = url[i];
        if (is_letter(c)) continue;
        if (c == ':' && i == 0) return std::unexpected("missing protocol scheme");
        if (c == ':') return url.substr(0, i);
        const bool later = is_digit(c) || c == '+' || c == '-' || c == '.';
        if (!later || i == 0) break;
    }
    return std::string{};
}

bool is_optional_port(Bytes text) {
    return text.empty() || (text[0] == ':' && std::all_of(text.begin() + 1, text.end(), is_digit));
}

/// What is wrong with a host, in net/url's words.
std::string host_flaw(const std::string& host) {
    const auto bad_port = [](Bytes port) {
        return fmt::format("invalid port {} after host", quote(port));
    };
    if (host.find('[') != std::string::npos) {
        const auto close = host.rfind(']');
        if (close == std::string::npos) return "missing ']' in host";
        const auto port = Bytes(host).substr(close + 1);
        if (!is_optional_port(port)) return bad_port(port);
    } else if (const auto colon = host.find(':'); colon != std::string::npos) {
        const auto port = Bytes(host).substr(colon);
        if (!is_optional_port(port)) return bad_port(port);
    }
    for (std::size_t i = 0; i < host.size(); ++i) {
        const char c = host[i];
        if (c == '%') {
            const auto escape = Bytes(host).substr(i, 3);
            const bool whole = escape.size() == 3 && is_hex(escape[1]) && is_hex(escape[2]);
            if (!whole || (escape[1] < '8' && escape != "%25"))
                return "invalid URL escape " + quote(escape);
        } else if (static_cast<unsigned char>(c) < 0x80 && !is_letter(c) && !is_digit(c) &&
                   Bytes("!$&'()*+,;=:[]<>\"-_.~").find(c) == Bytes::npos) {
            return fmt::format("invalid character {} in host name", quote(Bytes(&c, 1)));
        }
    }
    return {};
}

std::string escaped_host(const std::string& host) {
    std::string text;
    for (const char c : host) {
        const auto byte = static_cast<unsigned char>(c);
        text += byte < 0x80 ? std::string(1, c) : fmt::format("%{:02X}", byte);
    }
    return text;
}

/// As Go's url.Parse, as far as a peer URL may go.
OrWords<PeerUrl> parse_url(const std::string& url) {
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    if (std::any_of(url.begin(), url.end(), control))
        return std::unexpected("net/url: invalid control character in URL");
    const auto scheme = scheme_of(url);
    if (!scheme) return std::unexpected(scheme.error());
    PeerUrl parsed{lower(*scheme), {}, {}, {}};
    auto rest = scheme->empty() ? url : url.substr(scheme->size() + 1);
    std::string tail;  // query and fragment
    if (const auto mark = rest.find_first_of("?#"); mark != std::string::npos) {
        tail = rest.substr(mark);
        rest.resize(mark);
    }
    if (!rest.starts_with('/')) {
        if (!scheme->empty()) {
            parsed.text = parsed.scheme + ":" + rest + tail;
            return parsed;
        }
        if (rest.substr(0, rest.find('/')).find(':') != std::string::npos) {
            return std::unexpected("first path segment in URL cannot contain colon");
        }
    }
    std::string before_path;
    if (rest.starts_with("//") && (!scheme->empty() || !rest.starts_with("///"))) {
        const auto slash = rest.find('/', 2);
        const auto authority = rest.substr(2, slash == std::string::npos ? slash : slash - 2);
        rest = slash == std::string::npos ? "" : rest.substr(slash);
        const auto at = authority.rfind('@');
        parsed.host = at == std::string::npos ? authority : authority.substr(at + 1);
        if (const auto flaw = host_flaw(parsed.host); !flaw.empty()) return std::unexpected(flaw);
        const auto user = at == std::string::npos ? "" : authority.substr(0, at + 1);
        before_path = "//" + user + escaped_host(parsed.host);
    }
    parsed.path = rest;
    parsed.text = parsed.scheme + ":" + before_path + rest + tail;
    return parsed;
}

OrWords<PeerUrl> parse_peer_url(const std::string& typed) {
    const auto text = trimmed(typed);
    auto url = parse_url(text);
    if (!url) return std::unexpected(fmt::format("parse {}: {}", quote(text), url.error()));
    if (url->scheme == "unix" || url->scheme == "unixs") return url;
    if (url->scheme != "http" && url->scheme != "https") {
        return std::unexpected("URL scheme must be http, https, unix, or unixs: " + text);
    }
    if (!split_host_port(url->host)) {
        return std::unexpected("URL address does not have the form \"host:port\": " + text);
    }
    if (!url->path.empty()) return std::unexpected("URL must not contain a path: " + text);
    return url;
}

}  // namespace

OrWords<HostPort> split_host_port(const std::string& address) {
    const auto colon = address.rfind(':');
    if (colon == std::string::npos) return std::unexpected("missing port in address");
    auto host = address.substr(0, colon);
    if (host.starts_with('[')) {
        if (host.find(']') != host.size() - 1) return std::unexpected("missing port in address");
        host = host.substr(1, host.size() - 2);
        if (host.find_first_of("[]") != std::string::npos)
            return std::unexpected("unexpected '[' in address");
    } else if (host.find_first_of(":[]") != std::string::npos) {
        return std::unexpected("too many colons in address");
    }
    return HostPort{host, address.substr(colon + 1)};
}

OrWords<PeerUrls> parse_peer_urls(const std::vector<std::string>& typed) {
    PeerUrls urls;
    for (const auto& text : typed) {
        auto url = parse_peer_url(text);
        if (!url) return std::unexpected(url.error());
        urls.push_back(*std::move(url));
    }
    std::sort(urls.begin(), urls.end(),
              [](const PeerUrl& a, const PeerUrl& b) { return a.text < b.text; });
    return urls;
}

std::vector<std::string> texts(const PeerUrls& urls) {
    std::vector<std::string> all;
    for (const auto& url : urls) all.push_back(url.text);
    return all;
}

std::vector<std::string> split(const std::string& text, char mark) {
    std::vector<std::string> parts;
    std::size_t at = 0;
    for (auto end = text.find(mark); end != std::string::npos; end = text.find(mark, at)) {
        parts.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    parts.push_back(text.substr(at));
    return parts;
}

OrWords<InitialCluster> parse_initial_cluster(const std::string& text) {
    std::map<std::string, std::vector<std::string>> typed;
    for (const auto& part : split(text, ',')) {
        if (part.empty()) continue;
        const auto equals = part.find('=');
        typed[part.substr(0, equals)].push_back(
            equals == std::string::npos ? "" : part.substr(equals + 1));
    }
    InitialCluster cluster;
    for (const auto& [name, urls] : typed) {
        auto parsed = parse_peer_urls(urls);
        if (!parsed) return std::unexpected(parsed.error());
        cluster[name] = *std::move(parsed);
    }
    return cluster;
}

std::string to_string(const InitialCluster& cluster) {
    std::vector<std::string> pairs;
    for (const auto& [name, urls] : cluster) {
        for (const auto& url : urls) pairs.push_back(name + "=" + url.text);
    }
    std::sort(pairs.begin(), pairs.end());
    return fmt::format("{}", fmt::join(pairs, ","));
}

}  // namespace salvor::tool::standin
