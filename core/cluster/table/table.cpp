#include "core/cluster/table/table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/cluster/table/cells.hpp"
#include "core/cluster/table/custom.hpp"

namespace salvor::table {
namespace {

using cluster::ResourceType;

constexpr Column any_kind[] = {
    {"NAME", name},
    {"AGE", age_at, created},
};

const Kind* kind_of(const ResourceType& type) {
    for (const auto family :
         {workloads, network, storage, basics, rbac, admission, scheduling, devices, openshift}) {
        for (const auto& kind : family()) {
            if (kind.kind == type.kind && kind.group == type.group) return &kind;
        }
    }
    return nullptr;
}

const kube::Value* custom_columns(const ResourceType& type, std::string_view version) {
    if (version.empty()) version = type.versions.front();
    const auto found =
        std::find_if(type.custom_versions.begin(), type.custom_versions.end(),
                     [&](const cluster::CustomVersion& one) { return one.name == version; });
    const auto* columns = found == type.custom_versions.end() ? nullptr : found->columns;
    return columns && !columns->items.empty() ? columns : nullptr;
}

std::string upper(std::string_view text) {
    std::string raised(text);
    for (char& c : raised) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return raised;
}

}  // namespace

Layout Layout::of(const ResourceType* type, std::string_view version, std::uint8_t release,
                  Width width) {
    Layout layout(release, width);
    if (const auto* custom = type && type->is_custom() ? custom_columns(*type, version) : nullptr) {
        layout.add({"NAME", name});
        for (const auto& column : custom->items) layout.add_custom(column);
        return layout;
    }
    const auto* kind = type && !type->is_custom() ? kind_of(*type) : nullptr;
    for (const auto& column : kind ? kind->columns : std::span<const Column>(any_kind))
        layout.add(column);
    if (kind) layout.order_ = kind->order;
    return layout;
}

void Layout::add(const Column& column) {
    if (release_ < column.since || release_ > column.until) return;
    if (column.shown_from == Width::wide && width_ != Width::wide) return;
    const bool is_name = column.cell == name || (column.header == "NAME" && column.cell != text_at);
    if (is_name && !name_column_) name_column_ = headers_.size();
    headers_.emplace_back(column.header);
    cells_.emplace_back(
        [cell = column.cell, path = column.path](const Subject& s) { return cell(s, path); });
}

/// A path that does not parse leaves its column out; a server would not have taken the CRD.
void Layout::add_custom(const kube::Value& column) {
    if (integer_at(column, "priority") != 0 && width_ != Width::wide) return;
    const auto path = column.text(column.find("jsonPath") ? "jsonPath" : "JSONPath");
    auto parsed = cluster::JsonPath::parse(fmt::format("{{{}}}", path));
    if (!parsed) return;
    headers_.push_back(upper(column.text("name")));
    cells_.emplace_back([path = std::move(*parsed), type = std::string(column.text("type"))](
                            const Subject& s) { return custom_cell(s, path, type); });
}

std::vector<std::string> Layout::cells(const kube::Value& object, const Now& now) const {
    const Subject subject{object, now, release_};
    std::vector<std::string> made;
    made.reserve(cells_.size());
    for (const auto& cell : cells_) made.push_back(cell(subject));
    return made;
}

std::string Layout::order(const kube::Value& object) const {
    return order_ ? order_({object, {}, release_}, {}) : std::string{};
}

}  // namespace salvor::table
