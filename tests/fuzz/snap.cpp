#include "formats/snap/snap_file.hpp"

// What parses is written and parsed again to the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace salvor;
    const auto snap = snap::parse(Bytes(reinterpret_cast<const char*>(data), size));
    if (!snap || snap->data.empty()) return 0;
    for (const auto line : {etcd::Line::v3_6, etcd::Line::v3_7}) {
        const auto bytes = snap::encode(line, *snap);
        const auto again = snap::parse(bytes);
        if (!again || again->data != snap->data || again->index != snap->index ||
            again->term != snap->term || again->conf_state.voters != snap->conf_state.voters) {
            __builtin_trap();
        }
    }
    return 0;
}
