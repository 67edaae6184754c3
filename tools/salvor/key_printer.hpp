#pragma once

#include <cstdint>

#include "core/timeline/state.hpp"
#include "tools/salvor/write_out.hpp"

namespace salvor::tool {

/// How `etcdctl get` shows keys.
struct KeyShape {
    WriteOut write_out = WriteOut::simple;
    bool hex = false;
    bool keys_only = false;
    bool values_only = false;
    bool leases = true;
};

/// What is said beside the keys.
struct KeyAnswer {
    std::int64_t revision;  ///< of the store
    std::uint64_t count;    ///< in the range, shown or not
    std::uint64_t shown;    ///< the first so many are printed
    bool more;              ///< a limit left some out
};

/// To stdout, with the bytes of etcdctl 3.7, but the header holds the revision alone.
/// Source: etcd etcdctl/ctlv3/command/printer{,_simple,_json,_fields}.go
void print_keys(const timeline::State& state, const KeyAnswer& answer, const KeyShape& shape);

}  // namespace salvor::tool
