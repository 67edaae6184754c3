#pragma once

#include <string>

#include "core/report/objects.hpp"

// One page to look at, that holds all it needs: style, script and what is shown, as JSON.

namespace salvor::report {

/// Writes the page front to back. Nothing of what it is given is ever markup.
class HtmlPage {
 public:
    /// Begins the page. A policy in it lets its own style and script in and nothing else.
    explicit HtmlPage(TextSink sink);

    /// JSON under a name that the script knows, whole or piece by piece.
    void add(Bytes id, Bytes json);
    void begin(Bytes id);
    void more(Bytes json);
    void end();
    /// Ends the page.
    void finish();

 private:
    TextSink sink_;
};

/// JSON as it may stand in an HTML script element: no `<`, nothing that ends a line of JavaScript.
std::string json_in_html(Bytes json);

}  // namespace salvor::report
