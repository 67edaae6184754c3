#include "formats/gardener/delta.hpp"

#include <catch2/catch.hpp>

#include <vector>

#include "formats/base/checksum.hpp"
#include "formats/gardener/lzw.hpp"
#include "formats/gardener/name.hpp"

using namespace salvor;

namespace {

std::string with_digest(std::string json) {
    const auto digest = sha256(json);
    return json.append(reinterpret_cast<const char*>(digest.data()), digest.size());
}

std::vector<gardener::Event> events_of(const std::string& json) {
    std::vector<gardener::Event> events;
    const auto read = gardener::read_delta(with_digest(json), [&](const gardener::Event& event) {
        events.push_back(event);
        return Result<void>();
    });
    REQUIRE(read);
    return events;
}

ErrorCode refused(const std::string& json) {
    const auto read = gardener::read_delta(with_digest(json),
                                           [](const gardener::Event&) { return Result<void>(); });
    REQUIRE(!read);
    return read.error().code;
}

std::string unlzw(Bytes packed) {
    const auto stream = gardener::unlzw(envelope::stream_of(packed));
    std::string all;
    for (;;) {
        const auto bytes = stream->next();
        if (!bytes) return bytes.error().message;
        if (bytes->empty()) return all;
        all += *bytes;
    }
}

}  // namespace

TEST_CASE("a delta's events are told in their order, with what each has") {
    const auto events = events_of(
        R"([{"etcdEvent":{"kv":{"key":"L2E=","create_revision":5,"mod_revision":7,"version":2,)"
        R"("value":"MQ==","lease":-3},"later":{"kv":{"key":"AA=="}}},"time":"2026-03-04T05:06:07Z"},)"
        R"({"etcdEvent":{"type":1,"kv":{"key":"L2E=","mod_revision":8}},"time":""}])");
    REQUIRE(events.size() == 2);
    CHECK(events[0].key == "/a");
    CHECK(events[0].value == "1");
    CHECK(!events[0].removes);
    CHECK(events[0].mod_revision == 7);
    CHECK(events[0].version == 2);
    CHECK(events[0].lease == -3);
    CHECK(events[1].removes);
    CHECK(events[1].mod_revision == 8);
    CHECK(events_of("[]").empty());
}

TEST_CASE("what is no list of events is refused, and so is a digest that is another's") {
    CHECK(refused("{}") == ErrorCode::malformed);
    CHECK(refused("[{\"etcdEvent\":") == ErrorCode::malformed);
    CHECK(refused("[{\"etcdEvent\":{}}]") == ErrorCode::malformed);
    CHECK(refused(R"([{"etcdEvent":{"kv":{"key":"%","mod_revision":8}}}])") ==
          ErrorCode::malformed);
    auto wrong = with_digest("[]");
    wrong.back() ^= 1;
    CHECK(!gardener::read_delta(wrong, [](const auto&) { return Result<void>(); }));
    CHECK(!gardener::read_delta("[]", [](const auto&) { return Result<void>(); }));
}

TEST_CASE("a file's name says what it is, or it is none of these files") {
    const auto full = gardener::parse_name("Full-00000000-00012345-1772600767.gz");
    REQUIRE(full);
    CHECK(full->kind == gardener::Name::Kind::full);
    CHECK(full->last == 12345);
    CHECK(full->taken_at == 1772600767);
    CHECK(full->packing == gardener::Name::Packing::gzip);
    const auto last = gardener::parse_name("Incr-00000002-123456789-1772600767.Z.final");
    REQUIRE(last);
    CHECK(last->last == 123456789);
    CHECK(last->is_final);
    CHECK(last->packing == gardener::Name::Packing::lzw);
    CHECK(gardener::parse_name("Full-00000000-00000001-1772600767"));
    for (const Bytes other : {"Full", "Full-1-2", "Full-00000003-00000002-1", "Full-1-2-3.xz",
                              "Incr-1-x-3", "full-1-2-3", "Full-1-2-3.gz.tmp", "Full--1-2-3"})
        CHECK(!gardener::parse_name(other));
}

TEST_CASE("LZW comes out as Go's compress/lzw put it in, and what is cut or wrong is refused") {
    // lzw.NewWriter(w, lzw.LSB, 8) of "TOBEORNOTTOBEORTOBEORNOT"; of nothing.
    const std::string packed(
        "\x00\xa9\x3c\x11\x52\xe4\x89\x14\x27\x4f\xa8\x08\x24\x68\x70\x61\xc1\x83\x09\x03\x02", 21);
    CHECK(unlzw(packed) == "TOBEORNOTTOBEORTOBEORNOT");
    CHECK(unlzw(std::string("\x00\x03\x02", 3)).empty());
    CHECK(unlzw(packed.substr(0, 9)) == "the LZW data is cut short: it has no end");
    CHECK(unlzw("\xff\xff\xff").starts_with("the LZW data is damaged"));
}
