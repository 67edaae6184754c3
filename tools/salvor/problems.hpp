#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace salvor::tool {

/// Tells on stderr what is wrong with one object after the other. What is wrong with many in the
/// same words is told of the first few; the rest is summed up.
class Problems {
 public:
    void say(std::string_view key, const std::string& problem);
    /// How many more there were of each.
    void sum_up();

 private:
    std::map<std::string, std::uint64_t> told_;  ///< how many there were of each
};

}  // namespace salvor::tool
