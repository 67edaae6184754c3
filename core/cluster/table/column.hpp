#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "formats/kube/special.hpp"
#include "formats/kube/value.hpp"

// The columns of Kubernetes' tables: data, a row a column.
// Source: kubernetes pkg/printers/internalversion/printers.go of 1.16 to 1.36

namespace salvor::table {

/// In which table a column is shown: in both, or with -o wide alone.
enum class Width : std::uint8_t { narrow, wide };

/// From when ages are counted.
struct Now {
    kube::Instant at;
    bool is_least = false;  ///< it may have been later: what is younger is 0s old
};

/// What a cell is made of.
struct Subject {
    const kube::Value& object;
    Now now;
    std::uint8_t release;  ///< the minor of Kubernetes 1.x whose table it is
};

/// A cell's text. `path` is the column's own: names with dots between.
using Cell = std::string (*)(const Subject& subject, std::string_view path);

struct Column {
    std::string_view header;
    Cell cell;
    std::string_view path{};
    Width shown_from = Width::narrow;
    std::uint8_t since = 0, until = 255;  ///< releases that have it
};

struct Kind {
    std::string_view group, kind;
    std::span<const Column> columns;
    /// By which a list is ordered instead of by key.
    Cell order = nullptr;
};

/// The families of kinds, a file each.
std::span<const Kind> workloads();
std::span<const Kind> network();
std::span<const Kind> storage();
std::span<const Kind> basics();
std::span<const Kind> rbac();
std::span<const Kind> admission();
std::span<const Kind> scheduling();
std::span<const Kind> devices();
std::span<const Kind> openshift();

}  // namespace salvor::table
