#include "core/verify/reference/tallies.hpp"

#include <iterator>

namespace salvor::verify {
namespace {

template <class List>
void append(List& to, List& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
    from.clear();
}

}  // namespace

void Tallies::take(Tallies& other) {
    append(service_addresses, other.service_addresses);
    append(address_objects, other.address_objects);
    append(node_ports, other.node_ports);
    append(service_ranges, other.service_ranges);
    append(address_allocations, other.address_allocations);
    append(port_allocations, other.port_allocations);
    host.take(other.host);
    append(budgets, other.budgets);
    append(pods, other.pods);
    defined.merge(other.defined);
    other.defined.clear();
    for (const auto& [version, found] : other.stored) {
        const auto [known, is_new] = stored.try_emplace(version, found);
        if (!is_new) known->second.objects += found.objects;
    }
    other.stored.clear();
}

}  // namespace salvor::verify
