#pragma once

#include "core/report/objects.hpp"

// Objects by paths into them: -o jsonpath= and -o custom-columns=.

namespace salvor::report {

/// Of a template that looks at one object after another (`{range .items[*]}`, `{.items[*].a}`)
/// nothing is held; of any other all objects are until the end, since it may ask for any of them.
std::unique_ptr<ObjectPrinter> json_path_printer(const cluster::Presenter& presenter,
                                                 cluster::JsonPath path, Answer answer,
                                                 TextSink sink);

struct CustomColumn {
    std::string header;
    cluster::JsonPath path;
};
/// `NAME:.metadata.name,IMAGE:.spec.containers[*].image`. Error: usage.
Result<std::vector<CustomColumn>> parse_custom_columns(Bytes text);

enum class Headers { shown, left_out };
/// The cells are held until the end, since the widest decides.
std::unique_ptr<ObjectPrinter> custom_columns_printer(const cluster::Presenter& presenter,
                                                      std::vector<CustomColumn> columns,
                                                      Headers headers, TextSink sink);

}  // namespace salvor::report
