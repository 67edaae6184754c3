#include "tools/salvor/options.hpp"

#include <map>

namespace salvor::tool {

void add_format(CLI::App& app, Format& format) {
    static const std::map<std::string, Format> formats{{"text", Format::text}, {"json", Format::json}};
    app.add_option("-o,--output", format, "format of the answer: text or json")
        ->transform(CLI::CheckedTransformer(formats).description(""))
        ->type_name("FORMAT")
        ->take_last();
}

void add_source(CLI::App& app, std::string& source) {
    app.add_option("SOURCE", source, "a snapshot, a bare db file, or a member's data directory")
        ->required()
        ->type_name("");
}

}  // namespace salvor::tool
