#pragma once

#include <catch2/catch.hpp>
#include <list>
#include <protozero/pbf_writer.hpp>

#include "core/replay/applier.hpp"
#include "formats/etcd/buckets.hpp"
#include "tests/formats/bbolt/contents.hpp"

namespace salvor::replay {

/// A message, field by field.
class Message {
 public:
    Message& text(std::uint32_t field, Bytes value) {
        return protozero::pbf_writer(bytes_).add_bytes(field, value.data(), value.size()), *this;
    }
    Message& number(std::uint32_t field, std::int64_t value) {
        return protozero::pbf_writer(bytes_).add_int64(field, value), *this;
    }
    Message& part(std::uint32_t field, const Message& value) { return text(field, value.bytes_); }
    const std::string& bytes() const { return bytes_; }

 private:
    std::string bytes_;
};

inline Message put(Bytes key, Bytes value, std::int64_t lease = 0) {
    return Message().text(1, key).text(2, value).number(3, lease);
}

/// A small db, and entries that are applied to it one after another.
class SmallStore {
 public:
    explicit SmallStore(bbolt::Contents contents = {}, etcd::Line line = etcd::Line::v3_6)
        : image_(bbolt::dense(with_all_buckets(std::move(contents)), 4096)),
          db_(*bbolt::Database::open(image_)),
          applier_(*Applier::over(db_, line)) {}

    /// An InternalRaftRequest with this request in that field, as `user` with that auth revision.
    void apply(std::uint32_t field, const Message& request, Bytes user = {},
               std::int64_t auth_revision = 0) {
        Message all;
        if (!user.empty()) all.part(100, Message().text(2, user).number(3, auth_revision));
        all.part(field, request);
        entries_.push_back(all.bytes());
        const wal::Entry entry{wal::Entry::Type::normal, 2, ++index_, entries_.back(), 0, 0};
        const auto applied = applier_->apply(entry);
        INFO((applied ? "" : applied.error().message));
        REQUIRE(applied);
    }

    /// "value@create.mod.version", or "-" where the key is not live.
    std::string live(Bytes key) const {
        const auto kv = applier_->keys().live(key);
        return kv ? fmt::format("{}@{}.{}.{}", kv->value, kv->create_revision, kv->mod_revision,
                                kv->version)
                  : "-";
    }
    std::size_t refused(const std::string& why) const {
        const auto found = applier_->tally().refusals.find(why);
        return found == applier_->tally().refusals.end() ? 0 : found->second;
    }
    std::int64_t revision() const { return applier_->keys().revision(); }
    const Applier& applier() const { return *applier_; }

 private:
    static bbolt::Contents with_all_buckets(bbolt::Contents contents) {
        for (const auto bucket : etcd::buckets::all) contents[std::string(bucket)];
        return contents;
    }
    std::string image_;
    bbolt::Database db_;
    std::unique_ptr<Applier> applier_;
    std::list<std::string> entries_;
    std::uint64_t index_ = 0;
};

}  // namespace salvor::replay
