// Compiles the tables of fields and resources into constant data, at build.
// usage: kube_schema_compiler OUT RESOURCES.tsv FIELDS.tsv...

#include <fmt/format.h>
#include <fmt/os.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using Row = std::vector<std::string>;

Row split(const std::string& line, char separator) {
    Row cells(1);
    for (const char c : line) {
        if (c == separator) {
            cells.emplace_back();
        } else {
            cells.back() += c;
        }
    }
    return cells;
}

/// Rows of one table; the first line is a comment, the second names the columns.
std::vector<Row> read_table(const char* path, std::size_t columns) {
    std::ifstream file(path);
    if (!file) throw std::runtime_error(fmt::format("{}: cannot be read", path));
    std::vector<Row> rows;
    std::size_t number = 0;
    for (std::string line; std::getline(file, line);) {
        if (++number <= 2 || line.empty()) continue;
        rows.push_back(split(line, '\t'));
        if (rows.back().size() != columns) {
            throw std::runtime_error(fmt::format("{}:{}: {} columns, expected {}", path, number,
                                                 rows.back().size(), columns));
        }
    }
    return rows;
}

/// The minor of Kubernetes: "1.36", "1.37pre"; an OpenShift branch counts as the Kubernetes it is
/// built on.
int minor_of(const std::string& release) {
    static const std::map<std::string, int> openshift{{"3.11", 11}, {"4.1", 13},   {"4.6", 19},
                                                      {"4.10", 23}, {"4.14", 27},  {"4.18", 31},
                                                      {"4.20", 33}, {"master", 37}};
    if (const auto found = openshift.find(release); found != openshift.end()) return found->second;
    if (release.rfind("1.", 0) != 0) throw std::runtime_error("unknown release " + release);
    return std::stoi(release.substr(2));
}

std::string quoted(const std::string& text) {
    return text == "-" ? "{}" : fmt::format("\"{}\"", text);
}

/// A field's name as it stands in JSON, which needs no escaping: the colon behind it.
std::string json_key(const std::string& name) {
    return name == "-" ? "{}" : fmt::format("R\"(\"{}\":)\"", name);
}

class Compiler {
 public:
    void add_fields(const char* path) {
        for (auto& row : read_table(path, 13)) rows_[row[0]].push_back(row);
    }

    void write(fmt::ostream& out, const std::vector<Row>& resources) {
        int index = 0;
        for (const auto& [name, rows] : rows_) index_[name] = index++;
        out.print(
            "// Made by kube_schema_compiler from the tables; not to be edited.\n\n#include "
            "\"formats/kube/schema/table.hpp\"\n\n#include <array>\n\nnamespace "
            "salvor::kube::schema {{\nnamespace {{\n\n");
        write_messages(out);
        write_resources(out, resources);
        out.print(
            "\n}}  // namespace\n\nstd::span<const MessageRow> messages() {{ return message_table; "
            "}}\n"
            "std::span<const FieldRow> fields() {{ return field_table; }}\n"
            "std::span<const ResourceRow> resources() {{ return resource_table; }}\n\n}}  // "
            "namespace salvor::kube::schema\n");
    }

 private:
    void write_messages(fmt::ostream& out) {
        out.print("constexpr FieldRow field_table[] = {{\n");
        std::string messages;
        std::size_t first = 0;
        for (const auto& [name, rows] : rows_) {
            std::size_t count = 0;
            for (const auto& row : rows) {
                if (row[5] == "empty") continue;
                out.print("    {},\n", field(row));
                ++count;
            }
            messages += fmt::format("    {{\"{}\", {}, {}}},\n", name, first, count);
            first += count;
        }
        out.print("}};\n\nconstexpr MessageRow message_table[] = {{\n{}}};\n\n", messages);
    }

    std::string field(const Row& row) {
        static const std::map<std::string, std::string> types{
            {"string", "string"}, {"int32", "int32"}, {"int64", "int64"}, {"uint32", "uint32"},
            {"bool", "boolean"},  {"bytes", "bytes"}, {"double", "real"}};
        static const std::map<std::string, std::string> labels{
            {"optional", "singular"}, {"repeated", "repeated"}, {"map", "map"}};
        static const std::map<std::string, std::string> presences{
            {"scalar", "scalar"}, {"ptr", "pointer"}, {"struct", "structure"}, {"slice", "slice"},
            {"map", "map"},       {"bytes", "bytes"}, {"custom", "custom"}};
        std::string type = row[4];
        if (row[5] == "map") {
            constexpr std::string_view opening = "map<string,";
            if (type.rfind(opening, 0) != 0)
                throw std::runtime_error(row[0] + ": a map whose key is no string");
            type = type.substr(opening.size(), type.size() - opening.size() - 1);
        }
        const auto scalar = types.find(type);
        const int message = scalar == types.end() ? index_.at(type) : 0xFFFF;
        return fmt::format(
            "{{{}, {}, {}, {}, Type::{}, Label::{}, Presence::{}, {}, {}, {}, {}, {}}}",
            quoted(row[3]), json_key(row[3]), std::stoi(row[1]), message,
            scalar == types.end() ? "message" : scalar->second, labels.at(row[5]),
            presences.at(row[9]), row[6] == "1", row[7] == "1", row[8] == "1", minor_of(row[11]),
            minor_of(row[12]));
    }

    static void write_resources(fmt::ostream& out, const std::vector<Row>& rows) {
        std::string table;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const auto& row = rows[i];
            out.print("constexpr VersionRow versions_{}[] = {{", i);
            for (const auto& version : split(row[3], ',')) {
                const auto colon = version.find(':');
                const auto range = split(version.substr(colon + 1), '-');
                out.print("{{\"{}\", {}, {}}}, ", version.substr(0, colon), minor_of(range[0]),
                          minor_of(range[1]));
            }
            out.print("}};\n");
            table += fmt::format(
                "    {{{}, {}, {}, versions_{}, {}, {}, {}, {}, {}, {}, {}, {}, {}}},\n",
                quoted(row[0]), quoted(row[1]), quoted(row[2]), i, quoted(row[4]), quoted(row[5]),
                quoted(row[6]), quoted(row[7]), row[8] == "1", quoted(row[9]), quoted(row[10]),
                row[11] == "json", quoted(row[12]));
        }
        out.print("\nconstexpr ResourceRow resource_table[] = {{\n{}}};\n", table);
    }

    std::map<std::string, std::vector<Row>> rows_;
    std::map<std::string, int> index_;
};

}  // namespace

int main(int argc, char** argv) {
    try {
        if (argc < 4)
            throw std::runtime_error(
                "usage: kube_schema_compiler OUT *-resources.tsv... *-fields.tsv...");
        Compiler compiler;
        std::vector<Row> resources;
        for (int i = 2; i < argc; ++i) {
            if (std::string_view(argv[i]).ends_with("-fields.tsv")) {
                compiler.add_fields(argv[i]);
                continue;
            }
            for (auto& row : read_table(argv[i], 15)) resources.push_back(std::move(row));
        }
        std::sort(resources.begin(), resources.end());
        auto out = fmt::output_file(argv[1]);
        compiler.write(out, resources);
        return 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "kube_schema_compiler: {}\n", error.what());
        return 1;
    }
}
