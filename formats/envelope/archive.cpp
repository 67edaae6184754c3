#include "formats/envelope/archive.hpp"

#include <archive_entry.h>

#include "formats/envelope/decompress.hpp"

namespace salvor::envelope {
namespace {

// APPNOTE.TXT 4.3.16: the end of a zip, and the comment of up to 64 KiB that may follow it.
constexpr Bytes zip_end = "PK\x05\x06";
constexpr std::size_t zip_end_size = 22, zip_comment_size_at = 20;
/// More than that, and than libarchive reads ahead.
constexpr std::size_t kept = 1 << 20;

/// Keeps the last bytes that passed.
class Tailed final : public Stream {
 public:
    Tailed(StreamPtr below, std::string& tail) : below_(std::move(below)), tail_(&tail) {}

 private:
    Result<Bytes> make() override {
        SALVOR_TRY(const auto bytes, below_->next());
        tail_->append(bytes.substr(bytes.size() - std::min(bytes.size(), kept)));
        if (tail_->size() > 2 * kept) tail_->erase(0, tail_->size() - kept);
        return bytes;
    }

    StreamPtr below_;
    std::string* tail_;
};

class Content final : public Stream {
 public:
    Content(Libarchive& reader, const std::string& what) : reader_(&reader), what_(&what) {}

 private:
    Result<Bytes> make() override {
        const void* data = nullptr;
        std::size_t size = 0;
        la_int64_t offset = 0;
        for (;;) {
            // A hole in a sparse entry comes as an offset beyond what was given.
            if (const auto zeros = hole(); !zeros.empty()) return zeros;
            if (held_) return *std::exchange(held_, std::nullopt);
            const auto result = ::archive_read_data_block(reader_->get(), &data, &size, &offset);
            if (result == ARCHIVE_EOF) return Bytes{};
            if (result != ARCHIVE_OK) return reader_->error(what_->c_str());
            if (size == 0) continue;
            held_ = Bytes(static_cast<const char*>(data), size);
            held_at_ = static_cast<std::uint64_t>(offset);
        }
    }
    Bytes hole() const {
        static constexpr std::size_t most = 64 << 10;
        static const std::string zeros(most, '\0');
        if (!held_ || held_at_ <= given()) return {};
        return Bytes(zeros).substr(0, std::min<std::uint64_t>(most, held_at_ - given()));
    }
    Libarchive* reader_;
    const std::string* what_;
    std::optional<Bytes> held_;
    std::uint64_t held_at_ = 0;
};

bool has_zip_end(Bytes tail) {
    for (auto at = tail.rfind(zip_end); at != Bytes::npos; at = tail.rfind(zip_end, at - 1)) {
        const auto end = tail.substr(at);
        if (end.size() >= zip_end_size &&
            end.size() == zip_end_size + load_le<std::uint16_t>(end.data() + zip_comment_size_at))
            return true;
        if (at == 0) break;
    }
    return false;
}

}  // namespace

Archive::Archive(Form form, StreamPtr packed)
    : form_(form), what_(name(form)), reader_(std::make_unique<Tailed>(std::move(packed), tail_)) {}

Result<void> Archive::open() {
    opened_ = true;
    auto* archive = reader_.get();
    if (form_ == Form::zip) {
        ::archive_read_support_format_zip_streamable(archive);
    } else {
        ::archive_read_support_format_tar(archive);
    }
    if (reader_.open() != ARCHIVE_OK) return reader_.error(what_.c_str());
    return {};
}

Result<std::optional<Archive::Entry>> Archive::next() {
    if (!opened_) SALVOR_CHECK(open());
    std::optional<Entry> found;
    ::archive_entry* entry = nullptr;
    const int result = ::archive_read_next_header(reader_.get(), &entry);
    if (result == ARCHIVE_EOF) {
        SALVOR_CHECK(check_end());
        return found;
    }
    // A warning is about a name or an attribute, of which nothing is made here.
    if (result != ARCHIVE_OK && result != ARCHIVE_WARN) return reader_.error(what_.c_str());
    if (++entries_ > most_entries) {
        return fail(ErrorCode::too_large, "the {} has more than {} entries", what_, most_entries);
    }
    const char* name = ::archive_entry_pathname(entry);
    if (::archive_entry_is_encrypted(entry)) {
        return fail(ErrorCode::unsupported,
                    "the {}'s entries are encrypted: unpack it first, with unzip or 7z", what_);
    }
    found = Entry{name ? name : "",
                  ::archive_entry_filetype(entry) == AE_IFREG && !::archive_entry_hardlink(entry)};
    return found;
}

StreamPtr Archive::content() {
    return std::make_unique<Content>(reader_, what_);
}

Result<void> Archive::check_end() {
    const auto pulled = reader_.below().given();
    const auto consumed = std::min(reader_.consumed(), pulled);
    const auto ahead = Bytes(tail_).substr(
        tail_.size() - std::min<std::uint64_t>(pulled - consumed, tail_.size()));
    const bool zeros_ahead = ahead.find_first_not_of('\0') == Bytes::npos;
    SALVOR_TRY(const bool zeros_behind, drain_zeros(reader_.below()));
    if (form_ == Form::tar) {
        if (zeros_ahead && zeros_behind) return {};
        return fail(ErrorCode::malformed,
                    "something that is no tar stands behind the tar, which ends at byte {0} of it: "
                    "`head -c {0}` leaves it off",
                    consumed);
    }
    if (has_zip_end(tail_)) return {};
    return fail(ErrorCode::malformed,
                "the zip does not end as one: its directory is cut off, or something stands behind "
                "it");
}

}  // namespace salvor::envelope
