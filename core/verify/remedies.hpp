#pragma once

// What to do, where several rules say the same.

namespace salvor::verify::remedy {

inline constexpr const char* damaged =
    "the file is damaged: use another backup or another copy of this one; with none, `salvor "
    "recover` makes a sound one of what is left";
inline constexpr const char* stops_etcd =
    "etcd stops at this row when it starts: use another backup or another copy of this one";
inline constexpr const char* foreign_row =
    "etcd keeps the row and does not read it; nothing has to be done";

}  // namespace salvor::verify::remedy
