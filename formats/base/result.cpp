#include "formats/base/result.hpp"

#include <cctype>
#include <cerrno>
#include <system_error>

namespace salvor {

const char* reason(ErrorCode code) {
    switch (code) {
        case ErrorCode::io: return "io";
        case ErrorCode::not_found: return "notFound";
        case ErrorCode::not_a_file: return "notAFile";
        case ErrorCode::malformed: return "malformed";
        case ErrorCode::unsupported: return "unsupported";
        case ErrorCode::too_large: return "tooLarge";
        case ErrorCode::in_use: return "inUse";
        case ErrorCode::exists: return "exists";
        case ErrorCode::refused: return "refused";
        case ErrorCode::flawed: return "flawed";
        case ErrorCode::interrupted: return "interrupted";
        case ErrorCode::usage: return "usage";
    }
    return "unknown";
}

std::unexpected<Error> fail_errno(int error, std::string_view call, std::string_view path) {
    std::string words = std::generic_category().message(error);
    if (!words.empty()) {
        words[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(words[0])));
    }
    const auto code = error == ENOENT                         ? ErrorCode::not_found
                      : error == EEXIST || error == ENOTEMPTY ? ErrorCode::exists
                                                              : ErrorCode::io;
    return fail(code, "{} {}: {}", call, path, words);
}

}  // namespace salvor
