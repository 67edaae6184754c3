#include "tools/salvor/standin/log.hpp"

#include <fmt/core.h>

#include <chrono>
#include <ctime>
#include <nlohmann/json.hpp>

namespace salvor::tool::standin {
namespace {

std::string json(const std::string& text) {
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string json(const Field::Value& value, const char* comma) {
    if (const auto* text = std::get_if<std::string>(&value)) return json(*text);
    if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
    if (const auto* number = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *number);
    if (const auto* number = std::get_if<std::uint64_t>(&value)) return fmt::format("{}", *number);
    std::string list;
    for (const auto& text : std::get<std::vector<std::string>>(value))
        list += (list.empty() ? "" : comma) + json(text);
    return "[" + list + "]";
}

std::string now_rfc3339() {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    char text[32];
    return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc)};
}

}  // namespace

void Log::info(const char* caller, const char* message, const std::vector<Field>& fields) const {
    const bool tabs = line_ >= etcd::Line::v3_5;
    std::string object;
    for (const auto& field : fields) {
        if (tabs) {
            object += fmt::format("{}{}: {}", object.empty() ? "" : ", ",
                                  json(std::string(field.name)), json(field.value, ", "));
        } else {
            object += fmt::format(",{}:{}", json(std::string(field.name)), json(field.value, ","));
        }
    }
    if (tabs) {
        fmt::print(stderr, "{}\tinfo\tsalvor/{}\t{}{}\n", now_rfc3339(), caller, message,
                   object.empty() ? "" : "\t{" + object + "}");
        return;
    }
    const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
    fmt::print(stderr,
               "{{\"level\":\"info\",\"ts\":{:.7f},\"caller\":\"salvor/{}\",\"msg\":{}{}}}\n",
               now.count(), caller, json(std::string(message)), object);
}

}  // namespace salvor::tool::standin
