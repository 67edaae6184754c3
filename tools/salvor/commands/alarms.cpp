#include "tools/salvor/commands/alarms.hpp"

#include "core/snapshot/records.hpp"
#include "tools/salvor/on_source.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/out_stream.hpp"
#include "tools/salvor/store.hpp"
#include "tools/salvor/write_out.hpp"

// Source: etcd etcdctl/ctlv3/command/printer_{simple,fields,json}.go

namespace salvor::tool::alarms {
namespace {

struct Options {
    std::string source;
    WriteOut write_out = WriteOut::simple;
    bool hex = false;
};

/// A number that etcd has no name for is shown as the number.
std::string type_text(etcd::AlarmType type) {
    const bool known = type >= etcd::AlarmType::none && type <= etcd::AlarmType::corrupt;
    return known ? name(type) : std::to_string(static_cast<std::int32_t>(type));
}

void print_simple(OutStream& out, const std::vector<etcd::Alarm>& alarms) {
    for (const auto& alarm : alarms) {
        // As gogo's text form has it, up to etcdctl 3.6; 3.7's blanks differ from build to build.
        if (number(alarm.member) != 0) out << "memberID:" << number(alarm.member) << " ";
        if (alarm.type != etcd::AlarmType::none) out << "alarm:" << type_text(alarm.type) << " ";
        out << "\n";
    }
}

void print_json(OutStream& out, const std::vector<etcd::Alarm>& alarms, std::int64_t revision) {
    out << "{\"header\":{\"revision\":" << revision << "}";
    for (std::size_t i = 0; i < alarms.size(); ++i) {
        out << (i == 0 ? ",\"alarms\":[{" : ",{");
        const auto id = number(alarms[i].member);
        const auto type = static_cast<std::int64_t>(alarms[i].type);
        if (id != 0) out << "\"memberID\":" << id;
        if (type != 0) out << (id != 0 ? ",\"alarm\":" : "\"alarm\":") << type;
        out << "}";
    }
    out << (alarms.empty() ? "}\n" : "]}\n");
}

void print_fields(OutStream& out, const std::vector<etcd::Alarm>& alarms, const Options& options,
                  std::int64_t revision) {
    out << "\"Revision\" : " << revision << "\n";
    for (const auto& alarm : alarms) {
        out << "\"MemberID\" : "
            << (options.hex ? to_string(alarm.member) : std::to_string(number(alarm.member)))
            << "\n\"AlarmType\" : " << type_text(alarm.type) << "\n\n";
    }
}

Result<Answer> run(const Options& options) {
    const auto revision =
        options.write_out == WriteOut::simple ? Store::Revision::unneeded : Store::Revision::needed;
    SALVOR_TRY(const auto store, Store::open(options.source, revision));
    SALVOR_TRY(const auto alarms, salvor::alarms(store.db()));
    OutStream out;
    switch (options.write_out) {
        case WriteOut::json: print_json(out, alarms, store.revision()); break;
        case WriteOut::fields: print_fields(out, alarms, options, store.revision()); break;
        default: print_simple(out, alarms);
    }
    return Answer::yes;
}

}  // namespace

Run declare(CLI::App& app) {
    auto options = std::make_shared<Options>();
    add_source(app, options->source);
    add_hex(app, options->hex, "with -w fields, print member ids in hex");
    add_write_out(app, options->write_out, {WriteOut::simple, WriteOut::json, WriteOut::fields});
    return [options] { return on_source(options->source, run(*options)); };
}

}  // namespace salvor::tool::alarms
