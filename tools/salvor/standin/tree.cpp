#include "tools/salvor/standin/tree.hpp"

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include <cassert>

#include "tools/salvor/choices.hpp"
#include "tools/salvor/commands/hashkv.hpp"
#include "tools/salvor/commands/snapshot_restore.hpp"
#include "tools/salvor/commands/snapshot_status.hpp"
#include "tools/salvor/standin/persona.hpp"

namespace salvor::tool::standin {
namespace {

constexpr const char* release = "3.7.1";  ///< whose command line this is
constexpr const char* api = "3.7";

int not_yet(const char* command) {
    return say(Exit::error,
               fmt::format("{} is not in this version of salvor; etcdutl itself has it", command));
}

std::vector<Flag> restore_flags(etcd::Line line) {
    std::vector<Flag> flags{
        {"bump-revision", 0, FlagType::uint64, "0",
         "add this to the latest revision, so that clients never see it go back"},
        {"data-dir", 0, FlagType::text, "", "the data directory to make"},
        {"initial-advertise-peer-urls", 0, FlagType::text, "http://localhost:2380",
         "peer URLs of this member, comma-separated"},
        {"initial-cluster", 0, FlagType::text, "default=http://localhost:2380",
         "members of the new cluster: NAME=URL, comma-separated"},
        {"initial-cluster-token", 0, FlagType::text, "etcd-cluster",
         "token that goes into the new member and cluster ids"},
        {"initial-memory-map-size", 0, FlagType::uint64, "10737418240",
         "accepted and logged; nothing depends on it here"},
        {"mark-compacted", 0, FlagType::boolean, "false",
         "schedule a compaction at the new latest revision; goes with --bump-revision"},
        {"name", 0, FlagType::text, "default", "name of this member"},
        {"skip-hash-check", 0, FlagType::boolean, "false",
         "restore although the trailer is missing or wrong"},
        {"wal-dir", 0, FlagType::text, "",
         "the WAL directory to make, where it is not to be DATA-DIR/member/wal"}};
    if (line < etcd::Line::v3_5)
        std::erase_if(flags,
                      [](const Flag& flag) { return flag.name == "initial-memory-map-size"; });
    return flags;
}

/// 3.5 still answers to it, and so `s` alone is no command there.
Node save_node() {
    Node node{"save <filename>", ""};
    node.deprecated = "Use `etcdctl snapshot save` to download snapshot";
    node.shows_flags = false;
    node.run = [](const Call&) {
        return say(Exit::bad_arguments,
                   "In order to download snapshot use: `etcdctl snapshot save ...`");
    };
    return node;
}

Node snapshot_node(etcd::Line line, snapshot_restore::Migrate migrate) {
    Node restore{"restore <filename> --data-dir {output dir} [options]",
                 "make a data directory of a snapshot"};
    restore.flags = restore_flags(line);
    if (line == etcd::Line::v3_5) restore.required = {"data-dir"};
    restore.run = [line, migrate](const Call& call) {
        return snapshot_restore::run(call, line, migrate);
    };
    Node status{"status <filename>", "hash, revision, keys and size of a snapshot"};
    status.run = [line](const Call& call) { return snapshot_status::run(call, line); };
    Node node{"snapshot <subcommand>", "status and restore of snapshot files"};
    node.children = {std::move(restore)};
    if (line == etcd::Line::v3_5) node.children.push_back(save_node());
    node.children.push_back(std::move(status));
    return node;
}

Node hashkv_node(etcd::Line line) {
    Node node{"hashkv <filename>", "hash of the history that a file keeps"};
    node.flags = {
        {"rev", 0, FlagType::int64, "0", "hash up to this revision (default: the latest)"}};
    node.exactly = 1;
    node.run = [line](const Call& call) { return hashkv::run(call, line); };
    return node;
}

Node defrag_node() {
    Node node{"defrag", "rewrite a database without its free pages"};
    node.flags = {{"data-dir", 0, FlagType::text, "", "the data directory, of no running etcd"}};
    node.required = {"data-dir"};
    node.run = [](const Call&) { return not_yet("defrag"); };
    return node;
}

Node migrate_node() {
    Node node{"migrate", "change a data directory to another line's schema"};
    node.flags = {
        {"data-dir", 0, FlagType::text, "", "the data directory, of no running etcd"},
        {"force", 0, FlagType::boolean, "false",
         "set the version even where the log needs a newer one"},
        {"target-version", 0, FlagType::text, "", "the line to change to, 3.6 for example"}};
    node.run = [](const Call&) { return not_yet("migrate"); };
    return node;
}

Node completion_node() {
    Node node{"completion [bash|zsh|fish|powershell]", "completion script for a shell"};
    node.shows_flags = false;
    node.exactly = 1;
    node.one_of = {"bash", "zsh", "fish", "powershell"};
    node.run = [](const Call&) {
        return say(Exit::error,
                   "completion scripts are made under salvor's own name: salvor completion bash");
    };
    return node;
}

Node version_node() {
    Node node{"version", "the version whose command line this is"};
    node.run = [](const Call&) {
        fmt::print("etcdutl version: {}\nAPI version: {}\n", release, api);
        return 0;
    };
    return node;
}

}  // namespace

Tree make_tree(Name name, etcd::Line line, snapshot_restore::Migrate migrate) {
    Tree tree;
    tree.drops_first_equal = line < etcd::Line::v3_6;
    tree.persistent = {{"write-out", 'w', FlagType::text, "simple",
                        "output format: fields, json, protobuf, simple or table"}};
    tree.persistent[0].choices = {"fields", "json", "protobuf", "simple", "table"};
    if (line >= etcd::Line::v3_7) {
        tree.persistent.push_back(
            {"timeout", 0, FlagType::duration, "10s", "accepted; no lock is ever waited for here"});
    }
    const bool has_hashkv = line >= etcd::Line::v3_6;
    if (name == Name::salvor) {
        tree.root = Node("salvor", "");
        tree.persistent.push_back({"as", 0, FlagType::text, to_string(etcd::Line::v3_7),
                                   "answer as this line's tool: 3.4, 3.5, 3.6 or 3.7"});
        tree.persistent.back().choices = {"3.4", "3.5", "3.6", "3.7"};
        if (has_hashkv) tree.root.children.push_back(hashkv_node(line));
        tree.root.children.push_back(snapshot_node(line, migrate));
        return tree;
    }
    Node help{"help [command]", "what a command takes"};
    help.run = [](const Call&) { return 0; };  // answered where the tree is at hand
    tree.root = Node("etcdutl", "");
    tree.root.children = {completion_node(), defrag_node(),  hashkv_node(line),
                          std::move(help),   migrate_node(), snapshot_node(line, migrate),
                          version_node()};
    return tree;
}

namespace {

const char* value_name(const Flag& flag) {
    if (flag.name.ends_with("-dir")) return "DIR";
    return flag.type == FlagType::text ? "TEXT" : "NUMBER";
}

}  // namespace

void describe(CLI::App& app, const std::vector<std::string>& command) {
    const auto tree = make_tree(Name::salvor, etcd::Line::v3_7, snapshot_restore::Migrate::no);
    const auto match = find(tree, command);
    assert(match);
    app.add_option("FILE", "a snapshot, or a db file")->required()->type_name("");
    for (const auto* flags : {&match->node().flags, &tree.persistent}) {
        for (const auto& flag : *flags) {
            const auto names =
                (flag.shorthand ? fmt::format("-{},", flag.shorthand) : "") + "--" + flag.name;
            if (flag.type == FlagType::boolean) {
                app.add_flag(names, flag.usage);
            } else {
                auto* option = app.add_option(names, flag.usage);
                option->type_name(value_name(flag));
                if (!flag.choices.empty()) offer(option, flag.choices);
            }
        }
    }
}

}  // namespace salvor::tool::standin
