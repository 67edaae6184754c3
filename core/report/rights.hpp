#pragma once

#include "core/audit/powers.hpp"
#include "core/audit/rights_change.hpp"
#include "core/report/answer_table.hpp"

// `audit`'s answers on rights.

namespace salvor::report {

/// Of which state.
struct RightsHead {
    std::string source;
    std::int64_t revision = 0;
};

/// `who-can`: a row a subject and binding.
AnswerTable who_can_table(const RightsHead& head, const audit::Request& request,
                          const audit::Rights& rights, const std::vector<audit::Grant>& grants);
/// `can-i`: the bindings by which it is granted.
AnswerTable can_i_table(const RightsHead& head, const audit::Identity& identity,
                        const audit::Request& request, const audit::Rights& rights,
                        const std::vector<audit::Grant>& grants);
/// `rights --as`: a row a resource or URL of each rule.
AnswerTable rights_table(const RightsHead& head, const audit::Identity& identity,
                         const audit::Rights& rights, const std::vector<audit::Grant>& grants);
/// `rights`: who holds what matters most.
AnswerTable powers_table(const RightsHead& head, const audit::Rights& rights,
                         const std::vector<audit::PowerHeld>& held, audit::Whose whose);
/// `rights --against`. Of what one binding changes for a subject people are told the first few.
enum class Rows : std::uint8_t { first_few, all };
AnswerTable changes_table(const RightsHead& older, const RightsHead& head,
                          const audit::Rights& before, const audit::Rights& after,
                          const std::vector<audit::RightsChange>& changes, Rows rows);

}  // namespace salvor::report
