#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "formats/base/bytes.hpp"

namespace salvor::query {

/// Whether any of a few byte strings stands in a text: a look at two bytes of each, many places at
/// once, then at the rest.
class Needles {
 public:
    enum class Letters : std::uint8_t { as_they_are, in_any_case };
    /// In any case: of the 52 letters of ASCII.
    void add(std::string text, Letters letters);
    std::size_t size() const { return needles_.size(); }
    bool stand_in(Bytes text) const;

 private:
    struct Needle {
        std::string text;  ///< lower case where letters are in any case
        Letters letters;
        std::size_t first, second;  ///< places of the two bytes, the rarest that there are

        bool stands_at(const char* place) const;
        bool stands_in(Bytes bytes) const;
        bool stands_in_slowly(Bytes bytes) const;
    };
    std::vector<Needle> needles_;
};

}  // namespace salvor::query
