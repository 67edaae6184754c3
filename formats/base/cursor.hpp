#pragma once

#include <cstdint>
#include <string>

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"

namespace salvor {

/// Reads fixed fields one after another out of a bounded view. It remembers its first failure: each
/// read names its field and returns zero (or nothing) afterwards, so that one check at the end will
/// do.
class Cursor {
 public:
    explicit Cursor(Bytes bytes, std::uint64_t base = 0) : bytes_(bytes), base_(base) {}

    template <class T>
    T le(const char* field) {
        return need(sizeof(T), field) ? load_le<T>(take(sizeof(T)).data()) : T{};
    }
    template <class T>
    T be(const char* field) {
        return need(sizeof(T), field) ? load_be<T>(take(sizeof(T)).data()) : T{};
    }
    Bytes bytes(std::size_t count, const char* field) {
        return need(count, field) ? take(count) : Bytes{};
    }
    std::size_t left() const { return bytes_.size() - at_; }
    std::size_t at() const { return at_; }
    bool ok() const { return !failed_field_; }

    /// The first failure as an Error: which field, how many bytes it needs, how many are left.
    Result<void> done(std::string_view what) const {
        if (ok()) return {};
        return fail_at(base_ + at_, ErrorCode::malformed, "{}: {} needs {} bytes, {} are left",
                       what, failed_field_, needed_, left());
    }

 private:
    bool need(std::size_t count, const char* field) {
        if (failed_field_) return false;
        if (count <= left()) return true;
        failed_field_ = field;
        needed_ = count;
        return false;
    }
    Bytes take(std::size_t count) {
        const Bytes taken = bytes_.substr(at_, count);
        at_ += count;
        return taken;
    }

    Bytes bytes_;
    std::uint64_t base_;
    std::size_t at_ = 0;
    std::size_t needed_ = 0;
    const char* failed_field_ = nullptr;
};

}  // namespace salvor
