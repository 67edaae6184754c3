#pragma once

#include <cstdint>

namespace salvor::verify {

/// How many objects go with the files of a host, and how many do not.
struct HostMatches {
    std::uint64_t cluster_ca = 0, other_cluster_ca = 0;          ///< ConfigMaps
    std::uint64_t client_ca = 0, other_client_ca = 0;            ///< the ConfigMap
    std::uint64_t front_proxy_ca = 0, other_front_proxy_ca = 0;  ///< the ConfigMap
    std::uint64_t tokens = 0, other_tokens = 0;                  ///< stored ones

    void take(HostMatches& other) {
        for (auto member :
             {&HostMatches::cluster_ca, &HostMatches::other_cluster_ca, &HostMatches::client_ca,
              &HostMatches::other_client_ca, &HostMatches::front_proxy_ca,
              &HostMatches::other_front_proxy_ca, &HostMatches::tokens, &HostMatches::other_tokens})
            this->*member += other.*member;
        other = {};
    }
};

}  // namespace salvor::verify
