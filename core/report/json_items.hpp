#pragma once

#include <concepts>
#include <string>

#include "core/report/objects.hpp"
#include "formats/kube/sinks.hpp"

namespace salvor::report {

inline void tell_text(text::JsonWriter& json, Bytes name, Bytes value) {
    json.key(name);
    json.string(value);
}
template <std::integral Number>
void tell_number(text::JsonWriter& json, Bytes name, Number value) {
    json.key(name);
    if constexpr (std::unsigned_integral<Number>) {
        json.unsigned_integer(value);
    } else {
        json.integer(value);
    }
}

/// A long answer in JSON, sent on piece by piece: items of a list within one document, or a line
/// each. What stands around the list is told by whoever uses it, through json().
class JsonItems {
 public:
    enum class As { document, lines };
    JsonItems(As as, TextSink sink) : as_(as), sink_(std::move(sink)) {}

    bool is_document() const { return as_ == As::document; }
    kube::JsonSink& json() { return json_; }
    void begin() {
        if (!is_document()) json_ = kube::JsonSink(text_);
        json_.begin_object();
    }
    void end() {
        json_.end_object();
        json_.settle();
        if (!is_document()) text_ += '\n';
        if (text_.size() >= full) flush();
    }
    /// Ends the list, and what stands around it, where that is one object.
    void finish_list() {
        if (is_document()) {
            json_.end_array();
            json_.end_object();
        }
        finish();
    }
    /// After the document's own end, where it is one.
    void finish() {
        if (is_document()) text_ += '\n';
        flush();
    }

 private:
    void flush() {
        sink_(text_);
        text_.clear();
    }
    static constexpr std::size_t full = 1 << 18;  ///< of text in memory
    As as_;
    TextSink sink_;
    std::string text_;
    kube::JsonSink json_{text_};
};

}  // namespace salvor::report
