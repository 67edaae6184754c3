#include "core/upstream/status.hpp"

#include <fmt/format.h>

#include "core/upstream/check.hpp"
#include "core/upstream/cursor.hpp"
#include "core/upstream/live_keys.hpp"
#include "core/upstream/quick_status.hpp"
#include "core/upstream/quote.hpp"
#include "core/upstream/row_value.hpp"
#include "core/upstream/storage_version.hpp"
#include "formats/base/checksum.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/etcd/meta.hpp"
#include "formats/etcd/revision.hpp"

namespace salvor::upstream {
namespace {

constexpr std::size_t trailer_size = 32;
constexpr std::size_t trailer_modulus = 512;
// The trailer's digest runs on one core at about 2 GB/s, the sums on two at ten times that: on a
// large file it would be most of the time, and upstream never reads it. `verify` does, whatever the
// size.
constexpr std::size_t max_size_for_digest = std::size_t{64} << 20;

Error sentence(const Stop& stop) {
    return {ErrorCode::flawed,
            fmt::format("{}; the file is damaged and no status can be told, `salvor verify` lists "
                        "what is wrong",
                        stop.sentence),
            {}};
}

/// The status as upstream works it out, entry after entry, wherever the entries lead.
class ExactStatus {
 public:
    explicit ExactStatus(const Image& image)
        : image_(image), modern_(image.line() >= etcd::Line::v3_6) {}

    Result<Status> run() {
        auto findings = check(image_);
        if (!findings) return std::unexpected(sentence(findings.error()));
        if (!findings->empty()) {
            return fail(ErrorCode::flawed,
                        "snapshot file integrity check failed. {} errors found.\n{}",
                        findings->size(), fmt::join(*findings, "\n"));
        }
        status_.total_size =
            static_cast<std::int64_t>(bbolt::number(image_.meta().high_water) * image_.page_size());
        auto told = read();
        if (!told) return std::unexpected(sentence(told.error()));
        if (!words_.empty()) return fail(ErrorCode::flawed, "{}", words_);
        if (modern_) status_.total_key = live_.count();
        return std::move(status_);
    }

 private:
    Told<void> read() {
        const Bucket root{image_.meta().root, {}};
        if (modern_) SALVOR_CHECK(version(root));
        Cursor cursor(image_, root);
        SALVOR_TRY(auto entry, cursor.first());
        while (entry && words_.empty()) {
            SALVOR_TRY(const Bytes name, image_.read(entry->key));
            SALVOR_TRY(const auto child, child_bucket(image_, root, entry->key));
            if (!child) {
                words_ = modern_ ? fmt::format("nil bucket: {}", quote(name))
                                 : fmt::format("cannot get hash of bucket {}", name);
                break;
            }
            SALVOR_CHECK(bucket(name, *child));
            SALVOR_TRY(entry, cursor.next());
        }
        return {};
    }

    Told<void> version(const Bucket& root) {
        SALVOR_TRY(const auto meta, child_bucket(image_, root, etcd::buckets::meta));
        if (!meta)
            return panics("runtime error: invalid memory address or nil pointer dereference",
                          "there is no bucket meta");
        Cursor cursor(image_, *meta);
        SALVOR_TRY(const auto found, cursor.seek(etcd::meta_keys::storage_version));
        if (!found || found->is_bucket) return {};
        SALVOR_TRY(const Bytes key, image_.read(found->key));
        if (key != etcd::meta_keys::storage_version) return {};
        SALVOR_TRY(const Bytes value, image_.read(found->value));
        status_.version = normal_version(value);
        return {};
    }

    Told<void> bucket(Bytes name, const Bucket& bucket) {
        status_.hash = crc32c(status_.hash, name);
        const bool is_rows = name == etcd::buckets::key;
        Cursor cursor(image_, bucket);
        SALVOR_TRY(auto entry, cursor.first());
        while (entry) {
            SALVOR_TRY(const Bytes key, image_.read(entry->key));
            status_.hash = crc32c(status_.hash, key);
            Bytes value;
            if (!entry->is_bucket) {
                SALVOR_TRY(value, image_.read(entry->value));
            }
            status_.hash = crc32c(status_.hash, value);
            if (is_rows) SALVOR_CHECK(modern_ ? row(key, value) : old_row(key));
            if (!words_.empty()) {
                words_ = fmt::format("error during bucket key iteration, name: {} err: {}",
                                     quote(name), words_);
                return {};
            }
            ++status_.total_key;
            SALVOR_TRY(entry, cursor.next());
        }
        return {};
    }

    Told<void> old_row(Bytes key) {
        if (key.size() < etcd::revision_size) {
            return panics("runtime error: index out of range",
                          fmt::format("a row key of bucket key has {} bytes", key.size()));
        }
        status_.revision = load_be<std::int64_t>(key.data());
        return {};
    }

    Told<void> row(Bytes key, Bytes value) {
        if (const auto flaw = revision_flaw(key); !flaw.empty()) {
            words_ = fmt::format("cannot parse revision key: {} err: {}", quote(key), flaw);
            return {};
        }
        status_.revision = load_be<std::int64_t>(key.data());
        const auto user_key = row_user_key(value, image_.line());
        if (!user_key) {
            words_ = fmt::format("cannot unmarshal value, key: {} value: {} err: {}", quote(key),
                                 quote(value), user_key.error());
            return {};
        }
        const bool tombstone =
            key.size() == etcd::tombstone_size && key[etcd::revision_size] == 't';
        live_.apply(live_.change(*user_key, tombstone));
        return {};
    }

    // etcd server/storage/mvcc/revision.go BytesToBucketKey
    static std::string revision_flaw(Bytes key) {
        if (key.size() != etcd::revision_size && key.size() != etcd::tombstone_size) {
            return fmt::format("invalid revision length: {}", key.size());
        }
        if (key[8] != '_') {
            return fmt::format("invalid separator in bucket key: {}", quote_character(key[8]));
        }
        const auto main = load_be<std::int64_t>(key.data()),
                   sub = load_be<std::int64_t>(key.data() + 9);
        return main < 0 || sub < 0 ? fmt::format("negative revision: main={} sub={}", main, sub)
                                   : std::string{};
    }

    const Image& image_;
    bool modern_;
    Status status_;
    std::string words_;  ///< upstream's error, once there is one
    LiveKeys live_{0};
};

/// Empty where the trailer is right, missing, or the file too large to ask.
std::string trailer_flaw(Bytes file) {
    if (file.size() % trailer_modulus != trailer_size || file.size() > max_size_for_digest)
        return {};
    const Bytes trailer = file.substr(file.size() - trailer_size);
    const auto digest = hex(sha256(file.substr(0, file.size() - trailer_size)));
    if (digest == hex(trailer)) return {};
    return fmt::format(
        "the trailer says sha256 {}, the bytes before it give {}: the file changed after it was "
        "saved",
        hex(trailer), digest);
}

}  // namespace

Result<Status> exact_status(const Image& image) {
    return ExactStatus(image).run();
}

Result<Status> status(const MappedFile& file, etcd::Line line) {
    const Bytes bytes = file.bytes();
    SALVOR_TRY(const auto image, Image::open(bytes, line));
    auto status = quick_status(image, file.fd());
    if (!status) {
        const auto flaw = status.error().message;
        status = exact_status(image);
        if (status && !flaw.empty()) status->flaws.push_back(flaw);
    }
    if (!status) return status;
    if (auto flaw = trailer_flaw(bytes); !flaw.empty()) status->flaws.push_back(std::move(flaw));
    return status;
}

}  // namespace salvor::upstream
