#pragma once

#include <string>
#include <vector>

#include "formats/envelope/form.hpp"

namespace salvor::envelope {

struct Layer {
    Form form = Form::plain;
    std::string entry;  ///< of an archive: which of its entries was taken, as it names it
};

/// "gzip; in it tar (entry a/b.db)", outermost first; fit for a terminal.
std::string words(const std::vector<Layer>& layers);

}  // namespace salvor::envelope
