#include "core/replay/delta_store.hpp"

#include <algorithm>
#include <tuple>

#include "formats/base/checksum.hpp"
#include "formats/envelope/peel.hpp"
#include "formats/gardener/lzw.hpp"

namespace salvor::replay {
namespace fs = std::filesystem;
namespace {

void take_files(const fs::path& folder, std::vector<DeltaFile>& files) {
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        std::error_code unknown;
        const auto name = gardener::parse_name(at->path().filename().string());
        if (name && at->is_regular_file(unknown)) files.push_back({at->path(), *name});
    }
}

/// Layout v2 is flat, v1 has a folder for each full snapshot.
std::vector<DeltaFile> files_of(const fs::path& folder) {
    std::vector<DeltaFile> files;
    take_files(folder, files);
    take_files(folder / "v2", files);
    std::error_code error;
    for (const auto& above : {folder, folder / "v1"}) {
        for (fs::directory_iterator at(above, error), end; !error && at != end;
             at.increment(error)) {
            if (at->path().filename().string().starts_with("Backup-"))
                take_files(at->path(), files);
        }
        error.clear();
    }
    return files;
}

auto place(const DeltaFile& file) {
    return std::tuple(file.name.last, file.name.taken_at);
}

Result<void> take_deltas(const std::vector<DeltaFile>& files, DeltaStore& store) {
    auto reached = store.full.name.last;
    for (const auto& file : files) {
        if (file.name.kind != gardener::Name::Kind::delta || file.name.last <= reached) continue;
        if (file.name.first > reached + 1) {
            return fail(ErrorCode::flawed,
                        "{}: revisions {} to {} are in none of its files, and {} begins behind "
                        "them: a delta is missing. With it and what comes after it in another "
                        "folder, the state up to revision {} can be had",
                        store.folder.string(), reached + 1, file.name.first - 1,
                        file.path.filename().string(), reached);
        }
        store.deltas.push_back(file);
        reached = file.name.last;
    }
    return {};
}

envelope::StreamPtr stream_of(const DeltaFile& file, Bytes bytes) {
    auto packed = envelope::stream_of(bytes);
    switch (file.name.packing) {
        case gardener::Name::Packing::gzip:
            return envelope::decompress(envelope::Form::gzip, std::move(packed));
        case gardener::Name::Packing::zlib:
            return envelope::decompress(envelope::Form::zlib, std::move(packed));
        case gardener::Name::Packing::lzw: return gardener::unlzw(std::move(packed));
        case gardener::Name::Packing::none: break;
    }
    return packed;
}

}  // namespace

Result<std::optional<DeltaStore>> find_delta_store(const fs::path& folder) {
    auto files = files_of(folder);
    std::ranges::sort(files, {}, place);
    DeltaStore store{folder, {}, {}};
    for (const auto& file : files) {
        if (file.name.kind == gardener::Name::Kind::full) store.full = file;
    }
    if (store.full.path.empty()) return std::nullopt;
    SALVOR_CHECK(take_deltas(files, store));
    return store;
}

Result<MappedFile> unpacked(const DeltaFile& file, const envelope::SpillPlaces& places) {
    SALVOR_TRY(const auto packed, MappedFile::open(file.path));
    if (file.name.packing == gardener::Name::Packing::none) return packed;
    const auto stream = stream_of(file, packed.bytes());
    auto plain = envelope::spill(*stream, places, file.path, packed.modified_ns());
    if (plain) return plain;
    return fail(plain.error().code, "{}: {}", file.path.string(), plain.error().message);
}

Result<Snapshot> open_full(const DeltaFile& file, const envelope::SpillPlaces& places) {
    envelope::Opening opening;
    opening.places = places;
    auto path = file.path;
    std::optional<MappedFile> plain;  // by whose descriptor it is opened
    if (file.name.packing == gardener::Name::Packing::lzw) {
        SALVOR_TRY(plain, unpacked(file, places));
        path = fmt::format("/proc/self/fd/{}", plain->fd());
    }
    SALVOR_TRY(auto full, Snapshot::open(path, Snapshot::Lock::ignore_held, opening));
    if (!full.database()) return std::unexpected(full.database().error());
    if (full.trailer() && hex(sha256(full.image())) != hex(*full.trailer())) {
        return fail(ErrorCode::flawed, "{}: the digest behind the snapshot is wrong",
                    file.path.filename().string());
    }
    return full;
}

}  // namespace salvor::replay
