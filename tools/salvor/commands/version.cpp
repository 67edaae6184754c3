#include "tools/salvor/commands/version.hpp"

#include <fmt/core.h>
#include <google/protobuf/stubs/common.h>
#include <openssl/crypto.h>

#include <nlohmann/json.hpp>

#include "tools/salvor/options.hpp"

namespace salvor::tool::version {
namespace {

Result<Answer> print(Format format) {
    const auto protobuf = google::protobuf::internal::VersionString(GOOGLE_PROTOBUF_VERSION);
    if (format == Format::json) {
        const nlohmann::ordered_json document{
            {"version", SALVOR_VERSION},
            {"libraries",
             {{"fmt", FMT_VERSION},
              {"openssl", OpenSSL_version(OPENSSL_VERSION_STRING)},
              {"protobuf", protobuf}}}};
        fmt::print("{}\n", document.dump());
        return Answer::yes;
    }
    fmt::print("salvor {}\n", SALVOR_VERSION);
    return Answer::yes;
}

}  // namespace

Run declare(CLI::App& app) {
    auto format = std::make_shared<Format>(Format::text);
    add_format(app, *format);
    return [format] { return print(*format); };
}

}  // namespace salvor::tool::version
