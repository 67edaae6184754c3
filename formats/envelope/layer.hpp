#pragma once

#include <string>

#include "formats/envelope/form.hpp"

namespace salvor::envelope {

struct Layer {
    Form form = Form::plain;
    std::string entry;  ///< of an archive: which of its entries was taken, as it names it
};

}  // namespace salvor::envelope
