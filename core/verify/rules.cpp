#include "core/verify/rules.hpp"

#include <algorithm>

namespace salvor::verify {

const std::vector<Rule>& rules() {
    static const auto table = [] {
        std::vector<Rule> all;
        for (const auto rows : {container_rules(),
                                size_rules(),
                                trailer_rules(),
                                page_rules(),
                                tree_rules(),
                                bucket_rules(),
                                key_row_rules(),
                                lease_row_rules(),
                                alarm_rules(),
                                auth_row_rules(),
                                member_row_rules(),
                                cluster_row_rules(),
                                meta_row_rules(),
                                identity_rules(),
                                row_order_rules(),
                                history_rules(),
                                compaction_rules(),
                                attachment_rules(),
                                auth_rules(),
                                membership_rules(),
                                version_rules(),
                                log_rules(),
                                snap_rules(),
                                snap_store_rules(),
                                position_rules(),
                                value_rules(),
                                object_identity_rules(),
                                custom_resource_rules(),
                                encryption_rules(),
                                metadata_rules(),
                                owner_rules(),
                                namespace_rules(),
                                stored_version_rules(),
                                webhook_rules(),
                                address_rules(),
                                node_port_rules(),
                                volume_rules(),
                                certificate_rules(),
                                token_rules(),
                                host_rules(),
                                role_rules(),
                                pod_rules(),
                                workload_rules(),
                                network_rules(),
                                budget_rules(),
                                device_rules(),
                                migration_rules()}) {
            all.insert(all.end(), rows.begin(), rows.end());
        }
        return all;
    }();
    return table;
}

const Rule* find_rule(std::string_view id) {
    const auto& all = rules();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Rule& rule) { return rule.id == id; });
    return found == all.end() ? nullptr : &*found;
}

}  // namespace salvor::verify
