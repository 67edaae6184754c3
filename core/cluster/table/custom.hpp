#pragma once

#include "core/cluster/json_path.hpp"
#include "core/cluster/table/column.hpp"

namespace salvor::table {

/// The cell of a CRD's additionalPrinterColumns: what the path finds first, as `type` says it.
/// Empty where it finds nothing, or something of another type.
/// Source: apiextensions-apiserver pkg/registry/customresource/tableconvertor/tableconvertor.go
std::string custom_cell(const Subject& subject, const cluster::JsonPath& path,
                        std::string_view type);

}  // namespace salvor::table
