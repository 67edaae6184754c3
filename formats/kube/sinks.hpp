#pragma once

#include "formats/kube/render.hpp"
#include "formats/kube/value_sink.hpp"
#include "formats/text/json_writer.hpp"
#include "formats/text/yaml_writer.hpp"

// The sinks that objects are told to. Each one's renderer is compiled once, in sinks_*.cpp.

namespace salvor::kube {

struct JsonSink : text::JsonWriter {
    using JsonWriter::JsonWriter;
    static constexpr Order order = Order::json;
};

struct YamlSink : text::YamlWriter {
    using YamlWriter::YamlWriter;
    static constexpr Order order = Order::yaml;
};

extern template void tell<JsonSink>(const Value& value, JsonSink& sink);
extern template void tell<YamlSink>(const Value& value, YamlSink& sink);
extern template void tell<ValueSink>(const Value& value, ValueSink& sink);

}  // namespace salvor::kube
