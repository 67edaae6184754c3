#include "core/restore/next_steps.hpp"

#include <arpa/inet.h>

#include <algorithm>

#include "core/restore/urls.hpp"
#include "formats/text/escape.hpp"

namespace salvor::restore {
namespace {

constexpr const char* default_client_url = "http://localhost:2379";

bool is_address(const std::string& host) {
    unsigned char bytes[sizeof(struct in6_addr)];
    return host == "localhost" || host.starts_with('[') ||
           ::inet_pton(AF_INET, host.c_str(), bytes) == 1;
}

/// etcd binds to addresses only: a name is listened for on all of them.
/// Source: etcd server/embed/config.go checkBindURLs
std::string listen_url(const std::string& url) {
    const auto host_at = url.find("://");
    const auto port_at = url.rfind(':');
    if (!url.starts_with("http") || host_at == url.npos || port_at <= host_at) return url;
    const auto host = url.substr(host_at + 3, port_at - host_at - 3);
    return is_address(host) ? url : url.substr(0, host_at + 3) + "0.0.0.0" + url.substr(port_at);
}

std::string listen_urls(const std::vector<std::string>& urls) {
    std::vector<std::string> listened;
    for (const auto& url : urls) {
        auto listen = listen_url(url);
        if (std::ranges::find(listened, listen) == listened.end())
            listened.push_back(std::move(listen));
    }
    return joined(listened, ",");
}

std::string from_anywhere(const std::filesystem::path& path) {
    std::error_code error;
    const auto absolute = std::filesystem::absolute(path, error).lexically_normal();
    return error ? path.string() : absolute.string();
}

std::vector<Peer> peers_of(const Plan& plan) {
    std::vector<Peer> peers;
    for (const auto& member : plan.members) peers.push_back({member.name, member.peer_urls});
    std::ranges::sort(peers, {}, &Peer::name);
    return peers;
}

bool uses_tls(const Plan& plan) {
    return std::ranges::any_of(plan.members, [](const etcd::Member& member) {
        return std::ranges::any_of(member.peer_urls,
                                   [](const std::string& url) { return url.starts_with("https"); });
    });
}

using Options = std::vector<std::pair<std::string, std::string>>;

void override(Options& options, const Options& by) {
    for (const auto& [name, value] : by) {
        const auto found = std::ranges::find(options, name, &Options::value_type::first);
        if (found == options.end()) {
            options.emplace_back(name, value);
        } else {
            found->second = value;
        }
    }
}

/// etcd takes a switch's value behind `=` alone.
std::vector<std::string> words_of(const Options& options) {
    std::vector<std::string> words{"etcd"};
    for (const auto& [name, value] : options) {
        if (value == "true" || value == "false") {
            words.push_back("--" + name + "=" + value);
        } else {
            words.insert(words.end(), {"--" + name, value});
        }
    }
    return words;
}

}  // namespace

std::vector<std::string> boot_command(const Plan& plan, const PlannedMember& target,
                                      const Decision& decision) {
    const auto old =
        std::ranges::find(plan.source.members, target.member.name, &etcd::Member::name);
    const auto client_urls = old != plan.source.members.end() && !old->client_urls.empty()
                                 ? old->client_urls
                                 : std::vector<std::string>{default_client_url};
    Options options{{"name", target.member.name}, {"data-dir", from_anywhere(target.data_dir)}};
    if (target.wal_dir != target.data_dir / "member/wal") {
        options.emplace_back("wal-dir", from_anywhere(target.wal_dir));
    }
    options.emplace_back("listen-peer-urls", listen_urls(target.member.peer_urls));
    options.emplace_back("initial-advertise-peer-urls", joined(target.member.peer_urls, ","));
    options.emplace_back("initial-cluster", initial_cluster(peers_of(plan)));
    options.emplace_back("initial-cluster-token", plan.request.token);
    options.emplace_back("listen-client-urls", listen_urls(client_urls));
    options.emplace_back("advertise-client-urls", joined(client_urls, ","));
    if (decision.manifest && plan.targets.size() == 1)
        override(options, decision.manifest->serving);
    return words_of(options);
}

void say_next_steps(std::vector<Step>& steps, const Plan& plan, const Decision& decision) {
    const auto say = [&](const char* kind, std::string what) {
        steps.push_back({kind, std::move(what)});
    };
    const auto line = to_string(plan.request.line);
    if (plan.request.one_folder_each) {
        say("carry",
            "carry each folder to its host, to the path that its etcd uses; keep owner and modes");
    } else if (plan.members.size() > 1) {
        say("others",
            "build the other members' directories from the same backup, with the same initial "
            "cluster and token, before any is started");
    }
    if (decision.kubernetes_prefix) {
        say("stop",
            "keep API servers stopped until etcd is healthy (kubeadm: "
            "kube-apiserver.yaml out of /etc/kubernetes/manifests)");
    }
    say("start", fmt::format("start etcd {}{} on {} with the command line above{}{}", line,
                             plan.request.line < etcd::Line::v3_7 ? " (or the next line)" : "",
                             plan.members.size() > 1 ? "every member" : "it",
                             uses_tls(plan) && !decision.manifest ? " and your TLS options" : "",
                             decision.kubernetes_prefix
                                 ? "; kubeadm: put etcd.yaml back into /etc/kubernetes/manifests"
                                 : ""));
    say("check", "etcdctl endpoint health --cluster; etcdctl endpoint status --cluster -w table");
    if (decision.kubernetes_prefix) {
        say("apiServers",
            "start the API servers again, then restart kube-controller-manager, "
            "kube-scheduler and the kubelets, which remember the old state");
    }
    say("backup", "take a new snapshot: backups of the old cluster do not continue this one");
}

}  // namespace salvor::restore
