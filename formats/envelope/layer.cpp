#include "formats/envelope/layer.hpp"

#include <fmt/core.h>

#include "formats/text/escape.hpp"

namespace salvor::envelope {

std::string words(const std::vector<Layer>& layers) {
    std::string words;
    for (const auto& layer : layers) {
        words += fmt::format("{}{}", words.empty() ? "" : "; in it ", name(layer.form));
        if (!layer.entry.empty()) words += fmt::format(" (entry {})", text::escape(layer.entry));
    }
    return words;
}

}  // namespace salvor::envelope
