#include "core/report/carve.hpp"

#include <fmt/core.h>

#include "formats/etcd/key_value.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/go_json.hpp"
#include "formats/text/human.hpp"
#include "formats/text/json_writer.hpp"

namespace salvor::report {
namespace {

using recover::CarvedRow;
using recover::Fragment;

std::string base64(Bytes bytes) {
    std::string text;
    text::append_base64(text, bytes);
    return text;
}

/// What etcd stored as the key's value; of a row that is cut what is left of its record.
struct Content {
    Bytes value;
    etcd::KeyValue kv;
};
Content content(const Carving& carving, const CarvedRow& carved) {
    const auto image = carving.recovery.area().image();
    const auto record = carved.row.value(image);
    if (const auto kv = etcd::parse_key_value(record)) return {kv->value, *kv};
    etcd::KeyValue kv;
    kv.key = recover::user_key(image, carved.row);
    return {record, kv};
}

void write_row(text::JsonWriter& json, const Carving& carving, const CarvedRow& carved) {
    const auto [value, kv] = content(carving, carved);
    const auto& row = carved.row;
    json.begin_object();
    json.key("revision");
    json.string(to_string(row.revision));
    json.key("deletion");
    json.boolean(row.tombstone);
    json.key("key");
    json.string(text::escape(kv.key));
    json.key("keyBase64");
    json.string(base64(kv.key));
    if (kv.version > 0) {
        json.key("createRevision");
        json.integer(kv.create_revision);
        json.key("version");
        json.integer(kv.version);
        json.key("lease");
        json.integer(kv.lease);
    }
    json.key(row.whole ? "value" : "record");
    json.string(base64(value));
    json.key("keyDeleted");
    json.boolean(carved.deleted);
    json.key("page");
    json.unsigned_integer(page_of(carving.recovery, row.value_at));
    json.key("offset");
    json.unsigned_integer(row.value_at);
    json.key("confidence");
    json.string(name(carved.confidence()));
    json.end_object();
}

void write_fragment(text::JsonWriter& json, const Carving& carving, const Fragment& fragment) {
    json.begin_object();
    json.key("fragment");
    json.string(base64(carving.recovery.area().image().substr(fragment.offset, fragment.size)));
    json.key("page");
    json.unsigned_integer(page_of(carving.recovery, fragment.offset));
    json.key("offset");
    json.unsigned_integer(fragment.offset);
    json.end_object();
}

template <class Write>
void each_line(const WriteLine& write, std::string_view end, Write&& json) {
    std::string line;
    {
        text::JsonWriter writer(line);
        json(writer);
    }
    line += end;
    write(line);
}

}  // namespace

void carve_text(const Carving& carving, const WriteLine& write) {
    write(
        fmt::format("{:>12}  {:<8} {:>8} {:>9}  {}\n", "REVISION", "HOW", "PAGE", "BYTES", "KEY"));
    for (const auto& carved : carving.rows) {
        const auto [value, kv] = content(carving, carved);
        const char* what = carved.row.tombstone ? " (deletion)" : carved.deleted ? "" : " (live)";
        write(fmt::format("{:>12}  {:<8} {:>8} {:>9}  {}{}\n", to_string(carved.row.revision),
                          name(carved.confidence()), page_of(carving.recovery, carved.row.value_at),
                          value.size(), text::escape(kv.key), what));
    }
    write(text::counted(carving.rows.size(), "row", "rows"));
    std::uint64_t bytes = 0;
    for (const auto& fragment : carving.fragments) bytes += fragment.size;
    if (bytes > 0) {
        write(fmt::format("; {} beside them belong to no row that can be told (-o jsonl has them)",
                          text::counted(bytes, "byte", "bytes")));
    }
    write("\n");
}

void carve_lines(const Carving& carving, const WriteLine& write) {
    for (const auto& row : carving.rows)
        each_line(write, "\n", [&](auto& json) { write_row(json, carving, row); });
    for (const auto& fragment : carving.fragments)
        each_line(write, "\n", [&](auto& json) { write_fragment(json, carving, fragment); });
}

void carve_json(const Carving& carving, const WriteLine& write) {
    write("{\"source\":");
    each_line(write, ",\"rows\":[", [&](auto& json) { json.string(text::escape(carving.source)); });
    for (std::size_t i = 0; i < carving.rows.size(); ++i) {
        if (i > 0) write(",");
        each_line(write, "", [&](auto& json) { write_row(json, carving, carving.rows[i]); });
    }
    write("],\"fragments\":[");
    for (std::size_t i = 0; i < carving.fragments.size(); ++i) {
        if (i > 0) write(",");
        each_line(write, "",
                  [&](auto& json) { write_fragment(json, carving, carving.fragments[i]); });
    }
    write("]}\n");
}

}  // namespace salvor::report
