#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "core/verify/object/stored_object.hpp"
#include "formats/kube/at_rest/config.hpp"

namespace salvor::verify {

/// Values that were left closed, by what closes them: "aescbc v1, key key1".
using Closed = std::map<std::string, std::uint64_t>;

/// The stored value as an apiserver would have it: decrypted into `room` where it was encrypted.
/// nullopt: it cannot be opened.
std::optional<Bytes> plain_value(const StoredObject& object, const kube::at_rest::Config* config,
                                 std::string& room);

/// Tells why an encrypted value cannot be opened, or counts it as left closed. One whose mark is
/// cut short is none.
void report_closed(const StoredObject& object, const kube::at_rest::Config* config,
                   Sayings& sayings, Closed& closed);
/// Of a value that a key opened, and that is no object.
void report_wrong_plain(const StoredObject& object, std::string message, Sayings& sayings);
/// One finding for all that was left closed.
void report_all_closed(const Closed& closed, const kube::at_rest::Config* config,
                       Collector& findings);

}  // namespace salvor::verify
