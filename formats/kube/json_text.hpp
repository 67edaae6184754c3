#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "formats/base/bytes.hpp"

namespace salvor::kube {

struct JsonSink;
struct YamlSink;
class ValueSink;

/// A JSON text, parsed and told to a sink without a tree of its own: its members in the sink's
/// order, of a name that stands twice the last. One thread's texts use each other's memory.
class JsonText {
 public:
    /// nullopt where the text is flawed or strange (deep, of huge numbers, of half surrogates):
    /// parse_json() has the answer then.
    static std::optional<JsonText> parse(Bytes text);

    /// The root's own member of that name, where it is a string; else "". A view into this.
    std::string_view text(std::string_view name) const;

    /// Calls `each(manager, time)` for the entries of the root's metadata.managedFields, in their
    /// order, "" for what is no string there.
    void each_manager(const std::function<void(Bytes manager, Bytes time)>& each) const;

    /// What is told otherwise of the root's `metadata`, where that is an object.
    struct Metadata {
        bool managed_fields = true;
        std::string_view resource_version;  ///< empty: as it stands
    };
    void tell(JsonSink& sink, const Metadata& metadata) const;
    void tell(YamlSink& sink, const Metadata& metadata) const;
    void tell(ValueSink& sink, const Metadata& metadata) const;

    struct Parsed;

 private:
    struct GiveBack {
        void operator()(Parsed* parsed) const;
    };
    explicit JsonText(std::shared_ptr<const Parsed> parsed) : parsed_(std::move(parsed)) {}
    std::shared_ptr<const Parsed> parsed_;
};

}  // namespace salvor::kube
