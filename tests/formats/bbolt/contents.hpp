#pragma once

#include <catch2/catch.hpp>

#include <map>
#include <string>

#include "formats/bbolt/check.hpp"
#include "formats/bbolt/tree.hpp"
#include "formats/bbolt/writer.hpp"

namespace salvor::bbolt {

/// What a database should hold: bucket path -> key -> value.
using Contents = std::map<std::string, std::map<std::string, std::string>>;

/// Reads everything back through the check, which must find nothing.
inline Contents sound_contents(const Database& db) {
    Contents found;
    const auto structure = check(
        db, [](const Problem& problem) { FAIL(problem.check << ": " << problem.message); },
        [&](const CheckedLeaf& leaf) {
            for (std::size_t i = 0; i < leaf.page.count(); ++i) {
                const auto entry = leaf.page.leaf(i);
                if (!entry.is_bucket) found[leaf.bucket][std::string(entry.key)] = entry.value;
            }
        });
    for (const auto& shape : structure.buckets) {
        if (!shape.name.empty()) found[shape.name];
    }
    REQUIRE(structure.complete);
    return found;
}

/// A file in memory, written at offsets.
struct MemoryFile {
    std::string bytes;
    Result<void> write_at(std::uint64_t offset, Bytes what) {
        if (bytes.size() < offset + what.size()) bytes.resize(offset + what.size());
        bytes.replace(offset, what.size(), what);
        return {};
    }
    DenseWriter::WriteAt sink() {
        return [this](std::uint64_t offset, Bytes what) { return write_at(offset, what); };
    }
};

/// Carries an Edit out on the image, as a caller does with a file.
inline void carry_out(const Edit& edit, std::string& image, std::size_t page_size) {
    MemoryFile file{std::move(image)};
    for (const auto* part : {&edit.pages, &edit.metas}) {
        for (const auto& write : *part) {
            REQUIRE(file.write_at(number(write.id) * page_size, write.bytes));
        }
    }
    image = std::move(file.bytes);
    REQUIRE(image.size() == edit.file_size);
}

/// `contents` (top-level buckets alone) as a new file.
inline std::string dense(const Contents& contents, std::size_t page_size, std::uint64_t txid = 7) {
    MemoryFile file;
    DenseWriter writer(file.sink(), page_size);
    for (const auto& [bucket, keys] : contents) {
        REQUIRE(writer.begin_bucket(bucket));
        for (const auto& [key, value] : keys) REQUIRE(writer.put(key, value));
    }
    REQUIRE(writer.finish(TxId{txid}));
    return file.bytes;
}

}  // namespace salvor::bbolt
