#pragma once

#include <span>

#include "core/cluster/describe/surroundings.hpp"
#include "core/cluster/describe/writer.hpp"
#include "core/cluster/table/column.hpp"

// How kubectl describes a kind: data, a row a kind.
// Source: kubernetes kubectl pkg/describe/describe.go of 1.24 to 1.36

namespace salvor::describe {

struct Subject {
    const kube::Value& object;  ///< as a server would serve it
    table::Now now;
    std::uint8_t release;  ///< the minor of the kubectl 1.x whose layout it is
    const Surroundings& around;
};

/// Whether Events about the object follow, and of which kind they must say it is.
enum class Events : std::uint8_t { shown, of_any_kind, of_node, none };

struct Kind {
    std::string_view group, kind;
    void (*describe)(const Subject& subject, Writer& out);
    Events events = Events::shown;
    std::uint8_t since = 0, until = 255;  ///< releases whose kubectl knows it; else it is generic
};

/// The families of kinds, a file each.
std::span<const Kind> basics();
std::span<const Kind> pods();
std::span<const Kind> nodes();
std::span<const Kind> workloads();
std::span<const Kind> jobs();
std::span<const Kind> network();
std::span<const Kind> policies();
std::span<const Kind> storage();
std::span<const Kind> limits();
std::span<const Kind> rbac();
std::span<const Kind> scaling();
std::span<const Kind> certificates();

/// What kubectl does with every other kind, custom resources among them.
void describe_generic(const Subject& subject, Writer& out);
/// "API Version" for apiVersion, as that names fields.
std::string field_label(std::string_view field, std::uint8_t release);

}  // namespace salvor::describe
