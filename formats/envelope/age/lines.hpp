#pragma once

#include <string>
#include <vector>

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"

namespace salvor::envelope::age {

/// What `parse` makes of each line of a file of keys; comments and empty lines are passed over.
/// `what`: one of them, in words. Errors: malformed (none is in it), those of `parse`, with the
/// line's number.
template <class Parse>
auto parse_lines(Bytes file, const std::string& name, const char* what, Parse&& parse)
    -> Result<std::vector<typename decltype(parse(file))::value_type>> {
    std::vector<typename decltype(parse(file))::value_type> found;
    for (std::size_t number = 1; !file.empty(); ++number) {
        const auto end = file.find('\n');
        auto line = file.substr(0, end);
        file.remove_prefix(end == Bytes::npos ? file.size() : end + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty() || line.starts_with('#')) continue;
        auto one = parse(line);
        if (!one)
            return fail(one.error().code, "{}, line {}: {}", name, number, one.error().message);
        found.push_back(*std::move(one));
    }
    if (found.empty()) return fail(ErrorCode::malformed, "{}: no {} is in it", name, what);
    return found;
}

}  // namespace salvor::envelope::age
