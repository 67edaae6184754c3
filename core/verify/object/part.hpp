#pragma once

#include <array>
#include <span>

#include "core/verify/object/definitions.hpp"
#include "core/verify/object/encryption.hpp"
#include "core/verify/reference/referrer.hpp"
#include "core/verify/verify.hpp"
#include "formats/kube/check.hpp"

namespace salvor::verify {

/// An object's uid in 16 bytes, and where the object stands.
struct UidMark {
    std::array<std::uint64_t, 2> uid;
    timeline::RowPosition position;
    auto operator<=>(const UidMark&) const = default;
};

/// Custom resources without a CRD, "plural.group": how many objects, and the first.
struct Undefined {
    std::uint64_t objects;
    timeline::RowPosition first;
};
using UndefinedResources = std::map<std::string, Undefined>;

/// A part of the objects, looked at by one thread; what was found is handed over afterwards.
struct Part {
    Part(const kube::Schema& schema, const Scope& scope) : checker(schema), lookup(scope) {}

    kube::Checker checker;
    Lookup lookup;
    kube::Lifecycle life;
    kube::Document document;  ///< of the life that is read now
    Tallies tallies;
    std::string room;  ///< of the value that is decrypted now
    Sayings sayings;
    std::uint64_t objects = 0;  ///< what is no object of the API left out
    std::vector<UidMark> uids;
    Closed closed;
    UndefinedResources undefined;
};

/// values.cpp: nullopt where the value is none that can be looked into; that was told.
std::optional<kube::Checked> check_value(const StoredObject& object,
                                         const kube::at_rest::Config* config, Part& part);
/// identity.cpp
void check_identity(const StoredObject& object, const kube::Identity& identity, Part& part);
/// Sorts the marks.
void check_uids(std::vector<UidMark>& uids, const Definitions& definitions, Collector& findings);
/// custom.cpp
void check_defined(const StoredObject& object, const kube::Identity& identity,
                   const Definitions& definitions, Part& part);
void report_undefined(const UndefinedResources& undefined, const Definitions& definitions,
                      Collector& findings);

}  // namespace salvor::verify
