#pragma once

#include <memory>

#include "core/diff/diff.hpp"
#include "core/diff/lineage.hpp"
#include "core/report/objects.hpp"

// What differs between two views, each change written as it comes.

namespace salvor::report {

enum class DiffFormat { text, json };

/// A view as people named it.
struct DiffSide {
    std::string source;
    std::int64_t revision = 0;  ///< 0: it has none
};

class DiffPrinter {
 public:
    virtual ~DiffPrinter() = default;
    virtual void add(const diff::Change& change) = 0;
    /// Ends the answer; nothing may follow.
    virtual void finish(const diff::Summary& summary) = 0;
};

struct DiffHead {
    DiffSide before, after;
    diff::Lineage lineage;
};

std::unique_ptr<DiffPrinter> diff_printer(const DiffHead& head, DiffFormat format, TextSink sink);
std::unique_ptr<DiffPrinter> diff_text(const DiffHead& head, TextSink sink);
std::unique_ptr<DiffPrinter> diff_json(const DiffHead& head, TextSink sink);

/// The rules, for --list-rules.
std::string diff_rules_text();
std::string diff_rules_json();
/// What a rule is for; empty: there is none of that name.
Bytes diff_rule_words(const std::string& name);

}  // namespace salvor::report
