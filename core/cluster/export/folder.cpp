#include "core/cluster/export/folder.hpp"

#include "formats/base/checksum.hpp"

namespace salvor::cluster {
namespace {

namespace fs = std::filesystem;

constexpr mode_t file_mode = 0600;

bool stays(unsigned char c) {
    return std::isalnum(c) || c == '-' || c == '_' || c == '.';
}

}  // namespace

std::string manifest_yaml(const kube::Value& value) {
    std::string text;
    kube::YamlSink sink(text);
    sink.quote_merges();
    kube::tell(value, sink);
    sink.finish();
    return text;
}

std::string file_name(Bytes name) {
    constexpr std::size_t longest = 200;  // of 255 (limits.h NAME_MAX), with room for an ending
    std::string safe;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        if (stays(byte) && !(c == '.' && safe.empty())) {
            safe += c;
        } else {
            safe += fmt::format("%{:02X}", byte);
        }
    }
    if (safe.empty()) return "unnamed";
    if (safe.size() <= longest) return safe;
    constexpr std::size_t digits = 16;
    return safe.substr(0, longest - digits - 1) + "-" + hex(sha256(name)).substr(0, digits);
}

Result<ManifestFolder> ManifestFolder::create(const fs::path& target) {
    SALVOR_TRY(const auto there, occupancy(target));
    if (there == Occupancy::occupied) {
        return fail(ErrorCode::exists,
                    "{} is there and not empty; name a folder that is not, or remove it first",
                    target.string());
    }
    SALVOR_TRY(auto staged,
               StagedDirectory::create(target, {}, StagedDirectory::InTheWay::moved_later));
    return ManifestFolder(std::move(staged));
}

std::string ManifestPaths::next(const Exporter::Manifest& manifest) {
    const auto stem = fmt::format(
        "{}/{}/{}/{}", stage_names[static_cast<std::size_t>(manifest.stage)],
        manifest.namespace_name.empty() ? "_cluster" : file_name(manifest.namespace_name),
        file_name(manifest.resource), file_name(manifest.name));
    auto path = stem + ".yaml";
    for (int copy = 2; !taken_.insert(path).second; ++copy)
        path = fmt::format("{}-{}.yaml", stem, copy);
    return paths_.emplace_back(std::move(path));
}

std::string ManifestPaths::list_text() const {
    std::string list = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n";
    list += paths_.empty() ? "resources: []\n" : "resources:\n";
    for (const auto& path : paths_) list += fmt::format("- {}\n", path);
    return list;
}

Result<void> ManifestFolder::make_directories(const std::string& relative) {
    for (auto slash = relative.find('/'); slash != std::string::npos;
         slash = relative.find('/', slash + 1)) {
        auto path = relative.substr(0, slash);
        if (directories_.contains(path)) continue;
        SALVOR_CHECK(staged_.make_directory(path));
        directories_.insert(std::move(path));
    }
    return {};
}

Result<void> ManifestFolder::add(const Exporter::Manifest& manifest) {
    const auto path = paths_.next(manifest);
    SALVOR_CHECK(make_directories(path));
    return write(path, manifest_yaml(manifest.value));
}

Result<void> ManifestFolder::write(const std::string& relative, Bytes text) const {
    SALVOR_TRY(auto file, FileWriter::create(staged_.path() / relative, file_mode));
    SALVOR_CHECK(file.write(text));
    return file.close();
}

Result<void> ManifestFolder::commit() {
    SALVOR_CHECK(write(ManifestPaths::list_name, paths_.list_text()));
    const auto& target = staged_.target();
    SALVOR_TRY(const auto there, occupancy(target));
    if (there == Occupancy::empty) {
        SALVOR_CHECK(remove_leftovers(target));
        std::error_code error;
        fs::remove(target, error);
        if (error) return fail_errno(error.value(), "replace the empty folder", target.string());
    }
    return staged_.commit();
}

}  // namespace salvor::cluster
