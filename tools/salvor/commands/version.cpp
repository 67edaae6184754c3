#include "tools/salvor/commands/version.hpp"

#include <archive.h>
#include <crypt.h>
#include <fmt/core.h>
#include <google/protobuf/stubs/common.h>
#include <lzma.h>
#include <openssl/crypto.h>
#include <simdjson.h>
#include <sodium.h>
#include <sqlite3.h>
#include <zlib.h>
#include <zstd.h>
#include <CLI/Version.hpp>

#include <nlohmann/json.hpp>
#include <protozero/version.hpp>

#include "tools/salvor/options.hpp"

namespace salvor::tool::version {
namespace {

struct Library {
    const char* name;
    std::string version;
};

std::string dotted(int major, int minor, int patch) {
    return fmt::format("{}.{}.{}", major, minor, patch);
}

/// As they run, where they say it themselves; else as they were compiled in.
std::vector<Library> libraries() {
    return {
        {"fmt", dotted(FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100)},
        {"openssl", OpenSSL_version(OPENSSL_VERSION_STRING)},
        {"protobuf", google::protobuf::internal::VersionString(GOOGLE_PROTOBUF_VERSION)},
        {"protozero", PROTOZERO_VERSION_STRING},
        {"cli11", CLI11_VERSION},
        {"nlohmann-json", dotted(NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR,
                                 NLOHMANN_JSON_VERSION_PATCH)},
        {"simdjson", dotted(simdjson::SIMDJSON_VERSION_MAJOR, simdjson::SIMDJSON_VERSION_MINOR,
                            simdjson::SIMDJSON_VERSION_REVISION)},
        {"yaml-cpp", SALVOR_YAML_CPP_VERSION},
        {"re2", SALVOR_RE2_VERSION},
        {"sqlite", sqlite3_libversion()},
        {"libsodium", sodium_version_string()},
        {"libxcrypt", XCRYPT_VERSION_STR},
        {"libarchive", std::string(archive_version_string()).substr(sizeof "libarchive")},
        {"zlib", zlibVersion()},
        {"liblzma", lzma_version_string()},
        {"zstd", ZSTD_versionString()},
    };
}

Result<Answer> print(Format format) {
    const auto linked = libraries();
    if (format == Format::json) {
        auto document = nlohmann::ordered_json{{"version", SALVOR_VERSION}};
        for (const auto& [name, number] : linked) document["libraries"][name] = number;
        fmt::print("{}\n", document.dump());
        return Answer::yes;
    }
    fmt::print("salvor {}\n", SALVOR_VERSION);
    for (const auto& [name, number] : linked) fmt::print("  {} {}\n", name, number);
    return Answer::yes;
}

}  // namespace

Run declare(CLI::App& app) {
    auto format = std::make_shared<Format>(Format::text);
    add_format(app, *format);
    return [format] { return print(*format); };
}

}  // namespace salvor::tool::version
