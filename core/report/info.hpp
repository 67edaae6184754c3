#pragma once

#include <string>
#include <vector>

#include "core/info/info.hpp"

namespace salvor::report {

/// `info -o json`: one document, names as info.md lists them.
std::string info_json(const info::Info& info);
/// The layers of a source as JSON names them, outermost first.
std::vector<std::string> layer_names(const std::vector<envelope::Layer>& layers,
                                     bool is_data_directory, bool has_trailer);
/// `info`: a page for people, lines of at most 100 columns where what is shown allows it.
std::string info_text(const info::Info& info);

}  // namespace salvor::report
