#include "tools/salvor/new_file.hpp"

#include <algorithm>
#include <filesystem>

#include "formats/text/escape.hpp"

namespace salvor::tool {
namespace {

namespace fs = std::filesystem;

bool lies_within(const fs::path& file, const fs::path& folder) {
    std::error_code error;
    if (!fs::is_directory(folder, error)) return false;
    const auto inner = fs::weakly_canonical(file, error), outer = fs::canonical(folder, error);
    return !error && std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first ==
                         outer.end();
}

}  // namespace

Result<void> check_new_file(const std::string& to, const std::string& source, const char* missing) {
    if (to.empty()) return fail(ErrorCode::usage, "{}", missing);
    if (to == "-") {
        return fail(
            ErrorCode::usage,
            "--to -: what is made is looked at again before it stands, so it goes to a file "
            "and not to stdout (./- is a file of that name)");
    }
    if (!lies_within(to, source)) return {};
    return fail(ErrorCode::usage,
                "--to {}: it lies within {}, which is only read: choose another "
                "folder",
                text::escape(to), text::escape(source));
}

}  // namespace salvor::tool
