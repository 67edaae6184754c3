#include "tools/salvor/key_printer.hpp"

#include <fmt/core.h>

#include "tools/salvor/out_stream.hpp"

namespace salvor::tool {
namespace {

void print_simple(OutStream& out, const etcd::KeyValue& kv, const KeyShape& shape) {
    const auto print = [&](Bytes bytes, void (OutStream::*as_it_is)(Bytes)) {
        shape.hex ? out.hex(bytes) : (out.*as_it_is)(bytes);
        out << "\n";
    };
    if (!shape.values_only) print(kv.key, &OutStream::raw);
    print(kv.value, &OutStream::raw_lines);
}

/// A member of a JSON object that is left out where it is zero.
void print_number(OutStream& out, Bytes name, std::int64_t number) {
    if (number != 0) out << ",\"" << name << "\":" << number;
}

void print_json(OutStream& out, const etcd::KeyValue& kv) {
    out << "{\"key\":";
    out.base64(kv.key);
    print_number(out, "create_revision", kv.create_revision);
    print_number(out, "mod_revision", kv.mod_revision);
    print_number(out, "version", kv.version);
    if (!kv.value.empty()) {
        out << ",\"value\":";
        out.base64(kv.value);
    }
    print_number(out, "lease", kv.lease);
    out << "}";
}

void print_fields(OutStream& out, const etcd::KeyValue& kv, const KeyShape& shape) {
    out << "\"Key\" : ";
    out.quoted(kv.key);
    out << "\n\"CreateRevision\" : " << kv.create_revision
        << "\n\"ModRevision\" : " << kv.mod_revision << "\n\"Version\" : " << kv.version
        << "\n\"Value\" : ";
    out.quoted(kv.value);
    out << "\n\"Lease\" : ";
    shape.hex ? out << fmt::format("{:016x}", kv.lease) : out << kv.lease;
    out << "\n";
}

}  // namespace

void print_keys(const timeline::State& state, const KeyAnswer& answer, const KeyShape& shape) {
    OutStream out;
    const bool json = shape.write_out == WriteOut::json;
    const bool fields = shape.write_out == WriteOut::fields;
    if (json) out << "{\"header\":{\"revision\":" << answer.revision << "}";
    if (fields) out << "\"Revision\" : " << answer.revision << "\n";
    for (std::uint64_t i = 0; i < answer.shown; ++i) {
        auto kv = state[i];
        if (shape.keys_only) kv.value = {};
        if (!shape.leases) kv.lease = 0;
        if (json) {
            out << (i == 0 ? ",\"kvs\":[" : ",");
            print_json(out, kv);
        } else if (fields) {
            print_fields(out, kv, shape);
        } else {
            print_simple(out, kv, shape);
        }
    }
    if (json) {
        if (answer.shown > 0) out << "]";
        if (answer.more) out << ",\"more\":true";
        if (answer.count > 0) out << ",\"count\":" << answer.count;
        out << "}\n";
    }
    if (fields)
        out << "\"More\" : " << (answer.more ? "true" : "false") << "\n\"Count\" : " << answer.count
            << "\n";
}

}  // namespace salvor::tool
