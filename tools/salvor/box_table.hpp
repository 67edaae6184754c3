#pragma once

#include <string>
#include <vector>

namespace salvor::tool {

/// A table in etcdctl 3.7's frame: titles centred, cells to the right.
std::string box_table(const std::vector<std::string>& titles,
                      const std::vector<std::vector<std::string>>& rows);

}  // namespace salvor::tool
