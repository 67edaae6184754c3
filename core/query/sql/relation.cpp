#include "core/query/sql/relation.hpp"

#include <fmt/core.h>

#include <array>

namespace salvor::query {

std::span<const Relation* const> relations() {
    static constexpr std::array all{&keys_relation,    &revisions_relation, &objects_relation,
                                    &fields_relation,  &leases_relation,    &pages_relation,
                                    &findings_relation};
    return all;
}

std::string declaration(const Relation& relation) {
    std::string text = fmt::format("CREATE TABLE \"{}\"(", relation.name);
    for (const auto& column : relation.columns) {
        text += fmt::format("{}\"{}\" {}", &column == relation.columns.data() ? "" : ", ",
                            column.name, column.type);
    }
    return text + ")";
}

std::string schema(const Relation& relation) {
    std::string text = fmt::format("-- {}\nCREATE TABLE {} (\n", relation.what, relation.name);
    for (const auto& column : relation.columns) {
        const bool last = &column == &relation.columns.back();
        const auto words = fmt::format("{}{}{}{}", column.name, *column.type ? " " : "",
                                       column.type, last ? "" : ",");
        text += fmt::format("    {:<26} -- {}\n", words, column.what);
    }
    return text + ");\n";
}

}  // namespace salvor::query
