#include "core/upstream/row_value.hpp"

#include <fmt/core.h>

#include <array>

namespace salvor::upstream {
namespace {

enum WireType : std::uint8_t {
    varint = 0,
    fixed64 = 1,
    bytes = 2,
    group = 3,
    end_group = 4,
    fixed32 = 5
};

// mvccpb.KeyValue's fields 1 to 6.
struct Field {
    const char* name;
    WireType type;
};
constexpr std::array fields{Field{"Key", bytes},          Field{"CreateRevision", varint},
                            Field{"ModRevision", varint}, Field{"Version", varint},
                            Field{"Value", bytes},        Field{"Lease", varint}};

constexpr int max_group_depth = 10000;  // protobuf-go's protowire.DefaultRecursionLimit

using Key = std::expected<Bytes, std::string>;

/// Reads on until something does not fit; then `flaw` says why, in the words of gogo's generated
/// code. Source: etcd api/mvccpb/kv.pb.go Unmarshal and skipKv
struct Gogo {
    explicit Gogo(Bytes value) : in(value) {}
    Bytes in;
    std::size_t at = 0;
    std::string flaw;

    std::uint64_t number() {
        std::uint64_t value = 0;
        for (unsigned shift = 0;; shift += 7) {
            if (shift >= 64) return refuse("proto: integer overflow");
            if (at >= in.size()) return refuse("unexpected EOF");
            const auto byte = static_cast<unsigned char>(in[at++]);
            value |= std::uint64_t{byte & 0x7FU} << shift;
            if (byte < 0x80) return value;
        }
    }
    std::uint64_t refuse(std::string why) {
        if (flaw.empty()) flaw = std::move(why);
        return 0;
    }
    Bytes counted() {
        const auto size = static_cast<std::int64_t>(number());
        if (size < 0) refuse("proto: negative length found during unmarshaling");
        if (!flaw.empty()) return {};
        if (static_cast<std::uint64_t>(size) > in.size() - at) {
            refuse("unexpected EOF");
            return {};
        }
        const Bytes taken = in.substr(at, static_cast<std::size_t>(size));
        at += static_cast<std::size_t>(size);
        return taken;
    }
    /// One unknown field, its tag included; lengths are only asked about at its end.
    void skip() {
        int depth = 0;
        do {
            const auto type = number() & 7;
            if (!flaw.empty()) return;
            std::uint64_t width = 0;
            switch (type) {
                case varint: number(); break;
                case fixed64: width = 8; break;
                case fixed32: width = 4; break;
                case bytes: width = number(); break;
                case group: ++depth; break;
                case end_group: --depth; break;
                default: refuse(fmt::format("proto: illegal wireType {}", type));
            }
            if (depth < 0) refuse("proto: unexpected end of group");
            if (static_cast<std::int64_t>(width) < 0)
                refuse("proto: negative length found during unmarshaling");
            if (width > in.size() - at) refuse("unexpected EOF");
            if (flaw.empty()) at += width;
        } while (flaw.empty() && depth > 0);
    }
    Key user_key() {
        Bytes key;
        while (at < in.size() && flaw.empty()) {
            const std::size_t start = at;
            const std::uint64_t tag = number();
            const auto type = static_cast<WireType>(tag & 7);
            const auto id = static_cast<std::int32_t>(tag >> 3);
            if (!flaw.empty()) break;
            if (type == end_group) {
                refuse("proto: KeyValue: wiretype end group for non-group");
            } else if (id <= 0) {
                refuse(fmt::format("proto: KeyValue: illegal tag {} (wire type {})", id, tag));
            } else if (static_cast<std::size_t>(id) > fields.size()) {
                at = start;
                skip();
            } else if (const Field& field = fields[static_cast<std::size_t>(id) - 1];
                       field.type != type) {
                refuse(fmt::format("proto: wrong wireType = {} for field {}", tag & 7, field.name));
            } else if (type == varint) {
                number();
            } else {
                const Bytes value = counted();
                if (id == 1) key = value;
            }
        }
        if (!flaw.empty()) return std::unexpected(std::move(flaw));
        return key;
    }
};

/// Google's Go library has one sentence for all flaws, takes a known field of another wire type for
/// an unknown one, and a varint's tenth byte may be 0 or 1. Source: protobuf-go
/// internal/impl/decode.go, encoding/protowire
struct Google {
    explicit Google(Bytes value) : in(value) {}
    Bytes in;
    std::size_t at = 0;
    bool ok = true;

    std::uint64_t number() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; ok && shift < 64; shift += 7) {
            if (at >= in.size()) break;
            const auto byte = static_cast<unsigned char>(in[at++]);
            if (shift == 63 && byte > 1) break;
            value |= std::uint64_t{byte & 0x7FU} << shift;
            if (byte < 0x80) return value;
        }
        ok = false;
        return 0;
    }
    Bytes take(std::uint64_t size) {
        ok = ok && size <= in.size() - at;
        if (!ok) return {};
        const Bytes taken = in.substr(at, static_cast<std::size_t>(size));
        at += static_cast<std::size_t>(size);
        return taken;
    }
    struct Tag {
        std::uint64_t id;
        std::uint64_t type;
    };
    Tag tag() {
        const std::uint64_t value = number();
        ok = ok && value >> 3 >= 1 && value >> 3 <= (1 << 29) - 1;
        return {value >> 3, value & 7};
    }
    void skip(Tag field, int depth) {
        switch (field.type) {
            case varint: number(); return;
            case fixed64: take(8); return;
            case fixed32: take(4); return;
            case bytes: take(number()); return;
            case group: break;
            default: ok = false; return;
        }
        while (ok && depth < max_group_depth) {
            const Tag inner = tag();
            if (ok && inner.type == end_group) {
                ok = inner.id == field.id;
                return;
            }
            if (ok) skip(inner, depth + 1);
        }
        ok = false;
    }
    Key user_key() {
        Bytes key;
        while (at < in.size() && ok) {
            const Tag field = tag();
            if (!ok) break;
            if (field.id == 1 && field.type == bytes) {
                key = take(number());
            } else {
                skip(field, 0);
            }
        }
        if (!ok)
            return std::unexpected<std::string>("proto: cannot parse invalid wire-format data");
        return key;
    }
};

}  // namespace

std::expected<Bytes, std::string> row_user_key(Bytes value, etcd::Line line) {
    return line < etcd::Line::v3_7 ? Gogo(value).user_key() : Google(value).user_key();
}

}  // namespace salvor::upstream
