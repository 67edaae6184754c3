#pragma once

#include <string_view>

namespace salvor::preflight {

/// What of a restored cluster's first minutes a rule speaks of.
enum class Chapter { deleted, blocked, mended, not_started, expired, foreign, kept };

/// "deleted", as the JSON has it.
const char* name(Chapter chapter);
/// As a page for people heads it.
const char* heading(Chapter chapter);

/// By a rule's id; kept for what a cluster goes on with as it was.
Chapter chapter_of(std::string_view rule);

}  // namespace salvor::preflight
