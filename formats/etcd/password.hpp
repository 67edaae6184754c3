#pragma once

#include <string>

#include "formats/base/result.hpp"

namespace salvor::etcd {

/// The bcrypt text of a password under a salt of its own, at the cost that etcd has by default:
/// what each member of a 3.4 stores of a password that its log has in the clear. Error: unsupported
/// (the system's crypt(3) has no bcrypt), too_large (a password that bcrypt does not take).
Result<std::string> hash_password(const std::string& password);

}  // namespace salvor::etcd
