#include <catch2/catch.hpp>
#include <chrono>

#include "formats/kube/at_rest/config.hpp"
#include "formats/kube/cbor.hpp"
#include "formats/kube/json.hpp"
#include "formats/kube/metadata.hpp"
#include "formats/kube/sinks.hpp"
#include "formats/kube/stored.hpp"
#include "formats/kube/times.hpp"

using namespace salvor;
using namespace std::string_literals;

// Values that nobody's server wrote. Each gives an Error, or shows what there is.

namespace {

std::string varint(std::uint64_t number) {
    std::string bytes;
    for (; number >= 128; number >>= 7) bytes += static_cast<char>(number | 128);
    return bytes + static_cast<char>(number);
}
std::string field(std::uint32_t number, const std::string& bytes) {
    return varint(std::uint64_t{number} << 3 | 2) + varint(bytes.size()) + bytes;
}
std::string number_field(std::uint32_t number, std::uint64_t value) {
    return varint(std::uint64_t{number} << 3) + varint(value);
}
std::string repeated(const std::string& text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) all += text;
    return all;
}

const kube::Schema& schema() {
    static const kube::Schema schema(36);
    return schema;
}

Result<std::string> shown(const char* message, const std::string& bytes) {
    const auto* shape = schema().find(message);
    REQUIRE(shape);
    std::string out;
    kube::JsonSink sink(out);
    SALVOR_CHECK(kube::render_message(schema(), *shape, bytes, sink));
    return out;
}

constexpr const char* schema_props =
    "k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps";
constexpr const char* object_meta = "k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta";
constexpr const char* pod = "k8s.io.api.core.v1.Pod";

}  // namespace

TEST_CASE("JSON 100,000 levels deep is refused") {
    kube::Document document;
    const auto lists = kube::parse_json(std::string(100'000, '['), document);
    REQUIRE_FALSE(lists);
    CHECK(lists.error().code == ErrorCode::too_large);
    const auto objects = kube::parse_json(repeated(R"({"a":)", 100'000), document);
    REQUIRE_FALSE(objects);
    CHECK(objects.error().code == ErrorCode::too_large);
}

TEST_CASE("CBOR 100,000 levels deep is refused, of lists, maps and tags") {
    kube::Document document;
    for (const auto& level : {"\x81"s, "\xa1\x41\x61"s, "\xd9\xd9\xf7"s, "\x9f"s, "\xd6"s}) {
        const auto value = kube::parse_cbor(repeated(level, 100'000), document);
        REQUIRE_FALSE(value);
        CHECK(value.error().code == ErrorCode::too_large);
    }
}

TEST_CASE("a protobuf message 2,000 levels deep is refused") {
    // JSONSchemaProps.not is field 28, of JSONSchemaProps.
    std::string bytes;
    for (int i = 0; i < 2'000; ++i) bytes = field(28, bytes);
    const auto deep = shown(schema_props, bytes);
    REQUIRE_FALSE(deep);
    CHECK(deep.error().code == ErrorCode::too_large);
}

TEST_CASE("a CBOR string, list or map longer than what is left is refused") {
    kube::Document document;
    for (const auto& bomb :
         {"\x5b\x7f\xff\xff\xff\xff\xff\xff\xff"s, "\x7b\xff\xff\xff\xff\xff\xff\xff\xff"s,
          "\x9b\x7f\xff\xff\xff\xff\xff\xff\xff"s, "\xbb\x7f\xff\xff\xff\xff\xff\xff\xff"s,
          "\x9a\x00\x00\x00\x02\x01"s, "\x43\x61"s, "\xdb\x00"s, ""s}) {
        const auto value = kube::parse_cbor(bomb, document);
        REQUIRE_FALSE(value);
        CHECK(value.error().code == ErrorCode::malformed);
    }
}

TEST_CASE("CBOR that a server never wrote is refused") {
    kube::Document document;
    for (const auto& odd : {"\xc2\x41\x01"s, "\xf7"s, "\xf9\x7e\x00"s, "\xfb\x7f\xf0\0\0\0\0\0\0"s,
                            "\xa2\x41\x61\x01\x41\x61\x02"s, "\xa1\x01\x02"s, "\xff"s, "\x1f"s,
                            "\x1c"s, "\x01\x01"s, "\xc1\x41\x61\x61"s, "\x5f\x61\x61\xff"s}) {
        const auto value = kube::parse_cbor(odd, document);
        REQUIRE_FALSE(value);
        CHECK(value.error().code == ErrorCode::malformed);
    }
}

TEST_CASE("a protobuf length beyond the end is an error of its field's message") {
    CHECK_FALSE(shown(object_meta, "\x0a\x7f"s + "abc"));
    CHECK_FALSE(shown(pod, field(1, "\x0a\xff\xff\xff\xff\x0f")));
    CHECK_FALSE(shown(object_meta, repeated("\xff", 11)));
    CHECK_FALSE(kube::open_envelope("k8s\0\x12\x7f"s));
    CHECK_FALSE(kube::read_metadata("\x0a\x7f"));
}

TEST_CASE("a field of another wire type than its own is an error, and no length is read of it") {
    CHECK_FALSE(shown(object_meta, number_field(1, 3)));             // name
    CHECK_FALSE(shown(object_meta, number_field(11, 3)));            // labels
    CHECK_FALSE(shown(object_meta, field(11, number_field(1, 3))));  // a label's key
    CHECK_FALSE(shown(object_meta, field(11,
                                         "\x15"
                                         "abcd")));    // a label's value as fixed32
    CHECK_FALSE(shown(object_meta, field(7, "abc")));  // generation
    CHECK_FALSE(kube::open_envelope("k8s\0"s + number_field(1, 3) + number_field(2, 3)));
}

TEST_CASE("of a JSON object that stands twice the second counts, however many members it had") {
    // The first one's index of names once outlived it, and the second's members went astray.
    std::string first, second;
    for (int i = 0; i < 40; ++i) first += fmt::format(R"({}"k{}":{})", i > 0 ? "," : "", i, i);
    for (int i = 0; i < 17; ++i) second += fmt::format(R"({}"n{}":{})", i > 0 ? "," : "", i, i);
    second += R"(,"k39":"last")";
    kube::Document document;
    const auto value =
        kube::parse_json(fmt::format(R"({{"x":{{{}}},"x":{{{}}}}})", first, second), document);
    REQUIRE(value);
    const auto* x = value->find("x");
    REQUIRE(x);
    CHECK(x->members.size() == 18);
    CHECK(x->text("k39") == "last");
    CHECK(x->find("k38") == nullptr);
}

TEST_CASE("many large JSON objects within a large one cost no square") {
    std::string member = "{";
    for (int i = 0; i < 20; ++i) member += fmt::format(R"({}"{}":1)", i > 0 ? "," : "", i);
    member += '}';
    std::string text = "{";
    for (int i = 0; i < 20'000; ++i)
        text += fmt::format(R"({}"m{}":{})", i > 0 ? "," : "", i, member);
    text += '}';
    const auto start = std::chrono::steady_clock::now();
    kube::Document document;
    const auto value = kube::parse_json(text, document);
    REQUIRE(value);
    CHECK(value->members.size() == 20'000);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(30));
}

TEST_CASE("invalid UTF-8 in JSON becomes U+FFFD, as in Go") {
    kube::Document document;
    const auto value = kube::parse_json("{\"a\":\"x\xff\xc0\xafy\"}", document);
    REQUIRE(value);
    CHECK(value->text("a") == "x\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdy");
    CHECK_FALSE(kube::parse_json("\xff{}", document));
}

// What stood behind a zero was passed over.
TEST_CASE("a byte of zero in JSON is refused with its place") {
    for (const auto& text : {"{}\0"s, "{\"kind\":\"A\"}\0}"s, "\0{}"s, "[1,\0]"s}) {
        kube::Document document;
        const auto refused = kube::parse_json(text, document);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().offset == text.find('\0'));
    }
}

// The quick check let half a pair pass, as Go does, and decoding refused the object.
TEST_CASE("half of a surrogate pair in JSON becomes U+FFFD, as in Go, and a whole one its letter") {
    const auto told = [](const std::string& text) {
        kube::Document document;
        const auto value = kube::parse_json("\"x" + text + "y\"", document);
        return value ? std::string(value->string) : "refused";
    };
    const std::string lost = "\xef\xbf\xbd", grin = "\xf0\x9f\x98\x80";
    CHECK(told(R"(\ud83d)") == "x" + lost + "y");
    CHECK(told(R"(\ude00)") == "x" + lost + "y");
    CHECK(told(R"(\uD83D\uDE00)") == "x" + grin + "y");
    CHECK(told(R"(\ud83d\ud83d\ude00)") == "x" + lost + grin + "y");
    CHECK(told(R"(\\ud83d\ud83d)") == "x\\ud83d" + lost + "y");
    CHECK(told(R"(\ud83)") == "refused");
}

TEST_CASE("an unknown kind with a hundred thousand fields is shown, each number once") {
    std::string bytes = field(1, field(1, "web"));
    for (std::uint32_t i = 0; i < 50'000; ++i)
        bytes += number_field(2, 1) + number_field(20'000 + i, 1);
    kube::Document document;
    const auto value = kube::unknown_message(schema(), bytes, document);
    REQUIRE(value);
    const auto* unknown = value->find("unknownFields");
    REQUIRE(unknown);
    CHECK(unknown->members.size() == 50'001);
    REQUIRE(value->find("metadata"));
    CHECK(value->find("metadata")->text("name") == "web");
}

// The two stood one behind the other.
TEST_CASE("of a text that comes twice the last counts, as in Go") {
    CHECK(*shown("k8s.io.api.core.v1.ObjectReference", field(3, "first") + field(3, "last")) ==
          R"({"name":"last"})");
}

TEST_CASE("metadata of an unknown kind that comes in parts is one") {
    kube::Document document;
    const auto value = kube::unknown_message(
        schema(), field(1, field(1, "web")) + field(1, field(3, "shop")), document);
    REQUIRE(value);
    CHECK(value->find("metadata")->text("name") == "web");
    CHECK(value->find("metadata")->text("namespace") == "shop");
}

TEST_CASE("unknown fields of a known kind are shown, and so many of them named") {
    std::string bytes;
    for (int i = 0; i < 10'000; ++i) bytes += number_field(1'000, 7);
    std::string out;
    kube::JsonSink sink(out);
    std::vector<kube::UnknownField> unknown;
    REQUIRE(kube::render_message(schema(), *schema().find(object_meta), bytes, sink, &unknown));
    CHECK(unknown.size() == kube::max_unknown_named);
    CHECK(out.find("unknownFields") != std::string::npos);
}

TEST_CASE("a message that stands in parts at every level is refused before it fills memory") {
    std::string bytes(1 << 20, 'a');
    bytes = field(2, bytes);
    for (int i = 0; i < 200; ++i) bytes = field(28, bytes) + field(28, "");
    const auto value = shown(schema_props, bytes);
    REQUIRE_FALSE(value);
    CHECK(value.error().code == ErrorCode::too_large);
}

TEST_CASE("times beyond all calendars tell nothing and break nothing") {
    const auto least = static_cast<std::uint64_t>(INT64_MIN);
    const auto metadata =
        field(9, number_field(1, least)) + number_field(10, std::uint64_t{1} << 32);
    const auto value =
        "k8s\0"s + field(1, field(1, "v1") + field(2, "Pod")) + field(2, field(1, metadata));
    CHECK_FALSE(kube::read_times(value).deletion_asked);
    const auto text = shown(object_meta, metadata);
    REQUIRE_FALSE(text);
    CHECK(text.error().code == ErrorCode::malformed);
}

TEST_CASE("a text of protobuf that is no UTF-8 has U+FFFD in YAML, as in JSON") {
    // fuzz_kube_values found it: a short text stood in YAML as it was stored.
    const auto bytes = field(1, "web-\xb7-1");
    CHECK(*shown(object_meta, bytes) == R"({"name":"web-\ufffd-1"})");
    std::string out;
    kube::YamlSink sink(out);
    REQUIRE(kube::render_message(schema(), *schema().find(object_meta), bytes, sink));
    CHECK(out == "name: web-\xef\xbf\xbd-1");
}

TEST_CASE("a number of protobuf that is not finite is refused") {
    // It was printed as nan, which is no JSON. JSONSchemaProps.maximum is field 9.
    for (const auto bits : {0x7FF0000000000000, 0x7FF8000000000000, 0x3FF8000000000000}) {
        std::string bytes = "\x49";
        for (int i = 0; i < 8; ++i) bytes += static_cast<char>(bits >> 8 * i);
        const auto value = shown(schema_props, bytes);
        CHECK(value.has_value() == (bits == 0x3FF8000000000000));
    }
}

// It was taken for one that is absent.
TEST_CASE("what a time or a port is made of is refused in another wire type, as in Go") {
    CHECK_FALSE(shown("k8s.io.api.coordination.v1.LeaseSpec", field(4, field(1, "x"))));
    CHECK_FALSE(shown("k8s.io.api.core.v1.ServicePort", field(4, number_field(3, 1))));
    CHECK(shown("k8s.io.api.core.v1.ServicePort", field(4, number_field(2, 80))));
}

TEST_CASE("a time's nanoseconds outside of a second are carried over, as in Go") {
    // 2026-01-01T00:00:00Z; renewTime of a LeaseSpec is field 4, a MicroTime.
    const auto lease = [](std::int64_t nanos) {
        return shown("k8s.io.api.coordination.v1.LeaseSpec",
                     field(4, number_field(1, 1'767'225'600) +
                                  number_field(2, static_cast<std::uint64_t>(nanos))));
    };
    // They were printed behind a minus, or with seven digits.
    CHECK(*lease(-1'000) == R"({"renewTime":"2025-12-31T23:59:59.999999Z"})");
    CHECK(*lease(1'500'000'000) == R"({"renewTime":"2026-01-01T00:00:01.500000Z"})");
}

TEST_CASE("an encryption configuration 100,000 levels deep is refused") {
    CHECK_FALSE(kube::at_rest::Config::parse(std::string(100'000, '[')));
    CHECK_FALSE(kube::at_rest::Config::parse(repeated("{a: ", 50'000)));
}
