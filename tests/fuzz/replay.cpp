#include <list>

#include "core/replay/applier.hpp"
#include "formats/bbolt/writer.hpp"
#include "formats/etcd/buckets.hpp"

// What a log's entries do to a store: the input is entries, a byte of type and two of length before
// each. Whatever they are, the store stays possible: rows in order, live keys in order, no revision
// beyond the head.

namespace {

using namespace salvor;

void require(bool holds) {
    if (!holds) __builtin_trap();
}

std::string empty_db() {
    std::string image;
    bbolt::DenseWriter writer(
        [&](std::uint64_t offset, Bytes bytes) -> Result<void> {
            image.resize(std::max<std::size_t>(image.size(), offset + bytes.size()));
            image.replace(offset, bytes.size(), bytes);
            return {};
        },
        4096);
    for (const auto bucket : etcd::buckets::all) require(writer.begin_bucket(bucket).has_value());
    require(writer.finish(bbolt::TxId{3}).has_value());
    return image;
}

void look_at(const replay::Keyspace& keys) {
    const auto& rows = keys.rows();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto& row = rows[i];
        require(row.row_key.revision.main <= keys.revision());
        require(i == 0 || rows[i - 1].row_key.revision < row.row_key.revision);
        require(row.row_key.tombstone || row.kv.version >= 1);
    }
    std::optional<Bytes> before;
    keys.for_each_live({"", Bytes("\0", 1)}, [&](const etcd::KeyValue& kv) {
        require(!before || *before < kv.key);
        before = kv.key;
        return true;
    });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::string image = empty_db();
    static const auto db = *bbolt::Database::open(image);
    Bytes input(reinterpret_cast<const char*>(data), size);
    if (input.empty()) return 0;
    const auto line = static_cast<etcd::Line>(4 + (input[0] & 3));
    const auto applier = *replay::Applier::over(db, line);
    input.remove_prefix(1);
    for (std::uint64_t index = 1; input.size() >= 3; ++index) {
        const auto type = static_cast<wal::Entry::Type>(static_cast<unsigned char>(input[0]) % 3);
        const auto length = load_be<std::uint16_t>(input.data() + 1);
        const auto entry = input.substr(3, length);
        input.remove_prefix(3 + entry.size());
        const auto applied = applier->apply({type, 1, index, entry, 0, 0});
        if (!applied) require(!applied.error().message.empty());
    }
    look_at(applier->keys());
    return 0;
}
