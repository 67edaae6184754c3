#include <algorithm>
#include <array>
#include <cmath>

#include "core/cluster/describe/pods.hpp"
#include "core/cluster/describe/quantity.hpp"
#include "formats/text/go_quote.hpp"

namespace salvor::describe {
namespace {

constexpr std::uint8_t ports_are_named_since = 34;

std::vector<std::string> text_lines(std::string_view text) {
    std::vector<std::string> lines;
    for (std::size_t begin = 0; begin <= text.size();) {
        const auto end = std::min(text.find('\n', begin), text.size());
        lines.emplace_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return lines;
}

void ports(const Subject& subject, Writer& out, const Value& container, std::string_view field,
           std::string_view one, std::string_view many) {
    std::vector<std::string> all;
    for (const auto& port : items_at(container, "ports")) {
        auto text = fmt::format("{}/{}", number_at(port, field), port.text("protocol"));
        if (subject.release >= ports_are_named_since && !port.text("name").empty())
            text += fmt::format(" ({})", port.text("name"));
        all.push_back(std::move(text));
    }
    const auto text = table::join(all, ", ");
    out.write(2, "{}:\t{}\n", text.find(',') != std::string::npos ? many : one, or_none(text));
}

void seccomp(Writer& out, const Value& container) {
    const auto* profile = at(container, "securityContext.seccompProfile");
    if (!profile || !profile->is_object()) return;
    out.write(2, "SeccompProfile:\t{}\n", profile->text("type"));
    if (profile->text("type") == "Localhost")
        out.write(3, "LocalhostProfile:\t{}\n", profile->text("localhostProfile"));
}

void words(Writer& out, const Value& container, std::string_view field, std::string_view title) {
    const auto all = texts_at(container, field);
    if (all.empty()) return;
    out.write(2, "{}:\n", title);
    for (const auto& word : all) {
        for (const auto& line : text_lines(word)) out.write(3, "{}\n", line);
    }
}

void terminated(Writer& out, const Value& state) {
    if (const auto reason = state.text("reason"); !reason.empty())
        out.write(3, "Reason:\t{}\n", reason);
    if (const auto message = state.text("message"); !message.empty())
        out.write(3, "Message:\t{}\n", message);
    out.write(3, "Exit Code:\t{}\n", number_at(state, "exitCode"));
    if (integer_at(state, "signal") > 0) out.write(3, "Signal:\t{}\n", number_at(state, "signal"));
    out.write(3, "Started:\t{}\n", date_at(state, "startedAt"));
    out.write(3, "Finished:\t{}\n", date_at(state, "finishedAt"));
}

void state(Writer& out, std::string_view title, const Value* state) {
    const auto part = [&](std::string_view name) {
        const auto* found = state ? state->find(name) : nullptr;
        return found && found->is_object() ? found : nullptr;
    };
    if (const auto* running = part("running")) {
        out.write(2, "{}:\tRunning\n", title);
        out.write(3, "Started:\t{}\n", date_at(*running, "startedAt"));
    } else if (const auto* waiting = part("waiting")) {
        out.write(2, "{}:\tWaiting\n", title);
        if (const auto reason = waiting->text("reason"); !reason.empty())
            out.write(3, "Reason:\t{}\n", reason);
    } else if (const auto* ended = part("terminated")) {
        out.write(2, "{}:\tTerminated\n", title);
        terminated(out, *ended);
    } else {
        out.write(2, "{}:\tWaiting\n", title);
    }
}

void states(Writer& out, const Value& status) {
    state(out, "State", status.find("state"));
    if (has(status, "lastState.terminated")) state(out, "Last State", status.find("lastState"));
    out.write(2, "Ready:\t{}\n", is_true(status, "ready") ? "True" : "False");
    out.write(2, "Restart Count:\t{}\n", number_at(status, "restartCount"));
}

/// As Go's net/url escapes a path.
std::string escaped_path(std::string_view path) {
    constexpr std::string_view plain = "-_.~$&+,/:;=@";
    std::string out;
    for (const char c : path) {
        const bool is_word =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (is_word || plain.find(c) != std::string_view::npos) {
            out += c;
        } else {
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return out;
}

std::string http_get(const Value& get) {
    const auto host = get.text("host");
    const auto port = text_at(get, "port");
    auto where = std::string(host);
    if (!port.empty()) {
        const bool is_ipv6 = host.find(':') != std::string_view::npos;
        where = fmt::format("{}{}{}:{}", is_ipv6 ? "[" : "", host, is_ipv6 ? "]" : "", port);
    }
    auto path = escaped_path(get.text("path"));
    if (!path.empty() && path.front() != '/') path.insert(0, "/");
    const auto scheme = table::lower(get.text("scheme"));
    return fmt::format("http-get {}{}//{}{}", scheme, scheme.empty() ? "" : ":", where, path);
}

std::string probe_text(const Value& probe) {
    const auto when =
        fmt::format("delay={}s timeout={}s period={}s #success={} #failure={}",
                    number_at(probe, "initialDelaySeconds"), number_at(probe, "timeoutSeconds"),
                    number_at(probe, "periodSeconds"), number_at(probe, "successThreshold"),
                    number_at(probe, "failureThreshold"));
    if (has(probe, "exec"))
        return fmt::format("exec {} {}", bracketed_at(probe, "exec.command"), when);
    if (const auto* get = probe.find("httpGet")) return fmt::format("{} {}", http_get(*get), when);
    if (has(probe, "tcpSocket"))
        return fmt::format("tcp-socket {}:{} {}", text_at(probe, "tcpSocket.host"),
                           text_at(probe, "tcpSocket.port"), when);
    if (has(probe, "grpc"))
        return fmt::format("grpc <pod>:{} {} {}", number_at(probe, "grpc.port"),
                           text_at(probe, "grpc.service"), when);
    return fmt::format("unknown {}", when);
}

void probes(Writer& out, const Value& container) {
    static constexpr std::array all{std::pair{"livenessProbe", "Liveness"},
                                    std::pair{"readinessProbe", "Readiness"},
                                    std::pair{"startupProbe", "Startup"}};
    for (const auto& [field, title] : all) {
        const auto* probe = container.find(field);
        if (probe && probe->is_object()) out.write(2, "{}:\t{}\n", title, probe_text(*probe));
    }
}

void environment_sources(Writer& out, const Value& container) {
    const auto all = items_at(container, "envFrom");
    if (all.empty()) return;
    out.write(2, "Environment Variables from:\n");
    for (const auto& source : all) {
        const auto* config_map = source.find("configMapRef");
        const auto* from = config_map ? config_map : source.find("secretRef");
        auto kind = std::string(config_map ? "ConfigMap" : from ? "Secret" : "");
        if (const auto prefix = source.text("prefix"); !prefix.empty())
            kind += fmt::format(" with prefix '{}'", prefix);
        out.write(3, "{}\t{}\tOptional: {}\n", from ? from->text("name") : "", kind,
                  from ? truth_at(*from, "optional") : "false");
    }
}

/// Of a pod's field; kubectl finds these two alone.
std::string field_of(const Value* pod, std::string_view path) {
    if (!pod || (path != "metadata.name" && path != "metadata.namespace")) return {};
    return text_at(*pod, path);
}

std::string resource_of(const Value& container, const Value& reference) {
    const auto wanted = reference.text("resource");
    const auto dot = std::min(wanted.find('.'), wanted.size());
    const auto list = wanted.substr(0, dot), name = wanted.substr(std::min(dot + 1, wanted.size()));
    const bool known = name == "cpu" || name == "memory" || name == "ephemeral-storage" ||
                       name.starts_with("hugepages-");
    if (!known || (list != "limits" && list != "requests")) return {};
    const auto* holder = at(container, fmt::format("resources.{}", list));
    auto amount = Quantity::of(holder ? holder->find(name) : nullptr);
    auto divisor = Quantity::of(reference.find("divisor"));
    if (divisor.is_zero()) divisor = Quantity::parse("1").value_or(divisor);
    const bool is_cpu = name == "cpu";
    const auto of = [&](const Quantity& q) {
        return static_cast<double>(is_cpu ? q.milli_value() : q.value());
    };
    const auto text =
        std::to_string(static_cast<std::int64_t>(std::ceil(of(amount) / of(divisor))));
    const bool is_bounded = text != "0" || (wanted != "limits.cpu" && wanted != "limits.memory");
    return is_bounded ? text : "node allocatable";
}

void variable_from(Writer& out, const Value& container, const Value* pod, const Value& variable) {
    const auto name = variable.text("name");
    const auto& from = *variable.find("valueFrom");
    if (const auto* field = from.find("fieldRef")) {
        out.write(3, "{}:\t{} ({}:{})\n", name, field_of(pod, field->text("fieldPath")),
                  field->text("apiVersion"), field->text("fieldPath"));
    } else if (const auto* resource = from.find("resourceFieldRef")) {
        out.write(3, "{}:\t{} ({})\n", name, resource_of(container, *resource),
                  resource->text("resource"));
    } else if (const auto* secret = from.find("secretKeyRef")) {
        out.write(3, "{}:\t<set to the key '{}' in secret '{}'>\tOptional: {}\n", name,
                  secret->text("key"), secret->text("name"), truth_at(*secret, "optional"));
    } else if (const auto* config_map = from.find("configMapKeyRef")) {
        out.write(3, "{}:\t<set to the key '{}' of config map '{}'>\tOptional: {}\n", name,
                  config_map->text("key"), config_map->text("name"),
                  truth_at(*config_map, "optional"));
    }
}

void environment(Writer& out, const Value& container, const Value* pod) {
    const auto all = items_at(container, "env");
    out.write(2, "Environment:{}\n", all.empty() ? "\t<none>" : "");
    for (const auto& variable : all) {
        if (has(variable, "valueFrom")) {
            variable_from(out, container, pod, variable);
            continue;
        }
        bool is_first = true;
        for (const auto& line : text_lines(variable.text("value"))) {
            out.write(3, "{}{}\t{}\n", is_first ? variable.text("name") : "", is_first ? ":" : "",
                      line);
            is_first = false;
        }
    }
}

/// Pointers to the elements of a list, by a text of each.
std::vector<const Value*> sorted_by(const Value& holder, std::string_view list,
                                    std::string_view field) {
    std::vector<const Value*> all;
    for (const auto& item : items_at(holder, list)) all.push_back(&item);
    std::stable_sort(all.begin(), all.end(), [&](const Value* a, const Value* b) {
        return a->text(field) < b->text(field);
    });
    return all;
}

void mounts(Writer& out, const Value& container) {
    const auto all = sorted_by(container, "volumeMounts", "mountPath");
    const auto* none = all.empty() ? "\t<none>" : "";
    out.write(2, "Mounts:{}\n", none);
    for (const auto* mount : all) {
        std::string flags = is_true(*mount, "readOnly") ? "ro" : "rw";
        if (const auto path = mount->text("subPath"); !path.empty()) {
            flags += ",path=";
            text::append_go_quoted(flags, path);
        }
        out.write(3, "{} from {} ({})\n", mount->text("mountPath"), mount->text("name"), flags);
    }
    const auto devices = sorted_by(container, "volumeDevices", "devicePath");
    if (devices.empty()) return;
    out.write(2, "Devices:{}\n", none);
    for (const auto* device : devices)
        out.write(3, "{} from {}\n", device->text("devicePath"), device->text("name"));
}

}  // namespace

void resources(Writer& out, const Value& holder, std::size_t level) {
    static constexpr std::array lists{std::pair{"limits", "Limits"},
                                      std::pair{"requests", "Requests"}};
    for (const auto& [field, title] : lists) {
        const auto members = sorted(holder.find(field));
        if (!members.empty()) out.write(level, "{}:\n", title);
        for (const auto* member : members)
            out.write(level + 1, "{}:\t{}\n", member->name, text_of(&member->value));
    }
}

void containers(const Subject& subject, Writer& out, std::string_view title,
                std::span<const Value> containers, const Value* pod, std::string_view statuses,
                std::string_view indent) {
    out.write(0, "{}{}:{}\n", indent, title, containers.empty() ? " <none>" : "");
    for (const auto& container : containers) {
        const Value* status = nullptr;
        if (pod) {
            for (const auto& one : items_at(*pod, statuses)) {
                if (one.text("name") == container.text("name")) status = &one;
            }
        }
        out.write(1, "{}{}:\n", indent.empty() ? "" : " ", container.text("name"));
        if (status) out.write(2, "Container ID:\t{}\n", status->text("containerID"));
        out.write(2, "Image:\t{}\n", container.text("image"));
        if (status) out.write(2, "Image ID:\t{}\n", status->text("imageID"));
        ports(subject, out, container, "containerPort", "Port", "Ports");
        ports(subject, out, container, "hostPort", "Host Port", "Host Ports");
        seccomp(out, container);
        words(out, container, "command", "Command");
        words(out, container, "args", "Args");
        if (status) states(out, *status);
        if (const auto* wanted = container.find("resources")) resources(out, *wanted, 2);
        probes(out, container);
        environment_sources(out, container);
        environment(out, container, pod);
        mounts(out, container);
    }
}

}  // namespace salvor::describe
