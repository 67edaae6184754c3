#include "core/rewrite/rewrite.hpp"

namespace salvor::rewrite {
namespace {

Bytes view(const Sha256Digest& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::vector<std::string> taken_off(const Snapshot& source) {
    std::vector<std::string> said;
    if (!source.layers().empty()) said.push_back("taken out of " + words(source.layers()));
    const auto& directory = source.data_directory();
    if (directory && !directory->wal_files.empty()) {
        said.push_back(fmt::format(
            "the db of a data directory: what its log of {} files has beyond it is not applied "
            "(salvor replay does)",
            directory->wal_files.size()));
    }
    return said;
}

}  // namespace

Result<std::string> judge_trailer(const Snapshot& source, const Sha256Digest& digest,
                                  verify::Flaws flaws) {
    if (!source.trailer()) return "it had no trailer with a digest: one is added";
    if (*source.trailer() == view(digest)) return std::string();
    const auto words = fmt::format("its trailer has the digest {}, its bytes have {}",
                                   hex(*source.trailer()), hex(digest));
    if (flaws == verify::Flaws::told)
        return words + ": the new one is of its bytes, whatever changed them";
    return fail(
        ErrorCode::flawed,
        "{}: {}: they were changed since the snapshot was taken, so nothing was made; --force "
        "makes it of these bytes all the same",
        source.path().string(), words);
}

Result<Changed> open(const Snapshot& source, verify::Flaws flaws, const std::filesystem::path& to) {
    if (!source.database()) return std::unexpected(source.database().error());
    const auto image = source.image();
    Changed said{{{}, source.file().bytes().size(), 0, 0}, taken_off(source)};
    const auto write = [&](FileWriter& out) {
        return out.copy_from(source.file().fd(), 0, image.size());
    };
    const auto judge = [&](const Sha256Digest& digest) -> Result<void> {
        SALVOR_TRY(auto trailer, judge_trailer(source, digest, flaws));
        if (!trailer.empty()) said.changes.push_back(std::move(trailer));
        return {};
    };
    SALVOR_TRY(said.rewritten.made, verify::make_snapshot(to, "the snapshot", write, flaws, judge));
    return said;
}

}  // namespace salvor::rewrite
