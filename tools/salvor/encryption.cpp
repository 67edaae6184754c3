#include "tools/salvor/encryption.hpp"

#include "formats/text/escape.hpp"
#include "tools/salvor/key_file.hpp"
#include "tools/salvor/options.hpp"

namespace salvor::tool {

void add_encryption(CLI::App& app, std::string& path) {
    add_option(app, "--encryption-config", "FILE", path,
               "the apiserver's EncryptionConfiguration, to open what is encrypted at rest");
}

Result<std::unique_ptr<kube::at_rest::Config>> read_encryption(const std::string& path) {
    std::unique_ptr<kube::at_rest::Config> read;
    if (path.empty()) return read;
    SALVOR_TRY(const auto file, open_key_file(path));
    auto config = kube::at_rest::Config::parse(file.bytes());
    if (!config) {
        return fail(ErrorCode::usage, "{}: {}", text::escape(path), config.error().message);
    }
    read = std::make_unique<kube::at_rest::Config>(*std::move(config));
    return read;
}

}  // namespace salvor::tool
