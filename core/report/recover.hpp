#pragma once

#include <string>

#include "core/recover/recovery.hpp"
#include "core/verify/new_snapshot.hpp"

namespace salvor::report {

/// What a recovery came to; `made` is nullptr where nothing was to be written.
struct Recovered {
    std::string source;
    std::string to;
    const recover::Recovery& recovery;
    const verify::MadeSnapshot* made;
    bool wrong_trailer = false;  ///< the source's digest is not its bytes'
};

/// `recover`: a page for people.
std::string recover_text(const Recovered& recovered);
/// `recover -o json`: one document with a line feed, names as recover.md lists them.
std::string recover_json(const Recovered& recovered);
/// `recover -o jsonl`: a line for every row of the bucket `key` that is given back, in revision
/// order, then for those of the other buckets.
void recover_lines(const recover::Recovery& recovery,
                   const std::function<void(std::string_view line)>& write);

}  // namespace salvor::report
