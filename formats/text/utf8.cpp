#include "formats/text/utf8.hpp"

#include <array>

namespace salvor::text {
namespace {

struct Form {
    std::uint8_t lead_mask, lead, size;
    std::uint32_t least;  // below this the form is overlong
};
constexpr std::array forms{Form{0x80, 0x00, 1, 0}, Form{0xE0, 0xC0, 2, 0x80},
                           Form{0xF0, 0xE0, 3, 0x800}, Form{0xF8, 0xF0, 4, 0x10000}};

bool is_scalar(std::uint32_t value) {
    return value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
}

CodePoint read_as(const Form& form, Bytes bytes) {
    if (bytes.size() < form.size) return {};
    std::uint32_t value =
        static_cast<std::uint8_t>(bytes[0]) & static_cast<std::uint8_t>(~form.lead_mask);
    for (std::size_t i = 1; i < form.size; ++i) {
        const auto next = static_cast<std::uint8_t>(bytes[i]);
        if ((next & 0xC0) != 0x80) return {};
        value = value << 6 | (next & 0x3F);
    }
    if (value < form.least || !is_scalar(value)) return {};
    return {value, form.size};
}

}  // namespace

CodePoint first_code_point(Bytes bytes) {
    if (bytes.empty()) return {};
    const auto lead = static_cast<std::uint8_t>(bytes[0]);
    for (const auto& form : forms) {
        if ((lead & form.lead_mask) == form.lead) return read_as(form, bytes);
    }
    return {};
}

bool is_utf8(Bytes bytes) {
    while (!bytes.empty()) {
        const auto point = first_code_point(bytes);
        if (point.size == 0) return false;
        bytes.remove_prefix(point.size);
    }
    return true;
}

void append_utf8(std::string& out, std::uint32_t code_point) {
    const auto tail = [&](unsigned shift) {
        out += static_cast<char>(0x80 | (code_point >> shift & 0x3F));
    };
    if (code_point < 0x80) {
        out += static_cast<char>(code_point);
    } else if (code_point < 0x800) {
        out += static_cast<char>(0xC0 | code_point >> 6);
        tail(0);
    } else if (code_point < 0x10000) {
        out += static_cast<char>(0xE0 | code_point >> 12);
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xF0 | code_point >> 18);
        tail(12);
        tail(6);
        tail(0);
    }
}

}  // namespace salvor::text
