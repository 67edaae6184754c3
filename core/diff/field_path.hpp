#pragma once

#include <string>
#include <vector>

#include "formats/base/result.hpp"
#include "formats/kube/value.hpp"

namespace salvor::diff {

/// A place in an object, written as changes are told: `spec.replicas`,
/// `metadata.labels["a.b/c"]`, `spec.containers[name=web].image`; `[*]` is every item or member.
class FieldPath {
 public:
    /// Error: usage.
    static Result<FieldPath> parse(std::string_view text);
    const std::string& text() const { return text_; }

    /// Takes out of a value what stands there, if anything does.
    std::vector<kube::Value> take_out_of(kube::Value& value) const;
    /// Whether a path, as changes are told, is this one or lies below it.
    bool covers(std::string_view path) const;

 private:
    struct Segment {
        bool is_item;  ///< in brackets and not in quotes: of a list, or `*`
        std::string text;
    };
    void take(kube::Value& value, std::size_t at, std::vector<kube::Value>& taken) const;
    void take_items(kube::Value& value, std::size_t at, std::vector<kube::Value>& taken) const;

    std::string text_;
    std::vector<Segment> segments_;
};

}  // namespace salvor::diff
