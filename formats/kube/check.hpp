#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"
#include "formats/kube/schema/schema.hpp"
#include "formats/kube/value.hpp"

// Whether a stored value decodes whole, as a server would decode it, without building anything of
// it.

namespace salvor::kube {

/// What an object says of itself; views.
struct Identity {
    Bytes api_version, kind;
    Bytes name, namespace_name, uid;      ///< of its metadata
    std::optional<std::int64_t> created;  ///< creationTimestamp, seconds since 1970
    bool has_resource_version = false;    ///< not empty: a server never stores one
};

/// What became of one value.
struct Checked {
    Identity identity;
    Bytes value;    ///< as it was given
    Bytes message;  ///< of protobuf: the object's own message
    /// False: protobuf of a kind that no table has, of which the metadata alone was looked into.
    bool is_known = true;
    std::uint32_t unknown_field = 0;  ///< the first field that the tables do not know; 0: none
    std::string unknown_in;           ///< where it stands: "spec.template"; empty: the object
};

/// Texts that were found sound, since objects of one kind have many that are equal: managedFields
/// above all. Each is kept as it was, so equality is certain.
class KnownTexts {
 public:
    bool holds(Bytes text) { return fits(text) && place_of(text) == text; }
    void keep(Bytes text) {
        if (fits(text)) place_of(text) = text;
    }

 private:
    static constexpr std::size_t count = 256;  ///< a power of two
    static constexpr std::size_t least = 8, most = 4096;
    static bool fits(Bytes text) { return text.size() >= least && text.size() <= most; }
    std::string& place_of(Bytes text);
    std::vector<std::string> texts_ = std::vector<std::string>(count);
};

/// One for each thread; it keeps its memory from value to value.
class Checker {
 public:
    explicit Checker(const Schema& schema) : schema_(&schema) {}

    /// A value that is not encrypted. The views are into it and into this, valid until the next
    /// call. Errors: malformed, too_large (deeper than any real object), unsupported (neither
    /// protobuf, JSON nor CBOR).
    Result<Checked> check(Bytes value);

 private:
    Result<Checked> check_protobuf(Bytes value);
    Result<Checked> check_document(Bytes value);
    const Shape* shape_of(Bytes api_version, Bytes kind);

    /// Kinds met before: objects of one kind stand together, and finding a shape takes a lock.
    struct Met {
        std::string api_version, kind;
        const Shape* shape;
    };
    static constexpr std::size_t max_met = 64;

    const Schema* schema_;
    Document document_;
    KnownTexts known_json_;  ///< within messages
    std::vector<std::string_view> path_;
    std::vector<Met> met_;
};

}  // namespace salvor::kube
