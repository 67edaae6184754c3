#include "tools/salvor/commands/users.hpp"

#include <algorithm>

#include "core/snapshot/records.hpp"
#include "formats/text/escape.hpp"
#include "tools/salvor/on_source.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/out_stream.hpp"
#include "tools/salvor/progress.hpp"
#include "tools/salvor/store.hpp"
#include "tools/salvor/write_out.hpp"

// Source: etcd etcdctl/ctlv3/command/printer_simple.go

namespace salvor::tool::users {
namespace {

struct Options {
    std::string source;
    std::optional<std::string> name;
    WriteOut write_out = WriteOut::simple;
};

void print_json(OutStream& out, std::int64_t revision, Bytes member,
                const std::vector<std::string>& texts) {
    out << "{\"header\":{\"revision\":" << revision << "}";
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (i == 0) out << ",\"" << member << "\":[";
        if (i > 0) out << ",";
        out.json(texts[i]);
    }
    out << (texts.empty() ? "}\n" : "]}\n");
}

Answer list(OutStream& out, const Options& options, const std::vector<etcd::User>& users,
            std::int64_t revision) {
    std::vector<std::string> names;
    for (const auto& user : users) names.push_back(user.name);
    if (options.write_out == WriteOut::json) {
        print_json(out, revision, "users", names);
        return Answer::yes;
    }
    for (const auto& name : names) {
        out.raw(name);
        out << "\n";
    }
    return Answer::yes;
}

void print_roles(OutStream& out, const etcd::User& user) {
    out << "User: ";
    out.raw(user.name);
    out << "\nRoles:";
    for (const auto& role : user.roles) {
        out << " ";
        out.raw(role);
    }
    out << "\n";
}

Answer get(OutStream& out, const Options& options, const std::vector<etcd::User>& users,
           std::int64_t revision) {
    const auto user = std::find_if(users.begin(), users.end(),
                                   [&](const auto& u) { return u.name == *options.name; });
    const bool found = user != users.end();
    if (!found) say(fmt::format("there is no user {}", text::escape(*options.name)));
    if (options.write_out == WriteOut::json) {
        print_json(out, revision, "roles", found ? user->roles : std::vector<std::string>{});
    } else if (found) {
        print_roles(out, *user);
    }
    return found ? Answer::yes : Answer::no;
}

Result<Answer> run(const Options& options) {
    const auto revision =
        options.write_out == WriteOut::simple ? Store::Revision::unneeded : Store::Revision::needed;
    SALVOR_TRY(const auto store, Store::open(options.source, revision));
    SALVOR_TRY(const auto users, salvor::users(store.db()));
    OutStream out;
    return options.name ? get(out, options, users, store.revision())
                        : list(out, options, users, store.revision());
}

}  // namespace

Run declare(CLI::App& app) {
    auto options = std::make_shared<Options>();
    add_source(app, options->source);
    add_positional(app, "NAME", options->name,
                   "the roles of this user, in place of all users' names");
    add_write_out(app, options->write_out, {WriteOut::simple, WriteOut::json});
    return [options] { return on_source(options->source, run(*options)); };
}

}  // namespace salvor::tool::users
