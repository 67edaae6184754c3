// Any bytes as the manifests that `diff SOURCE DIR` takes: what is read can be told, as JSON that
// is read again as the same, and what is not is refused in words.

#include <cstdlib>

#include "formats/kube/json.hpp"
#include "formats/kube/manifest_text.hpp"
#include "formats/kube/sinks.hpp"

using namespace salvor;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

std::string json_of(const kube::Value& value) {
    std::string text;
    kube::JsonSink sink(text);
    kube::tell(value, sink);
    return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    kube::Document document;
    const auto read =
        kube::read_manifests(Bytes(reinterpret_cast<const char*>(data), size), document);
    if (!read) {
        require(!read.error().message.empty());
        return 0;
    }
    for (const auto& object : *read) {
        std::string yaml;
        kube::YamlSink sink(yaml);
        kube::tell(object, sink);
        sink.finish();
        const auto json = json_of(object);
        kube::Document again;
        const auto back = kube::parse_json(json, again);
        require(back && json_of(*back) == json);
    }
    return 0;
}
