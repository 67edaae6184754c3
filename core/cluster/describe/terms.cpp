#include "core/cluster/describe/terms.hpp"

namespace salvor::describe {
namespace {

/// "disk in [ssd, nvme]"; what has no operator is `in`.
std::string requirement_text(const Value& requirement) {
    const auto op = table::lower(requirement.text("operator"));
    auto text = fmt::format("{} {}", requirement.text("key"), op.empty() ? "in" : op);
    if (!items_at(requirement, "values").empty())
        text += fmt::format(" [{}]", joined_at(requirement, "values", ", "));
    return text;
}

}  // namespace

void selector_terms(Writer& out, std::size_t level, std::span<const Value> terms,
                    std::string_view field) {
    for (std::size_t i = 0; i < terms.size(); ++i) {
        out.write(level, "Term {}:\t", i);
        const auto all = items_at(terms[i], field);
        if (all.empty()) out.end_line("<none>");
        for (std::size_t n = 0; n < all.size(); ++n) {
            if (n > 0) out.write(level, "\t");
            out.write(0, "{}\n", requirement_text(all[n]));
        }
    }
}

}  // namespace salvor::describe
