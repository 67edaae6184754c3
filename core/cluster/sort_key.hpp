#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/cluster/json_path.hpp"

namespace salvor::cluster {

/// What kubectl's --sort-by compares: numbers as numbers, quantities by what they mean, other texts
/// byte by byte; an object without the field comes first.
/// Source: kubectl pkg/cmd/get/sorter.go
struct SortKey {
    enum class Kind : std::uint8_t { absent, number, text };
    Kind kind = Kind::absent;
    double number = 0;
    bool is_quantity = false;  ///< of a text: `number` is what it means
    std::string text;

    static SortKey of(const JsonPath& path, const kube::Value& object);
    bool operator<(const SortKey& other) const;
};

/// What a resource.Quantity such as 1.5Gi or 100m means; nullopt for any other text.
std::optional<double> quantity_of(Bytes text);

}  // namespace salvor::cluster
