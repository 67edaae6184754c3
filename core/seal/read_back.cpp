#include "core/seal/read_back.hpp"

#include <fcntl.h>

#include <future>

#include "formats/base/checksum.hpp"
#include "formats/base/mapped_file.hpp"
#include "formats/envelope/age/age.hpp"
#include "formats/envelope/decompress.hpp"

namespace salvor::seal {
namespace {

std::unexpected<Error> differs(const std::filesystem::path& path, const std::string& how) {
    return fail(ErrorCode::refused,
                "{}: what was written does not come back from the disk ({}), so it was removed: "
                "the disk or the memory is not sound",
                path.string(), how);
}

/// What is inside, and the last frame behind it.
struct Inside {
    Bytes256 snapshot;
    std::string manifest;
};

Result<Inside> open(Bytes file, const std::string& file_key, std::uint64_t expected,
                    const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
    Inside inside;
    SALVOR_TRY(auto plain, envelope::age::decrypt_by_file_key(envelope::stream_of(file), file_key));
    const auto stream =
        envelope::decompress(envelope::Form::zstd, std::move(plain),
                             [&](envelope::Skippable frame) { inside.manifest = frame.content; });
    Sha256 digest;
    for (;;) {
        SALVOR_TRY(const auto bytes, stream->next());
        if (bytes.empty()) break;
        digest.update(bytes);
        inside.snapshot.size += bytes.size();
        if (progress) progress(expected + inside.snapshot.size, 2 * expected);
    }
    inside.snapshot.sha256 = hex(digest.finish());
    return inside;
}

}  // namespace

Result<void> read_back(const std::filesystem::path& path, const std::string& file_key,
                       const Bytes256& written, const Manifest& manifest,
                       const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
    SALVOR_TRY(const auto file, MappedFile::open(path));
    ::posix_fadvise(file.fd(), 0, 0, POSIX_FADV_DONTNEED);
    auto digest = std::async(std::launch::async, [&] { return hex(sha256(file.bytes())); });
    const auto inside = open(file.bytes(), file_key, manifest.snapshot.size, progress);
    const bool same = Bytes256{file.bytes().size(), digest.get()} == written;
    SALVOR_CHECK(file.intact());
    if (!inside) return differs(path, inside.error().message);
    if (!same) return differs(path, "its digest is another");
    if (inside->snapshot != manifest.snapshot) return differs(path, "the snapshot is another");
    if (inside->manifest != to_json(manifest)) return differs(path, "the manifest is another");
    return {};
}

}  // namespace salvor::seal
