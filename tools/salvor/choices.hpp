#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

// Options that take one of a few words. The words are said once: what is typed is checked against
// them, and completion offers them.

namespace salvor::tool {

/// in_any_case: as etcdctl reads them, to which an empty word is none.
enum class Letters { as_they_are, in_any_case };
/// Refuses all but these. A word that ends in `=` starts a longer value.
void take_only(CLI::Option* option, const std::vector<std::string>& words,
               Letters letters = Letters::as_they_are);
/// Offers these; what else there may be, the command knows.
void offer(CLI::Option* option, const std::vector<std::string>& words);

/// As add_option(), of an option that takes only these.
void add_choice(CLI::App& app, const char* names, const char* value_name, std::string& value,
                const std::vector<std::string>& words, const char* what,
                Letters letters = Letters::as_they_are);

/// The words of either; empty: it is no such option.
std::vector<std::string> choices_of(CLI::Option& option);

}  // namespace salvor::tool
