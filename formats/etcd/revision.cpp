#include "formats/etcd/revision.hpp"

#include <fmt/core.h>

namespace salvor::etcd {

std::string to_string(Revision revision) {
    return fmt::format("{}/{}", revision.main, revision.sub);
}

std::array<char, revision_size> encode_revision(Revision revision) {
    std::array<char, revision_size> key{};
    store_be(key.data(), revision.main);
    key[8] = '_';
    store_be(key.data() + 9, revision.sub);
    return key;
}

}  // namespace salvor::etcd
