#include "formats/base/opened_files.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>

#include "formats/base/checksum.hpp"
#include "formats/base/output.hpp"

namespace salvor {
namespace {

std::atomic<bool> are_noted{false};
std::mutex mutex;
std::vector<OpenedFile> noted;

bool is_being_built(const std::filesystem::path& path) {
    return std::any_of(path.begin(), path.end(), [](const std::filesystem::path& name) {
        return name.string().starts_with(staged_prefix);
    });
}

auto find(const std::filesystem::path& path) {
    return std::find_if(noted.begin(), noted.end(),
                        [&](const OpenedFile& file) { return file.path == path; });
}

}  // namespace

void note_opened_files() {
    are_noted = true;
}

void note_opened_file(const std::filesystem::path& path, Bytes bytes, std::int64_t modified_ns) {
    if (!are_noted || is_being_built(path)) return;
    const std::lock_guard lock(mutex);
    if (find(path) == noted.end())
        noted.push_back({path, bytes.size(), modified_ns, hex(sha256(bytes))});
}

void forget_opened_file(const std::filesystem::path& path) {
    const std::lock_guard lock(mutex);
    const auto found = find(path);
    if (found != noted.end()) noted.erase(found);
}

std::vector<OpenedFile> opened_files() {
    const std::lock_guard lock(mutex);
    return noted;
}

}  // namespace salvor
