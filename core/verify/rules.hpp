#pragma once

#include <span>
#include <string_view>

#include "core/verify/verify.hpp"

// The rules stand beside the checks that find them, a subject a file. Each such file gives its rows
// of the one table here; rules() joins them in the order of the stages.

namespace salvor::verify {

using RuleRows = std::span<const Rule>;

RuleRows container_rules();
RuleRows size_rules();
RuleRows trailer_rules();
RuleRows page_rules();
RuleRows tree_rules();
RuleRows bucket_rules();
RuleRows key_row_rules();
RuleRows lease_row_rules();
RuleRows alarm_rules();
RuleRows auth_row_rules();
RuleRows member_row_rules();
RuleRows cluster_row_rules();
RuleRows meta_row_rules();
RuleRows identity_rules();
RuleRows row_order_rules();
RuleRows history_rules();
RuleRows compaction_rules();
RuleRows attachment_rules();
RuleRows auth_rules();
RuleRows membership_rules();
RuleRows version_rules();
RuleRows log_rules();
RuleRows snap_rules();
RuleRows snap_store_rules();
RuleRows position_rules();
RuleRows value_rules();
RuleRows object_identity_rules();
RuleRows custom_resource_rules();
RuleRows encryption_rules();
RuleRows metadata_rules();
RuleRows owner_rules();
RuleRows namespace_rules();
RuleRows stored_version_rules();
RuleRows webhook_rules();
RuleRows address_rules();
RuleRows node_port_rules();
RuleRows volume_rules();
RuleRows certificate_rules();
RuleRows token_rules();
RuleRows host_rules();
RuleRows role_rules();
RuleRows pod_rules();
RuleRows workload_rules();
RuleRows network_rules();
RuleRows budget_rules();
RuleRows device_rules();
RuleRows migration_rules();

/// nullptr where the table has no such rule.
const Rule* find_rule(std::string_view id);

}  // namespace salvor::verify
