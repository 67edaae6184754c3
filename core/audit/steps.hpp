#pragma once

#include "core/audit/at_rest.hpp"

namespace salvor::audit {

/// What is not as it should be, and what to do about it.
struct AtRestStep {
    const char* reason;    ///< stable: keyAbsent, keyFails, plainRefused, rewrite, notEncrypted
    std::string resource;  ///< "secrets"
    std::uint64_t values;
    std::string what;     ///< a sentence, without a full stop
    std::string command;  ///< for the running cluster; empty: none does it
};
/// The most urgent first: what cannot be read, what has to be rewritten, what stands open.
std::vector<AtRestStep> steps(const AtRest& at_rest);

/// What one should know, and nothing has to be done about now: a sentence each.
std::vector<std::string> notes(const AtRest& at_rest);

}  // namespace salvor::audit
