#pragma once

#include <fmt/core.h>

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <utility>

namespace salvor {

/// Why a call cannot give its answer. The names (`reason`) are part of the JSON output: stable.
enum class ErrorCode {
    io,           ///< the system refused a read or a write
    not_found,    ///< no such file, bucket, key, member
    not_a_file,   ///< a directory, FIFO, socket or device where a file is needed
    malformed,    ///< the bytes are not what they claim to be
    unsupported,  ///< a version or kind that this program does not know
    too_large,    ///< beyond a bound that protects memory, disk or time
    in_use,       ///< another process holds it
    exists,       ///< the target is there already
    refused,      ///< it could be done, but should not without an explicit word
    flawed,       ///< the data was checked and is not sound
    interrupted,  ///< a signal asked the process to end
    usage,        ///< the arguments do not fit together
};
const char* reason(ErrorCode code);

/// A message has the place, what was read, what was found; lower case, no full stop.
struct Error {
    ErrorCode code;
    std::string message;
    std::optional<std::uint64_t> offset;  ///< in the file, where one byte is to blame
};

/// A value or an Error. A struct and not an alias, since g++ 12 is silent when a plain alias is
/// dropped.
template <class T>
struct [[nodiscard]] Result : std::expected<T, Error> {
    using std::expected<T, Error>::expected;
};

/// `return fail(ErrorCode::malformed, "page {}: count {} does not fit", id, count);`
template <class... Args>
std::unexpected<Error> fail(ErrorCode code, fmt::format_string<Args...> text, Args&&... args) {
    return std::unexpected(Error{code, fmt::format(text, std::forward<Args>(args)...), {}});
}
template <class... Args>
std::unexpected<Error> fail_at(std::uint64_t offset, ErrorCode code,
                               fmt::format_string<Args...> text, Args&&... args) {
    return std::unexpected(Error{code, fmt::format(text, std::forward<Args>(args)...), offset});
}
/// The failed system call's own words: `open /x: no such file or directory`.
std::unexpected<Error> fail_errno(int error, std::string_view call, std::string_view path);

}  // namespace salvor

#define SALVOR_JOIN_(a, b) a##b
#define SALVOR_JOIN(a, b) SALVOR_JOIN_(a, b)
#define SALVOR_TRY_(result, declaration, ...)              \
    auto result = (__VA_ARGS__);                           \
    if (!result) [[unlikely]]                              \
        return std::unexpected(std::move(result).error()); \
    declaration = *std::move(result)
/// `SALVOR_TRY(auto page, db.page(id));`: the value, or the caller's return with the same Error.
#define SALVOR_TRY(declaration, ...) \
    SALVOR_TRY_(SALVOR_JOIN(result_, __LINE__), declaration, __VA_ARGS__)
/// The same for a Result<void>.
#define SALVOR_CHECK(...)                                        \
    do {                                                         \
        if (auto checked = (__VA_ARGS__); !checked) [[unlikely]] \
            return std::unexpected(std::move(checked).error());  \
    } while (false)
