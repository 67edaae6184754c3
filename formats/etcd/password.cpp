#include "formats/etcd/password.hpp"

#include <crypt.h>

#include <memory>

namespace salvor::etcd {
namespace {

constexpr unsigned long default_cost = 10;  ///< golang.org/x/crypto/bcrypt DefaultCost
constexpr std::size_t max_password = 72;    ///< bytes; bcrypt reads no more

}  // namespace

Result<std::string> hash_password(const std::string& password) {
    if (password.size() > max_password) {
        return fail(ErrorCode::too_large, "a password of {} bytes: bcrypt takes {}",
                    password.size(), max_password);
    }
    char salt[CRYPT_GENSALT_OUTPUT_SIZE];
    const auto data = std::make_unique<crypt_data>();
    const char* hashed = nullptr;
    if (::crypt_gensalt_rn("$2a$", default_cost, nullptr, 0, salt, sizeof salt)) {
        hashed = ::crypt_rn(password.c_str(), salt, data.get(), sizeof *data);
    }
    if (!hashed) return fail(ErrorCode::unsupported, "this system's crypt(3) has no bcrypt");
    return std::string(hashed);
}

}  // namespace salvor::etcd
