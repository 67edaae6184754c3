#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "formats/kube/value.hpp"

namespace salvor::describe {

/// A resource.Quantity to reckon with: exact to a billionth, and written as Kubernetes writes it.
/// Source: apimachinery pkg/api/resource/{quantity,amount,suffix}.go
class Quantity {
 public:
    Quantity() = default;
    /// "1.5Gi", "100m", "12e6"; nullopt for any other text.
    static std::optional<Quantity> parse(std::string_view text);
    /// Of a field; zero where it is absent or none.
    static Quantity of(const kube::Value* field);

    bool is_zero() const { return nanos_ == 0; }
    std::int64_t value() const { return rounded_up(1'000'000'000); }
    std::int64_t milli_value() const { return rounded_up(1'000'000); }
    int compare(const Quantity& other) const {
        return nanos_ < other.nanos_ ? -1 : nanos_ > other.nanos_ ? 1 : 0;
    }
    bool operator>(const Quantity& other) const { return compare(other) > 0; }
    void add(const Quantity& other);
    std::string text() const;
    /// In the form of the other; as kubectl's quotas have it, cut up to whole ones where forms
    /// differ.
    std::string text_beside(const Quantity& other) const;

 private:
    enum class Form : std::uint8_t { decimal, binary, exponent };
    __extension__ typedef __int128 Wide;

    std::int64_t rounded_up(std::int64_t nanos) const;
    std::string decimal_text(Form form) const;
    std::string binary_text() const;

    Wide nanos_ = 0;
    Form form_ = Form::decimal;
};

/// By a resource's name.
using Quantities = std::map<std::string, Quantity, std::less<>>;
void add_to(Quantities& sums, std::string_view name, const Quantity& amount);
void add_to(Quantities& sums, const Quantities& more);
/// Of each the greater.
void raise_to(Quantities& least, const Quantities& other);
Quantities quantities_of(const kube::Value* list);

}  // namespace salvor::describe
