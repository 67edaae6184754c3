#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "formats/etcd/version.hpp"

namespace salvor::tool::standin {

/// A field of a log line, in its order.
struct Field {
    using Value =
        std::variant<std::string, bool, std::int64_t, std::uint64_t, std::vector<std::string>>;
    const char* name;
    Value value;
};

/// Log lines on stderr in the shape of etcdutl's: tab-separated with a JSON object since 3.5, a
/// JSON object a line before. Messages and fields are upstream's, the caller is not.
class Log {
 public:
    explicit Log(etcd::Line line) : line_(line) {}
    etcd::Line line() const { return line_; }
    void info(const char* caller, const char* message, const std::vector<Field>& fields = {}) const;

 private:
    etcd::Line line_;
};

}  // namespace salvor::tool::standin
