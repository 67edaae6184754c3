#pragma once

#include <cstdint>
#include <string>

#include "formats/base/bytes.hpp"

namespace salvor::query {

/// A value as SQLite has them. Text and bytes are views, or own what had to be made.
struct Cell {
    enum class Kind : std::uint8_t { null, integer, real, text, bytes };
    Kind kind = Kind::null;
    std::int64_t integer = 0;
    double real = 0;
    Bytes view;
    std::string made;

    void set(std::int64_t number) {
        kind = Kind::integer;
        integer = number;
    }
    /// A view, which must outlive the cell.
    void set(Bytes text) {
        kind = Kind::text;
        view = text;
    }
    void set_made(std::string text) {
        made = std::move(text);
        set(Bytes(made));
    }
    /// Bytes of a snapshot: text where they are UTF-8.
    void set_stored(Bytes bytes);
    void set_or_null(Bytes text) {
        if (!text.empty()) set(text);
    }
};

}  // namespace salvor::query
