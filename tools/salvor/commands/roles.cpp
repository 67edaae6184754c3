#include "tools/salvor/commands/roles.hpp"

#include <algorithm>

#include "core/snapshot/records.hpp"
#include "core/timeline/state.hpp"
#include "formats/text/escape.hpp"
#include "tools/salvor/on_source.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/out_stream.hpp"
#include "tools/salvor/progress.hpp"
#include "tools/salvor/store.hpp"
#include "tools/salvor/write_out.hpp"

// Source: etcd etcdctl/ctlv3/command/printer_{simple,fields,json}.go

namespace salvor::tool::roles {
namespace {

using etcd::Permission;
using etcd::PermissionType;

struct Options {
    std::string source;
    std::optional<std::string> name;
    WriteOut write_out = WriteOut::simple;
};

/// Whatever is stored of the role root, it may do everything. Source: etcd server/auth/store.go
/// RoleGet
std::vector<Permission> permissions(const etcd::Role& role) {
    if (role.name == "root") return {{PermissionType::read_write, "", std::string(1, '\0')}};
    return role.permissions;
}

void print_range(OutStream& out, const Permission& permission) {
    out << "\t";
    if (permission.range_end.empty()) {
        out.raw(permission.key);
        out << "\n";
        return;
    }
    out << "[";
    out.raw(permission.key);
    out << ", ";
    if (permission.range_end == Bytes("\0", 1)) {
        out << "<open ended>";
    } else {
        out.raw(permission.range_end);
        out << ")";
    }
    if (!permission.key.empty() && timeline::prefix_end(permission.key) == permission.range_end) {
        out << " (prefix ";
        out.raw(permission.key);
        out << ")";
    }
    out << "\n";
}

void print_simple(OutStream& out, Bytes name, const std::vector<Permission>& permissions) {
    out << "Role ";
    out.raw(name);
    out << "\n";
    for (const auto& [title, other] :
         {std::pair{"KV Read:\n", PermissionType::write}, {"KV Write:\n", PermissionType::read}}) {
        out << title;
        for (const auto& permission : permissions) {
            const bool known = permission.type >= PermissionType::read &&
                               permission.type <= PermissionType::read_write;
            if (known && permission.type != other) print_range(out, permission);
        }
    }
}

void print_json(OutStream& out, const std::vector<Permission>& permissions, std::int64_t revision) {
    out << "{\"header\":{\"revision\":" << revision << "}";
    for (const auto& permission : permissions) {
        out << (&permission == permissions.data() ? ",\"perm\":[{" : ",{");
        const char* comma = "";
        if (permission.type != PermissionType::read) {
            out << "\"permType\":" << static_cast<std::int64_t>(permission.type);
            comma = ",";
        }
        for (const auto& [member, bytes] :
             {std::pair{"\"key\":", &permission.key}, {"\"range_end\":", &permission.range_end}}) {
            if (bytes->empty()) continue;
            out << comma << member;
            out.base64(*bytes);
            comma = ",";
        }
        out << "}";
    }
    out << (permissions.empty() ? "}\n" : "]}\n");
}

void print_fields(OutStream& out, const std::vector<Permission>& permissions,
                  std::int64_t revision) {
    out << "\"Revision\" : " << revision << "\n";
    for (const auto& permission : permissions) {
        out << "\"PermType\" :  " << name(permission.type) << "\n\"Key\" : ";
        out.quoted(permission.key);
        out << "\n\"RangeEnd\" : ";
        out.quoted(permission.range_end);
        out << "\n";
    }
}

void list_json(OutStream& out, const std::vector<etcd::Role>& roles, std::int64_t revision) {
    out << "{\"header\":{\"revision\":" << revision << "}";
    for (const auto& role : roles) {
        out << (&role == roles.data() ? ",\"roles\":[" : ",");
        out.json(role.name);
    }
    out << (roles.empty() ? "}\n" : "]}\n");
}

void list_fields(OutStream& out, const std::vector<etcd::Role>& roles, std::int64_t revision) {
    out << "\"Revision\" : " << revision << "\n\"Roles\" :";
    for (const auto& role : roles) {
        out << " ";
        out.quoted(role.name);
    }
    out << "\n";
}

void list_simple(OutStream& out, const std::vector<etcd::Role>& roles) {
    for (const auto& role : roles) {
        out.raw(role.name);
        out << "\n";
    }
}

Answer list(OutStream& out, const Options& options, const std::vector<etcd::Role>& roles,
            std::int64_t revision) {
    switch (options.write_out) {
        case WriteOut::json: list_json(out, roles, revision); break;
        case WriteOut::fields: list_fields(out, roles, revision); break;
        default: list_simple(out, roles);
    }
    return Answer::yes;
}

Answer get(OutStream& out, const Options& options, const std::vector<etcd::Role>& roles,
           std::int64_t revision) {
    const auto role = std::find_if(roles.begin(), roles.end(),
                                   [&](const auto& r) { return r.name == *options.name; });
    const bool found = role != roles.end();
    if (!found) say(fmt::format("there is no role {}", text::escape(*options.name)));
    const auto granted = found ? permissions(*role) : std::vector<Permission>{};
    switch (options.write_out) {
        case WriteOut::json: print_json(out, granted, revision); break;
        case WriteOut::fields: print_fields(out, granted, revision); break;
        default:
            if (found) print_simple(out, role->name, granted);
    }
    return found ? Answer::yes : Answer::no;
}

Result<Answer> run(const Options& options) {
    const auto revision =
        options.write_out == WriteOut::simple ? Store::Revision::unneeded : Store::Revision::needed;
    SALVOR_TRY(const auto store, Store::open(options.source, revision));
    SALVOR_TRY(const auto roles, salvor::roles(store.db()));
    OutStream out;
    return options.name ? get(out, options, roles, store.revision())
                        : list(out, options, roles, store.revision());
}

}  // namespace

Run declare(CLI::App& app) {
    auto options = std::make_shared<Options>();
    add_source(app, options->source);
    add_positional(app, "NAME", options->name,
                   "what this role may do, in place of all roles' names");
    add_write_out(app, options->write_out, {WriteOut::simple, WriteOut::json, WriteOut::fields});
    return [options] { return on_source(options->source, run(*options)); };
}

}  // namespace salvor::tool::roles
