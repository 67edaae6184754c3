#pragma once

#include "core/cluster/describe/parts.hpp"

namespace salvor::describe {

/// The section of a pod's or a template's containers. `pod`: whose states and fields they show;
/// nullptr for a template's.
void containers(const Subject& subject, Writer& out, std::string_view title,
                std::span<const Value> containers, const Value* pod, std::string_view statuses,
                std::string_view indent);
/// The section "Pod Template".
void pod_template(const Subject& subject, Writer& out, const Value* made);
/// "%d Running / %d Waiting / ..." of the pods that a controller selects and owns.
std::string pods_of_controller(const Subject& subject, const Value* selector);
/// Limits and requests.
void resources(Writer& out, const Value& holder, std::size_t level);
/// The sections that pods and templates have alike.
void tolerations(Writer& out, std::string_view title, const Value& pod_spec);
void spread_constraints(Writer& out, std::string_view indent, const Value& pod_spec);
void scheduling_group(const Subject& subject, Writer& out, std::string_view indent,
                      const Value& pod_spec);

}  // namespace salvor::describe
