#include "core/cluster/member_path.hpp"

#include <algorithm>
#include <cctype>

#include "formats/text/go_json.hpp"

namespace salvor::cluster {
namespace {

bool is_bare_name(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return std::isalnum(c) || c == '_' || c == '-' || c == '$';
    });
}

}  // namespace

void append_member(std::string& path, std::string_view name) {
    if (is_bare_name(name)) {
        path.append(path.empty() ? "" : ".").append(name);
        return;
    }
    path += "[";
    text::append_go_string(path, name);
    path += "]";
}

}  // namespace salvor::cluster
