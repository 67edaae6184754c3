#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>

#include "core/cluster/table/cells.hpp"
#include "core/verify/reference/referrer.hpp"
#include "core/verify/rules.hpp"
#include "formats/kube/fields.hpp"
#include "formats/text/escape.hpp"

namespace salvor::verify {
namespace {

// Source: kubernetes pkg/registry/core/service/ipallocator/{bitmap,ipallocator}.go

constexpr Rule ip_twice{"cluster-ip-twice",
                        Layer::reference,
                        Severity::warning,
                        "no two Services have one cluster IP",
                        "traffic for one of them reaches the other: make one of the Services anew "
                        "after the restore",
                        Subject::cluster};
constexpr Rule ip_outside{
    "cluster-ip-outside",
    Layer::reference,
    Severity::warning,
    "a Service's cluster IP is in a range of the cluster's",
    "either the apiserver was started with another --service-cluster-ip-range "
    "or somebody wrote past it: make the Service anew, or extend the range",
    Subject::cluster};
constexpr Rule ip_unallocated{"cluster-ip-unallocated",
                              Layer::reference,
                              Severity::warning,
                              "each cluster IP is noted as given to its Service",
                              "until the apiserver's repair loop has noted it, minutes after the "
                              "restore, it may be given to a second Service",
                              Subject::cluster};
constexpr Rule ip_leaked{"cluster-ip-leaked",
                         Layer::reference,
                         Severity::note,
                         "each cluster IP that is noted as given has its Service",
                         "the apiserver's repair loop gives it back",
                         Subject::cluster};
constexpr Rule ip_order{"cluster-ip-order",
                        Layer::reference,
                        Severity::warning,
                        "a Service's clusterIP is the first of its clusterIPs",
                        "the apiserver refuses every update of it, and kube-proxy serves one of "
                        "the two alone: make the Service anew after the restore",
                        Subject::cluster};
constexpr Rule api_address{
    "api-address",
    Layer::reference,
    Severity::note,
    "Service default/kubernetes is there, with the first address of a range of the cluster's",
    "the apiserver makes it anew when it starts; pods reach the API by it, and its serving "
    "certificate must name the address",
    Subject::cluster};
constexpr std::array table{ip_twice, ip_outside, ip_unallocated, ip_leaked, ip_order, api_address};

__extension__ using Wide = unsigned __int128;

Wide wide(const Address& address) {
    return static_cast<Wide>(address.bits[0]) << 64 | address.bits[1];
}

constexpr Wide v4_mapped = static_cast<Wide>(0xFFFF) << 32;
constexpr unsigned v4_offset = 96;  ///< bits before an IPv4 address

std::optional<Address> parse_address(Bytes text) {
    const std::string words(text);
    std::array<unsigned char, 16> bytes{};
    if (inet_pton(AF_INET, words.c_str(), bytes.data() + 12) == 1) {
        bytes[10] = bytes[11] = 0xFF;
    } else if (inet_pton(AF_INET6, words.c_str(), bytes.data()) != 1) {
        return {};
    }
    const auto* chars = reinterpret_cast<const char*>(bytes.data());
    return Address{{load_be<std::uint64_t>(chars), load_be<std::uint64_t>(chars + 8)}};
}

std::string words_of(const Address& address) {
    std::array<unsigned char, 16> bytes{};
    for (std::size_t i = 0; i < 16; ++i)
        bytes[i] = static_cast<unsigned char>(address.bits[i / 8] >> (8 * (7 - i % 8)));
    const bool is_v4 = (wide(address) >> 32) == (v4_mapped >> 32);
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(is_v4 ? AF_INET : AF_INET6, bytes.data() + (is_v4 ? 12 : 0), text.data(),
              text.size());
    return text.data();
}

/// "10.96.0.0/12".
struct Range {
    Wide network = 0;
    unsigned bits = 0;  ///< of 128 that are the network's
    bool holds(const Address& address) const {
        return bits == 0 || (wide(address) ^ network) >> (128 - bits) == 0;
    }
};

std::optional<Range> parse_range(Bytes text) {
    const auto slash = text.find('/');
    if (slash == Bytes::npos) return {};
    const auto address = parse_address(text.substr(0, slash));
    unsigned length = 0;
    const auto* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data() + slash + 1, end, length);
    if (!address || parsed.ec != std::errc{} || parsed.ptr != end || length > 128) return {};
    const bool is_v4 = text.find(':') == Bytes::npos;
    if (is_v4) length += v4_offset;
    return length > 128 ? std::nullopt : std::optional(Range{wide(*address), length});
}

std::uint64_t hash_of(Bytes namespace_name, Bytes name) {
    std::string both(namespace_name);
    return std::hash<std::string_view>{}(both.append("/").append(name));
}

/// Bit `offset` of an unsigned big-endian integer.
bool is_set(Bytes bits, Wide offset) {
    const auto byte = offset / 8;
    if (byte >= bits.size()) return false;
    const auto at = static_cast<unsigned char>(bits[bits.size() - 1 - static_cast<size_t>(byte)]);
    return (at >> static_cast<unsigned>(offset % 8) & 1) != 0;
}

class Judge {
 public:
    Judge(const Tallies& tallies, const Scope& scope, Collector& findings)
        : tallies_(tallies), scope_(scope), findings_(findings), used_(tallies.service_addresses) {
        std::sort(used_.begin(), used_.end());
    }

    void twice() {
        for (std::size_t i = 1; i < used_.size(); ++i) {
            const auto& before = used_[i - 1];
            const auto& use = used_[i];
            if (use.address != before.address || use.service == before.service) continue;
            const auto [older, newer] = scope_.by_age(before.position, use.position);
            say(ip_twice, newer,
                fmt::format("{} is the cluster IP of {}, too", words_of(use.address),
                            scope_.definitions().at(older).words()));
        }
    }

    void outside() {
        const auto ranges = all_ranges();
        if (ranges.empty()) return;
        for (const auto& use : used_) {
            if (std::any_of(ranges.begin(), ranges.end(),
                            [&](const Range& range) { return range.holds(use.address); }))
                continue;
            say(ip_outside, use.position,
                fmt::format("cluster IP {} is in no range of services, such as {}",
                            words_of(use.address), first_range()));
        }
    }

    /// How pods reach the apiserver.
    void api() {
        Lookup lookup(scope_);
        const auto found = lookup.find("services/specs", "default", "kubernetes");
        if (!found) {
            if (!used_.empty())
                findings_.add(api_address, {}, "Service default/kubernetes is not there");
            return;
        }
        const auto text = kube::bytes_at(lookup.message_of(found), {2 /* spec */, 3});
        const auto address = parse_address(text);
        const auto ranges = all_ranges();
        if (!address || ranges.empty() ||
            std::any_of(ranges.begin(), ranges.end(),
                        [&](const Range& range) { return wide(*address) == range.network + 1; }))
            return;
        say(api_address, found.position,
            fmt::format("{} is the first address of no range of services, such as {}",
                        text::escape(text), first_range()));
    }

    /// From 1.33 on each address is an object, and from 1.34 on the bits are no longer kept.
    void allocation() {
        if (!tallies_.address_objects.empty()) return by_objects();
        for (const auto& allocation : tallies_.address_allocations) by_bits(allocation);
    }

 private:
    void say(const Rule& rule, timeline::RowPosition position, std::string message) {
        const auto object = scope_.definitions().at(position);
        findings_.add(rule, object.place(), fmt::format("{}: {}", object.words(), message));
    }
    std::vector<Range> all_ranges() const {
        std::vector<Range> ranges;
        const auto take = [&](const std::string& text) {
            if (const auto range = parse_range(text)) ranges.push_back(*range);
        };
        for (const auto& text : tallies_.service_ranges) take(text);
        for (const auto& allocation : tallies_.address_allocations) take(allocation.range);
        return ranges;
    }
    std::string first_range() const {
        return text::escape(tallies_.service_ranges.empty()
                                ? tallies_.address_allocations.front().range
                                : tallies_.service_ranges.front());
    }
    static bool holds(const std::vector<AddressUse>& sorted, const AddressUse& use) {
        const auto found = std::lower_bound(sorted.begin(), sorted.end(),
                                            AddressUse{use.address, use.service, {}});
        return found != sorted.end() && found->address == use.address &&
               found->service == use.service;
    }

    void by_objects() {
        auto objects = tallies_.address_objects;
        std::sort(objects.begin(), objects.end());
        for (const auto& use : used_) {
            if (holds(objects, use)) continue;
            say(ip_unallocated, use.position,
                fmt::format("no IPAddress {} names it", words_of(use.address)));
        }
        for (const auto& object : objects) {
            if (holds(used_, object)) continue;
            say(ip_leaked, object.position, "the Service that it names has no such cluster IP");
        }
    }

    void by_bits(const Allocation& allocation) {
        const auto range = parse_range(allocation.range);
        if (!range) return;
        std::vector<Wide> offsets;
        for (const auto& use : used_) {
            if (!range->holds(use.address)) continue;
            const auto offset = wide(use.address) - range->network - 1;
            offsets.push_back(offset);
            if (is_set(allocation.bits, offset)) continue;
            say(ip_unallocated, use.position,
                fmt::format("{} is free in the bits of {}", words_of(use.address),
                            text::escape(allocation.range)));
        }
        std::sort(offsets.begin(), offsets.end());
        for (Wide offset = 0; offset < allocation.bits.size() * 8; ++offset) {
            if (!is_set(allocation.bits, offset) ||
                std::binary_search(offsets.begin(), offsets.end(), offset))
                continue;
            const auto address = range->network + 1 + offset;
            say(ip_leaked, allocation.position,
                fmt::format("{} is taken, and no Service has it",
                            words_of(Address{{static_cast<std::uint64_t>(address >> 64),
                                              static_cast<std::uint64_t>(address)}})));
        }
    }

    const Tallies& tallies_;
    const Scope& scope_;
    Collector& findings_;
    std::vector<AddressUse> used_;
};

}  // namespace

RuleRows address_rules() {
    return table;
}

void check_service(const Referrer& referrer) {
    kube::Document document;
    const auto service = referrer.tree(document);
    const auto type = table::string_at(service, "spec.type");
    note_ports(referrer, service, type);
    if (type == "ExternalName") return;
    std::vector<std::string_view> addresses;
    for (const auto& each : table::items_at(service, "spec.clusterIPs"))
        addresses.push_back(each.string);
    const auto first = table::string_at(service, "spec.clusterIP");
    if (!addresses.empty() && addresses.front() != first) {
        referrer.say(ip_order, [&] {
            return fmt::format("its clusterIP is {}, the first of its clusterIPs {}",
                               text::escape(first), text::escape(addresses.front()));
        });
    }
    // Up to 1.19 there was but the one.
    if (addresses.empty()) addresses.push_back(first);
    for (const auto text : addresses) {
        if (const auto address = parse_address(text)) {
            referrer.tallies.service_addresses.push_back(
                {*address, hash_of(referrer.namespace_name(), referrer.name()),
                 referrer.object.position});
        }
    }
}

void check_ip_address(const Referrer& referrer) {
    // IPAddressSpec.parentRef: group, resource, namespace, name
    const auto parent = kube::bytes_at(referrer.message(), {2, 1});
    const auto address = parse_address(referrer.name());
    if (!address || kube::bytes_at(parent, {2}) != "services") return;
    referrer.tallies.address_objects.push_back(
        {*address, hash_of(kube::bytes_at(parent, {3}), kube::bytes_at(parent, {4})),
         referrer.object.position});
}

void check_service_cidr(const Referrer& referrer) {
    kube::each_field(kube::bytes_at(referrer.message(), {2}), 1, [&](const auto& cidr) {
        referrer.tallies.service_ranges.emplace_back(cidr.bytes);
    });
}

void check_range(const Referrer& referrer) {
    const bool is_ports = referrer.object.key.type->key_prefix == "ranges/servicenodeports";
    auto& allocations =
        is_ports ? referrer.tallies.port_allocations : referrer.tallies.address_allocations;
    allocations.push_back({std::string(kube::bytes_at(referrer.message(), {2})),
                           std::string(kube::bytes_at(referrer.message(), {3})),
                           referrer.object.position});
}

void report_addresses(const Tallies& tallies, const Scope& scope, Collector& findings) {
    Judge judge(tallies, scope, findings);
    judge.twice();
    judge.outside();
    judge.allocation();
    judge.api();
}

}  // namespace salvor::verify
