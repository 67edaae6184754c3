#pragma once

#include <string>
#include <vector>

#include "core/audit/subject.hpp"
#include "core/report/answer_table.hpp"
#include "tools/salvor/commands.hpp"

namespace salvor::tool {

/// What `audit` is asked.
struct AuditQuestion {
    std::string source;
    std::vector<std::string> words;  ///< which question, and its own words
    std::string as;
    std::vector<std::string> as_groups;
    std::string namespace_name;
    bool all_namespaces = false;
    std::string subresource;
    std::string against;
    bool all = false;
    std::string node;
    std::string now;
    std::string output = "text";
    std::string kubernetes_version;
    std::string encryption_config;

    bool has_subject() const { return !as.empty() || !as_groups.empty(); }
    report::TableFormat format() const;
};

/// Whose rights are asked for. Error: usage (nobody's).
Result<salvor::audit::Identity> identity_of(const AuditQuestion& question);

/// who-can VERB TYPE[/NAME]; can-i VERB TYPE[/NAME]; rights.
Result<Answer> answer_who_can(const AuditQuestion& question);
Result<Answer> answer_can_i(const AuditQuestion& question);
Result<Answer> answer_rights(const AuditQuestion& question);
/// audit_exposure.cpp: exposure.
Result<Answer> answer_exposure(const AuditQuestion& question);

}  // namespace salvor::tool
