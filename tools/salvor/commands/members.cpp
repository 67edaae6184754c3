#include "tools/salvor/commands/members.hpp"

#include "core/snapshot/records.hpp"
#include "tools/salvor/box_table.hpp"
#include "tools/salvor/on_source.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/out_stream.hpp"
#include "tools/salvor/store.hpp"
#include "tools/salvor/write_out.hpp"

// Source: etcd etcdctl/ctlv3/command/printer{,_fields,_json}.go

namespace salvor::tool::members {
namespace {

struct Options {
    std::string source;
    WriteOut write_out = WriteOut::simple;
    bool hex = false;
};

using Members = std::vector<etcd::Member>;

std::string joined(const std::vector<std::string>& texts) {
    std::string all;
    for (const auto& one : texts) all += (all.empty() ? "" : ",") + one;
    return all;
}

std::vector<std::string> cells(const etcd::Member& member) {
    return {to_string(member.id),
            member.name.empty() ? "unstarted" : "started",
            member.name,
            joined(member.peer_urls),
            joined(member.client_urls),
            member.is_learner ? "true" : "false"};
}

void print_simple(OutStream& out, const Members& members) {
    for (const auto& member : members) {
        const auto row = cells(member);
        for (std::size_t i = 0; i < row.size(); ++i)
            out << (i > 0 ? ", " : "") << out.shown(row[i]);
        out << "\n";
    }
}

void print_table(OutStream& out, const Members& members) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& member : members) {
        auto& row = rows.emplace_back(cells(member));
        for (auto& cell : row) cell = out.shown(cell);
    }
    out << box_table({"ID", "STATUS", "NAME", "PEER ADDRS", "CLIENT ADDRS", "IS LEARNER"}, rows);
}

void print_list(OutStream& out, Bytes name, const std::vector<std::string>& texts) {
    if (texts.empty()) return;
    out << ",\"" << name << "\":[";
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (i > 0) out << ",";
        out.json(texts[i]);
    }
    out << "]";
}

void print_json(OutStream& out, const Members& members, bool hex) {
    out << "{\"header\":{}";
    for (std::size_t i = 0; i < members.size(); ++i) {
        const auto& member = members[i];
        out << (i == 0 ? ",\"members\":[{\"ID\":" : ",{\"ID\":");
        hex ? out.json(to_string(member.id)) : void(out << number(member.id));
        if (!member.name.empty()) {
            out << ",\"name\":";
            out.json(member.name);
        }
        print_list(out, "peerURLs", member.peer_urls);
        print_list(out, "clientURLs", member.client_urls);
        out << (member.is_learner ? ",\"isLearner\":true}" : "}");
    }
    out << (members.empty() ? "}\n" : "]}\n");
}

void print_fields(OutStream& out, const Members& members, bool hex) {
    const auto print = [&](const char* name, Bytes text) {
        out << "\"" << name << "\" : ";
        out.quoted(text);
        out << "\n";
    };
    for (const auto& member : members) {
        out << "\"ID\" : " << (hex ? to_string(member.id) : std::to_string(number(member.id)))
            << "\n";
        print("Name", member.name);
        for (const auto& url : member.peer_urls) print("PeerURL", url);
        for (const auto& url : member.client_urls) print("ClientURL", url);
        out << "\"IsLearner\" : " << (member.is_learner ? "true" : "false") << "\n\n";
    }
}

Result<Answer> run(const Options& options) {
    SALVOR_TRY(const auto store, Store::open(options.source, Store::Revision::unneeded));
    SALVOR_TRY(const auto members, salvor::members(store.db()));
    OutStream out;
    switch (options.write_out) {
        case WriteOut::simple: print_simple(out, members); break;
        case WriteOut::table: print_table(out, members); break;
        case WriteOut::json: print_json(out, members, options.hex); break;
        case WriteOut::fields: print_fields(out, members, options.hex); break;
    }
    return Answer::yes;
}

}  // namespace

Run declare(CLI::App& app) {
    auto options = std::make_shared<Options>();
    add_source(app, options->source);
    add_hex(app, options->hex, "with -w json and fields, print ids in hex");
    add_write_out(app, options->write_out,
                  {WriteOut::simple, WriteOut::json, WriteOut::fields, WriteOut::table});
    return [options] { return on_source(options->source, run(*options)); };
}

}  // namespace salvor::tool::members
