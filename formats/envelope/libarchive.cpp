#include "formats/envelope/libarchive.hpp"

#include "formats/text/escape.hpp"

namespace salvor::envelope {

la_ssize_t Libarchive::read(struct archive* archive, void* self, const void** buffer) {
    auto& reader = *static_cast<Libarchive*>(self);
    auto bytes = reader.below_->next();
    if (bytes) {
        *buffer = bytes->data();
        return static_cast<la_ssize_t>(bytes->size());
    }
    reader.below_error_ = bytes.error();
    ::archive_set_error(archive, EIO, "%s", bytes.error().message.c_str());
    return ARCHIVE_FATAL;
}

int Libarchive::open() {
    return ::archive_read_open(archive_.get(), this, nullptr, read, nullptr);
}

std::uint64_t Libarchive::consumed() const {
    return static_cast<std::uint64_t>(::archive_filter_bytes(archive_.get(), -1));
}

std::unexpected<Error> Libarchive::error(const char* what) {
    if (below_error_) return std::unexpected(*below_error_);
    const char* words = ::archive_error_string(archive_.get());
    return fail(ErrorCode::malformed, "the {} is damaged: {}", what,
                text::escape(words ? words : "it is cut short"));
}

}  // namespace salvor::envelope
