#pragma once

#include "core/report/json_items.hpp"
#include "core/timeline/carved.hpp"

// How a view of the history marks what no file keeps.

namespace salvor::report {

inline void tell_carved(text::JsonWriter& json, const timeline::Carved& carved) {
    json.key("carved");
    json.boolean(true);
    tell_number(json, "page", carved.page);
    tell_text(json, "confidence", carved.confidence);
}

/// "carved out of page 12 (form): "; nothing of what is kept.
inline std::string carved_words(const timeline::Carved* carved) {
    if (!carved) return "";
    return fmt::format("carved out of page {} ({}): ", carved->page, carved->confidence);
}

/// The line of YAML before an object that was carved.
inline std::string carved_comment(const timeline::Carved& carved, bool is_deleted) {
    return fmt::format("# carved: revision {}, page {}, {}{}\n",
                       etcd::to_string(carved.row_key.revision), carved.page, carved.confidence,
                       is_deleted ? "; its key is deleted" : "");
}

}  // namespace salvor::report
