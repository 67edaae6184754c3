// Says what salvor serves of files of stored values, for tests/peers/kube_convert.py.
// usage: kube_serve RELEASE <LIST     LIST: lines FILE TAB APIVERSION TAB OUT

#include <fmt/format.h>

#include <fstream>
#include <iostream>

#include "core/cluster/convert/versions.hpp"
#include "core/cluster/object.hpp"
#include "formats/base/mapped_file.hpp"

namespace salvor::convert {
namespace {

Result<std::string> serve(const kube::Schema& schema, const Versions& versions,
                          const std::string& path, const std::string& api_version) {
    SALVOR_TRY(const auto file, MappedFile::open(path.c_str()));
    etcd::KeyValue row{};
    row.value = file.bytes();
    SALVOR_TRY(const auto object, cluster::Object::open(schema, {}, row, nullptr));
    if (!versions.can(object.kind(), object.api_version(), api_version))
        return fail(ErrorCode::unsupported, "{} is not converted", object.api_version());
    kube::Document document;
    SALVOR_TRY(auto value, object.value_tree(document, {true, false}));
    versions.convert(value, api_version, document);
    std::string out;
    kube::JsonSink sink(out);
    kube::tell(value, sink);
    return out;
}

}  // namespace
}  // namespace salvor::convert

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    const auto release = static_cast<std::uint8_t>(std::stoi(argv[1]));
    const salvor::kube::Schema schema(release);
    const salvor::convert::Versions versions(schema);
    for (std::string line; std::getline(std::cin, line);) {
        const auto first = line.find('\t'), second = line.find('\t', first + 1);
        const auto path = line.substr(0, first);
        const auto text = salvor::convert::serve(schema, versions, path,
                                                 line.substr(first + 1, second - first - 1));
        if (!text) {
            fmt::print(stderr, "{}: {}\n", path, text.error().message);
            continue;
        }
        std::ofstream(line.substr(second + 1)) << *text;
    }
}
