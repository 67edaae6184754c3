#include "core/seal/seal.hpp"

#include <algorithm>

#include "core/seal/read_back.hpp"
#include "core/verify/verify.hpp"
#include "formats/base/staged_file.hpp"
#include "formats/envelope/age/encrypt.hpp"
#include "formats/envelope/compress.hpp"
#include "formats/text/time.hpp"

namespace salvor::seal {
namespace {

constexpr std::size_t piece = 4 << 20;

/// Counts and digests what goes through.
class Counted {
 public:
    void add(Bytes bytes) {
        size_ += bytes.size();
        digest_.update(bytes);
    }
    Bytes256 finish() { return {size_, hex(digest_.finish())}; }

 private:
    std::uint64_t size_ = 0;
    Sha256 digest_;
};

Result<std::string> verdict(const Snapshot& source, const Request& request) {
    const auto report = verify::run(source, verify::backup_checks());
    if (report.backup == verify::BackupVerdict::sound) return "sound";
    if (request.flaws == verify::Flaws::told) return "flawed";
    const auto first = std::ranges::find_if(report.findings, verify::speaks_against_backup);
    return fail(ErrorCode::flawed,
                "{} is not sound, so it was not sealed: {}: {}; `salvor verify` says where, "
                "--force seals it all the same",
                source.path().string(), first->rule, first->message);
}

/// zstd within age within a file, from the snapshot's bytes on.
class Writer {
 public:
    Writer(FileWriter& out, const Request& request) : out_(out), request_(request) {}

    /// Fills in the manifest's digests. Gives the file's own.
    Result<Bytes256> write(Bytes snapshot, Manifest& manifest);
    const std::string& file_key() const { return file_key_; }

 private:
    Result<void> compress(Bytes snapshot, envelope::Compression& zstd, Counted& plain);

    FileWriter& out_;
    const Request& request_;
    std::string file_key_;
};

Result<Bytes256> Writer::write(Bytes snapshot, Manifest& manifest) {
    Counted plain, packed, sealed;
    SALVOR_TRY(auto age, envelope::age::Encryption::begin(request_.recipients,
                                                          [&](Bytes bytes) -> Result<void> {
                                                              sealed.add(bytes);
                                                              return out_.write(bytes);
                                                          }));
    file_key_ = age.file_key();
    bool in_frame = true;
    SALVOR_TRY(auto zstd, envelope::Compression::begin(request_.level, [&](Bytes bytes) {
                   if (in_frame) packed.add(bytes);
                   return age.write(bytes);
               }));
    SALVOR_CHECK(compress(snapshot, zstd, plain));
    in_frame = false;
    manifest.snapshot = plain.finish();
    manifest.zstd = packed.finish();
    SALVOR_CHECK(zstd.skippable(to_json(manifest)));
    SALVOR_CHECK(age.finish());
    return sealed.finish();
}

Result<void> Writer::compress(Bytes snapshot, envelope::Compression& zstd, Counted& plain) {
    for (std::size_t at = 0; at < snapshot.size(); at += piece) {
        const auto bytes = snapshot.substr(at, piece);
        plain.add(bytes);
        SALVOR_CHECK(zstd.write(bytes));
        if (request_.progress) request_.progress(at + bytes.size(), 2 * snapshot.size());
    }
    return zstd.finish();
}

Result<void> write_receipt(const Sealed& sealed, const Request& request, StagedFile& file) {
    SALVOR_TRY(const auto text, to_json(Receipt{sealed.file, sealed.manifest, {}}, request.key));
    SALVOR_CHECK(file.writer().write(text));
    return file.writer().close();
}

}  // namespace

Result<Sealed> seal(const Snapshot& source, const Request& request) {
    SALVOR_TRY(auto staged, StagedFile::create(request.to));
    std::optional<StagedFile> receipt;
    if (request.receipt) {
        SALVOR_TRY(receipt, StagedFile::create(*request.receipt));
    }
    Sealed sealed;
    SALVOR_TRY(const auto judged, verdict(source, request));
    SALVOR_TRY(const auto info, info::gather(source));
    sealed.manifest = manifest_of(info);
    sealed.manifest.backup = judged;
    sealed.manifest.made_by = request.made_by;
    sealed.manifest.sealed_at = text::rfc3339(request.now);
    Writer writer(staged.writer(), request);
    SALVOR_TRY(sealed.file, writer.write(source.file().bytes(), sealed.manifest));
    SALVOR_CHECK(source.file().intact());
    SALVOR_CHECK(staged.writer().close());
    SALVOR_CHECK(read_back(staged.path(), writer.file_key(), sealed.file, sealed.manifest,
                           request.progress));
    if (receipt) SALVOR_CHECK(write_receipt(sealed, request, *receipt));
    SALVOR_CHECK(staged.commit());
    const auto placed = receipt ? receipt->commit() : Result<void>();
    if (placed) return sealed;
    // Without its receipt it is not what was asked for.
    std::error_code error;
    std::filesystem::remove(request.to, error);
    return std::unexpected(placed.error());
}

}  // namespace salvor::seal
