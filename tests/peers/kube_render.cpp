// Renders files of stored values as salvor prints them, for tests/peers/kube_api.py.
// usage: render RELEASE yaml|json OUT_FOLDER FILE...

#include "formats/kube/sinks.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "formats/base/mapped_file.hpp"
#include "formats/kube/stored.hpp"

namespace salvor::kube {
namespace {

template <class Sink>
Result<void> render(const Schema& schema, Bytes value, Sink& sink) {
    if (encoding_of(value) != Encoding::protobuf) return fail(ErrorCode::malformed, "no protobuf");
    SALVOR_TRY(const auto envelope, open_envelope(value));
    const auto* shape = schema.find(envelope.api_version, envelope.kind);
    if (!shape)
        return fail(ErrorCode::unsupported, "{} {} is not in the tables", envelope.api_version,
                    envelope.kind);
    return render_object(schema, *shape, envelope.raw,
                         {envelope.api_version, envelope.kind, {}, true}, sink);
}

Result<std::string> render_file(const Schema& schema, const std::string& format, const char* path) {
    SALVOR_TRY(const auto file, MappedFile::open(path));
    std::string out;
    if (format == "yaml") {
        YamlSink sink(out);
        SALVOR_CHECK(render(schema, file.bytes(), sink));
        sink.finish();
    } else {
        JsonSink sink(out, 4);
        SALVOR_CHECK(render(schema, file.bytes(), sink));
        out += '\n';
    }
    return out;
}

}  // namespace
}  // namespace salvor::kube

int main(int argc, char** argv) {
    if (argc < 5) return 2;
    const salvor::kube::Schema schema(static_cast<std::uint8_t>(std::stoi(argv[1])));
    int status = 0;
    for (int i = 4; i < argc; ++i) {
        const auto text = salvor::kube::render_file(schema, argv[2], argv[i]);
        if (!text) {
            fmt::print(stderr, "{}: {}\n", argv[i], text.error().message);
            status = 1;
            continue;
        }
        std::ofstream(std::filesystem::path(argv[3]) / std::filesystem::path(argv[i]).stem())
            << *text;
    }
    return status;
}
