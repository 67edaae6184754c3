#include "tools/salvor/commands/version.hpp"

#include <fmt/core.h>
#include <google/protobuf/stubs/common.h>
#include <openssl/crypto.h>

#include <nlohmann/json.hpp>

#include "tools/salvor/options.hpp"

namespace salvor::tool::version {
namespace {

/// fmt says its version as one number.
nlohmann::ordered_json libraries() {
    return {{"fmt", FMT_VERSION},
            {"openssl", OpenSSL_version(OPENSSL_VERSION_STRING)},
            {"protobuf", google::protobuf::internal::VersionString(GOOGLE_PROTOBUF_VERSION)}};
}

Result<Answer> print(Format format) {
    const auto linked = libraries();
    if (format == Format::json) {
        fmt::print(
            "{}\n",
            nlohmann::ordered_json{{"version", SALVOR_VERSION}, {"libraries", linked}}.dump());
        return Answer::yes;
    }
    fmt::print("salvor {}\n", SALVOR_VERSION);
    fmt::print("  fmt {}.{}.{}\n", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100);
    for (const auto& [name, number] : linked.items()) {
        if (number.is_string()) fmt::print("  {} {}\n", name, number.get<std::string>());
    }
    return Answer::yes;
}

}  // namespace

Run declare(CLI::App& app) {
    auto format = std::make_shared<Format>(Format::text);
    add_format(app, *format);
    return [format] { return print(*format); };
}

}  // namespace salvor::tool::version
