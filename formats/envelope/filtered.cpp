#include <archive_entry.h>

#include "formats/envelope/codec.hpp"
#include "formats/envelope/libarchive.hpp"

namespace salvor::envelope {
namespace {

class Filtered final : public Stream {
 public:
    Filtered(Form form, StreamPtr packed) : form_(form), reader_(std::move(packed)) {}

 private:
    Result<void> begin();
    Result<Bytes> make() override;
    Result<Bytes> end();

    Form form_;
    Libarchive reader_;
    bool begun_ = false, ended_ = false;
};

Result<void> Filtered::begin() {
    begun_ = true;
    auto* archive = reader_.get();
    const int known = form_ == Form::lz4 ? ::archive_read_support_filter_lz4(archive)
                                         : ::archive_read_support_filter_bzip2(archive);
    // A warning: it would start another program for it.
    if (known != ARCHIVE_OK) {
        return fail(ErrorCode::unsupported, "this libarchive was built without {}", name(form_));
    }
    ::archive_read_support_format_raw(archive);
    ::archive_entry* entry = nullptr;
    if (reader_.open() != ARCHIVE_OK || ::archive_read_next_header(archive, &entry) != ARCHIVE_OK) {
        return reader_.error((std::string(name(form_)) + " data").c_str());
    }
    return {};
}

Result<Bytes> Filtered::make() {
    if (!begun_) SALVOR_CHECK(begin());
    if (ended_) return Bytes{};
    const void* data = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    int result;
    do result = ::archive_read_data_block(reader_.get(), &data, &size, &offset);
    while (result == ARCHIVE_OK && size == 0);
    if (result == ARCHIVE_EOF) return end();
    if (result != ARCHIVE_OK) return reader_.error((std::string(name(form_)) + " data").c_str());
    const auto out = given() + size, pulled = reader_.below().given();
    if (out > ratio_free && out / most_ratio > pulled) {
        return fail(ErrorCode::too_large,
                    "{} bytes of {} came to more than {} GiB, over {} times as much: no snapshot "
                    "packs like that; unpack it by hand if it is one",
                    pulled, name(form_), ratio_free >> 30, most_ratio);
    }
    return Bytes(static_cast<const char*>(data), size);
}

/// libarchive leaves what it does not know behind the last stream unsaid.
Result<Bytes> Filtered::end() {
    SALVOR_TRY(const auto more, reader_.below().next());
    const auto consumed = reader_.consumed();
    if (consumed < reader_.below().given() || !more.empty()) {
        return fail(ErrorCode::malformed,
                    "something that is no {0} stands behind the {0} data, which ends at byte {1} "
                    "of it: `head -c {1}` leaves it off",
                    name(form_), consumed);
    }
    ended_ = true;
    return Bytes{};
}

}  // namespace

StreamPtr filtered(Form form, StreamPtr packed) {
    return std::make_unique<Filtered>(form, std::move(packed));
}

}  // namespace salvor::envelope
