#pragma once

#include <string>

#include "formats/etcd/version.hpp"

namespace salvor::tool::standin {

/// Where a restore is to write.
struct DataPlace {
    std::string data_dir;
    std::string wal_dir;
    std::string snap_dir;
};
/// The options' values, empty ones filled in as etcdutl does.
DataPlace data_place(const std::string& data_dir, const std::string& wal_dir,
                     const std::string& name);

/// Empty where a restore may write there, else etcdutl's words on why not.
std::string standing_flaw(const DataPlace& place, etcd::Line line);
/// Empty where the folders can be made, as far as what is there tells.
std::string making_flaw(const DataPlace& place);

}  // namespace salvor::tool::standin
