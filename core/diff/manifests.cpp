#include "core/diff/manifests.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "core/snapshot/data_directory.hpp"
#include "formats/base/mapped_file.hpp"
#include "formats/kube/manifest_text.hpp"
#include "formats/text/escape.hpp"

namespace salvor::diff {
namespace {

namespace fs = std::filesystem;

bool is_manifest_name(const fs::path& path) {
    const auto ending = path.extension();
    return ending == ".yaml" || ending == ".yml" || ending == ".json";
}

bool is_hidden(const fs::path& path) {
    return path.filename().string().starts_with('.');
}

Result<std::vector<fs::path>> files_below(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code error;
    fs::recursive_directory_iterator entry(folder, error);
    for (const fs::recursive_directory_iterator end; !error && entry != end;
         entry.increment(error)) {
        if (is_hidden(entry->path())) {
            entry.disable_recursion_pending();
        } else if (is_manifest_name(entry->path()) && entry->is_regular_file()) {
            files.push_back(entry->path());
        }
    }
    if (error) return fail(ErrorCode::io, "{}: {}", text::escape(folder.string()), error.message());
    std::sort(files.begin(), files.end());
    return files;
}

/// All of a file, or of a pipe that is open.
Result<std::string> text_of(const fs::path& path) {
    const auto file = MappedFile::open(path);
    if (file) return std::string(file->bytes());
    std::error_code error;
    if (!fs::is_fifo(path, error)) return std::unexpected(file.error());
    std::ifstream in(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    if (!in.is_open() || in.bad())
        return fail(ErrorCode::io, "{}: it could not be read", text::escape(path.string()));
    return text;
}

}  // namespace

bool Manifests::is_one(const fs::path& path) {
    std::error_code error;
    if (fs::is_directory(path, error)) return !find_data_directory(path).has_value();
    return is_manifest_name(path);
}

Result<Manifests> Manifests::read(const fs::path& path) {
    Manifests manifests;
    std::error_code error;
    if (!fs::is_directory(path, error)) {
        SALVOR_CHECK(manifests.add_file(path));
        return manifests;
    }
    SALVOR_TRY(const auto files, files_below(path));
    for (const auto& file : files) SALVOR_CHECK(manifests.add_file(file));
    if (files.empty())
        return fail(ErrorCode::not_found, "{}: no file in it ends in .yaml, .yml or .json",
                    text::escape(path.string()));
    return manifests;
}

Result<void> Manifests::add_file(const fs::path& path) {
    SALVOR_TRY(const auto text, text_of(path));
    auto found = kube::read_manifests(text, *document_);
    const auto shown = text::escape(path.string());
    if (!found) return fail(ErrorCode::usage, "{}: {}", shown, found.error().message);
    for (auto& object : *found) {
        const auto api_version = object.text("apiVersion"), kind = object.text("kind");
        if (api_version.starts_with("kustomize.config.k8s.io/")) continue;
        const auto* metadata = object.find("metadata");
        if (api_version.empty() || kind.empty() || !metadata || metadata->text("name").empty())
            return fail(ErrorCode::usage, "{}: a document has no apiVersion, kind or metadata.name",
                        shown);
        objects_.push_back(std::move(object));
    }
    return {};
}

}  // namespace salvor::diff
