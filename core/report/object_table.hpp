#pragma once

#include "core/cluster/table/table.hpp"
#include "core/report/object_columns.hpp"

// Objects as kubectl's tables: -o table, -o wide.

namespace salvor::report {

struct TableStyle {
    table::Width width = table::Width::narrow;
    Headers headers = Headers::shown;
    table::Now now;
    bool show_labels = false;
    std::vector<std::string> label_columns;  ///< a column each for these labels
    bool keeps_order = false;                ///< the objects come in an order that was asked for
};

/// A block a kind, with a blank line between; NAMESPACE where the query does not name one. What a
/// block shows is held until its end, since the widest cells decide. The presenter and the query
/// must outlive the printer.
std::unique_ptr<ObjectPrinter> table_printer(const cluster::Presenter& presenter,
                                             const cluster::Query& query, TableStyle style,
                                             TextSink sink);

}  // namespace salvor::report
