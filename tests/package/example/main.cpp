// The largest value of a snapshot, by salvor's libraries: find_package(salvor), salvor::core.

#include <fmt/core.h>

#include "core/snapshot/snapshot.hpp"
#include "core/timeline/state.hpp"

namespace {

salvor::Result<void> print_largest(const char* path) {
    SALVOR_TRY(const auto snapshot, salvor::Snapshot::open(path));
    const auto& db = snapshot.database();
    if (!db) return std::unexpected(db.error());
    SALVOR_TRY(auto state, salvor::timeline::range(*db, {.key = {}, .range_end = std::string(1, '\0')}));
    salvor::etcd::KeyValue largest;
    for (std::size_t i = 0; i < state.size(); ++i) {
        if (const auto kv = state[i]; kv.value.size() > largest.value.size()) largest = kv;
    }
    fmt::print("revision {}, {} keys, the largest value is {}'s: {} bytes\n", state.revision(),
               state.size(), largest.key, largest.value.size());
    return {};
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    const auto printed = print_largest(argv[1]);
    if (!printed) fmt::print(stderr, "{}\n", printed.error().message);
    return printed ? 0 : 1;
}
