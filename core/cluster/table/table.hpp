#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/cluster/catalog.hpp"
#include "core/cluster/table/column.hpp"

namespace salvor::table {

/// What of a resource is shown in a table, as an apiserver of one release has it: kubectl's columns
/// of a built-in kind, additionalPrinterColumns of a custom one, else the name and the age.
class Layout {
 public:
    /// `type` nullptr: of no known resource. `version`: of a custom resource; empty: the preferred.
    static Layout of(const cluster::ResourceType* type, std::string_view version,
                     std::uint8_t release, Width width);

    const std::vector<std::string>& headers() const { return headers_; }
    std::vector<std::string> cells(const kube::Value& object, const Now& now) const;
    /// The column before whose cells `KIND/` goes where several kinds are shown.
    std::optional<std::size_t> name_column() const { return name_column_; }
    /// Whether a list stands in another order than its keys'; then by this text.
    bool is_ordered() const { return order_ != nullptr; }
    std::string order(const kube::Value& object) const;

 private:
    Layout(std::uint8_t release, Width width) : release_(release), width_(width) {}
    void add(const Column& column);
    void add_custom(const kube::Value& column);

    std::uint8_t release_;
    Width width_;
    std::vector<std::string> headers_;
    std::vector<std::function<std::string(const Subject&)>> cells_;
    std::optional<std::size_t> name_column_;
    Cell order_ = nullptr;
};

}  // namespace salvor::table
