#pragma once

#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "formats/bbolt/database.hpp"
#include "formats/bbolt/writer.hpp"
#include "formats/etcd/key_value.hpp"
#include "formats/etcd/meta.hpp"
#include "formats/etcd/revision.hpp"

namespace salvor {

/// A database in memory, made of what was written to it, a revision each, from 2 on.
class SmallSnapshot {
 public:
    struct Write {
        std::string key;
        std::optional<std::string> value;  ///< nullopt: deleted
    };
    explicit SmallSnapshot(const std::vector<Write>& writes) {
        bbolt::DenseWriter writer(
            [&](std::uint64_t offset, Bytes bytes) -> Result<void> {
                image_.resize(std::max<std::size_t>(image_.size(), offset + bytes.size()));
                image_.replace(offset, bytes.size(), bytes);
                return {};
            },
            4096);
        require(writer.begin_bucket("key"));
        for (const auto& write : writes) put(writer, write);
        require(writer.begin_bucket("lease"));
        require(writer.begin_bucket("meta"));
        require(writer.put("consistent_index", etcd::encode_u64(100)));
        require(writer.finish(bbolt::TxId{5}));
        auto opened = bbolt::Database::open(image_);
        require(opened);
        db_.emplace(std::move(*opened));
    }
    const bbolt::Database& db() const { return *db_; }

 private:
    struct Life {
        std::int64_t created = 0, version = 0;
    };
    template <class Outcome>
    static void require(const Outcome& outcome) {
        if (!outcome.has_value()) std::abort();
    }

    void put(bbolt::DenseWriter& writer, const Write& write) {
        const auto main = ++head_;
        const auto revision = etcd::encode_revision({main, 0});
        std::string row(revision.data(), revision.size());
        auto& life = lives_[write.key];
        if (!write.value) {
            life = {};
            require(writer.put(row + "t", etcd::encode_key_value({write.key, 0, 0, 0, {}, 0})));
            return;
        }
        if (life.version++ == 0) life.created = main;
        require(writer.put(row, etcd::encode_key_value({write.key, life.created, main, life.version,
                                                        *write.value, 0})));
    }

    std::string image_;
    std::optional<bbolt::Database> db_;
    std::map<std::string, Life> lives_;
    std::int64_t head_ = 1;
};

/// A Kubernetes object as JSON; `rest`: members behind its metadata.
inline std::string small_object(const std::string& api_version, const std::string& kind,
                                const std::string& name, const std::string& namespace_name = {},
                                const std::string& rest = {}) {
    return R"({"apiVersion":")" + api_version + R"(","kind":")" + kind +
           R"(","metadata":{"name":")" + name + '"' +
           (namespace_name.empty() ? "" : R"(,"namespace":")" + namespace_name + '"') +
           R"(,"uid":"uid-of-)" + name + R"(","creationTimestamp":"2026-01-01T00:00:00Z"})" +
           (rest.empty() ? "" : "," + rest) + "}";
}

}  // namespace salvor
