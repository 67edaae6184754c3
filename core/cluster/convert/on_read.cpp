#include "core/cluster/convert/on_read.hpp"

namespace salvor::convert {
namespace {

Value text(Bytes value) {
    return Value::of(value);
}

/// Of a headless one the families are the cluster's own, which its file does not tell.
void families(Value& spec) {
    auto families = Value::array();
    for (const auto& address : items(spec, {"clusterIPs"})) {
        if (address.string == "None") return;
        const bool is_ipv6 = address.string.find(':') != Bytes::npos;
        families.items.push_back(text(is_ipv6 ? "IPv6" : "IPv4"));
    }
    if (families.items.empty()) return;
    const auto policy = families.items.size() == 1 ? "SingleStack" : "RequireDualStack";
    spec.set("ipFamilies", std::move(families));
    spec.set("ipFamilyPolicy", text(policy));
}

void service(Value& service, std::uint8_t release) {
    constexpr std::uint8_t plural_release = 20, families_release = 21, internal_release = 24;
    auto* spec = member(service, "spec");
    if (!spec) return;
    const auto type = spec->text("type"), address = spec->text("clusterIP");
    const bool has_address = !address.empty() && type != "ExternalName";
    if (has_address && release >= plural_release)
        set_if_zero(*spec, "clusterIPs", list_of({text(address)}));
    if (has_address && release >= families_release && is_zero(spec->find("ipFamilies")))
        families(*spec);
    if (type == "ExternalName" && release >= internal_release) spec->erase("internalTrafficPolicy");
}

void claim(Value& claim, std::uint8_t release) {
    constexpr std::uint8_t any_source_release = 24;
    auto* spec = member(claim, "spec");
    if (!spec || release < any_source_release) return;
    const auto* source = member(*spec, "dataSource");
    const auto* reference = member(*spec, "dataSourceRef");
    if (source && !reference) {
        const Value copy = *source;
        spec->set("dataSourceRef", copy);
    } else if (reference && !source && reference->text("namespace").empty()) {
        Value copy = *reference;
        copy.erase("namespace");
        spec->set("dataSource", std::move(copy));
    }
}

}  // namespace

void fill_on_read(Value& object, std::uint8_t release) {
    if (object.text("apiVersion") != "v1") return;
    if (object.text("kind") == "Service") service(object, release);
    if (object.text("kind") == "PersistentVolumeClaim") claim(object, release);
}

}  // namespace salvor::convert
