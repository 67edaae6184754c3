#include "tools/salvor/error_document.hpp"

#include <fmt/core.h>
#include <stdio_ext.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "formats/text/escape.hpp"
#include "tools/salvor/progress.hpp"

namespace salvor::tool {

void tell_error(const Error& error) {
    nlohmann::ordered_json body{{"reason", reason(error.code)},
                                {"message", text::escape_message(error.message)}};
    if (error.offset) body["offset"] = *error.offset;
    __fpurge(stdout);  // what of an answer was not yet written is not to be relied on
    fmt::print("{}\n", nlohmann::ordered_json{{"error", body}}.dump());
    std::fflush(stdout);
}

void say_error(const Error& error, Format format) {
    say(error.message);
    if (format == Format::json) tell_error(error);
}

}  // namespace salvor::tool
