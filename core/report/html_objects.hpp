#pragma once

#include "core/cluster/present.hpp"
#include "core/report/html.hpp"
#include "formats/text/json_writer.hpp"

namespace salvor::report {

/// `[[group, group, name, revision, bytes, key], ...]`: what stands in the page's list, row by row.
class RowList {
 public:
    explicit RowList(HtmlPage& page);
    /// `tell` writes the row's six.
    template <class Tell>
    void add(Tell&& tell) {
        if (!std::exchange(is_first_, false)) text_ += ',';
        text::JsonWriter json(text_);
        json.begin_array();
        tell(json);
        json.end_array();
        flush();
    }
    void finish();

 private:
    void flush();
    HtmlPage& page_;
    std::string text_;
    bool is_first_ = true;
};

/// The texts of the list's rows, in its order, some to an element, so that a browser parses those
/// that are looked at.
class TextParts {
 public:
    explicit TextParts(HtmlPage& page) : page_(page) {}
    void add(Bytes text);
    void finish();

 private:
    HtmlPage& page_;
    std::size_t place_ = 0;
};

/// The page's objects: a list of all, and each one's YAML as `get` prints it, in parts that are
/// read when one of theirs is looked at. Secrets are redacted.
void add_objects(HtmlPage& page, const cluster::Cluster& cluster);

}  // namespace salvor::report
