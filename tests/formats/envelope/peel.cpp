#include "formats/envelope/peel.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <zlib.h>
#include <zstd.h>

#include <catch2/catch.hpp>

#include "tests/temporary_directory.hpp"

using namespace salvor;
using namespace salvor::envelope;

namespace {

const std::string wanted = "wanted" + std::string(70'000, 'w');

std::string gzip(const std::string& bytes) {
    z_stream stream{};
    REQUIRE(::deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string out(::deflateBound(&stream, bytes.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    REQUIRE(::deflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    ::deflateEnd(&stream);
    return out;
}

std::string zstd(const std::string& bytes) {
    std::string out(::ZSTD_compressBound(bytes.size()), '\0');
    out.resize(::ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 1));
    return out;
}

using Entries = std::vector<std::pair<std::string, std::string>>;

std::string archive(int format, const Entries& entries) {
    std::string out(1 << 20, '\0');
    std::size_t used = 0;
    auto* writer = ::archive_write_new();
    ::archive_write_set_format(writer, format);
    ::archive_write_open_memory(writer, out.data(), out.size(), &used);
    for (const auto& [name, content] : entries) {
        auto* entry = ::archive_entry_new();
        ::archive_entry_set_pathname(entry, name.c_str());
        ::archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
        ::archive_entry_set_filetype(entry, AE_IFREG);
        ::archive_entry_set_perm(entry, 0600);
        REQUIRE(::archive_write_header(writer, entry) == ARCHIVE_OK);
        ::archive_write_data(writer, content.data(), content.size());
        ::archive_entry_free(entry);
    }
    ::archive_write_close(writer);
    ::archive_write_free(writer);
    out.resize(used);
    return out;
}
std::string tar(const Entries& entries) {
    return archive(ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, entries);
}
std::string zip(const Entries& entries) {
    return archive(ARCHIVE_FORMAT_ZIP, entries);
}

Result<Peeled> peel_bytes(const std::string& bytes, const std::string& entry = {}) {
    const TemporaryDirectory folder;
    write_content(folder / "f", bytes);
    Opening opening;
    opening.entry = entry;
    opening.is_wanted = [](Bytes head) { return head.starts_with("wanted"); };
    return peel(*MappedFile::open(folder / "f"), opening);
}

std::string words_of(const std::string& bytes, const std::string& entry = {}) {
    const auto peeled = peel_bytes(bytes, entry);
    REQUIRE(!peeled);
    CHECK(peeled.error().message.find('\n') == std::string::npos);
    return peeled.error().message;
}
bool says(const std::string& message, const char* part) {
    INFO(message);
    return message.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("layers come off one after another, and which there were is told") {
    const auto peeled = peel_bytes(gzip(tar({{"meta.json", "{}"}, {"a/b.db.zst", zstd(wanted)}})));
    REQUIRE(peeled);
    CHECK(peeled->file.bytes() == wanted);
    REQUIRE(peeled->layers.size() == 3);
    CHECK(peeled->layers[0].form == Form::gzip);
    CHECK(peeled->layers[1].form == Form::tar);
    CHECK(peeled->layers[1].entry == "a/b.db.zst");
    CHECK(peeled->layers[2].form == Form::zstd);
}

TEST_CASE("members and frames behind one another are one file") {
    CHECK(peel_bytes(gzip(wanted.substr(0, 9)) + gzip(wanted.substr(9)))->file.bytes() == wanted);
    CHECK(peel_bytes(zstd(wanted.substr(0, 9)) + zstd(wanted.substr(9)))->file.bytes() == wanted);
}

TEST_CASE("a skippable frame is passed over by zstd and kept as a note") {
    const auto note = std::string("\x5e\x2a\x4d\x18\x03\x00\x00\x00" "abc", 11);
    for (const auto& bytes : {zstd(wanted) + note, note + zstd(wanted)}) {
        const auto peeled = peel_bytes(bytes);
        REQUIRE(peeled);
        CHECK(peeled->file.bytes() == wanted);
        REQUIRE(peeled->notes.size() == 1);
        CHECK(peeled->notes[0].variant == 14);
        CHECK(peeled->notes[0].content == "abc");
    }
}

TEST_CASE("what is cut, flipped or followed by something is one sentence") {
    for (const auto& packed : {gzip(wanted), zstd(wanted)}) {
        CHECK(says(words_of(packed.substr(0, packed.size() - 1)), "cut short"));
        CHECK(says(words_of(packed + "garbage"), "stands behind the"));
        auto flipped = packed;
        flipped[packed.size() / 2] = static_cast<char>(flipped[packed.size() / 2] ^ 4);
        const auto peeled = peel_bytes(flipped);
        CHECK((!peeled || peeled->file.bytes() != wanted || flipped[packed.size() / 2] == 0));
    }
    auto wrong_crc = gzip(wanted);
    wrong_crc[wrong_crc.size() - 8] = static_cast<char>(wrong_crc[wrong_crc.size() - 8] ^ 1);
    CHECK(says(words_of(wrong_crc), "the gzip data is damaged"));
    const auto packed = zip({{"a", wanted}});
    CHECK(says(words_of(packed.substr(0, packed.size() - 30)), "zip"));
    CHECK(says(words_of(packed + "garbage"), "stands behind"));
    CHECK(says(words_of(tar({{"a", wanted}}) + "garbage"), "stands behind the tar"));
    CHECK(says(words_of(tar({{"a", wanted}}).substr(0, 4096)), "tar is damaged"));
}

TEST_CASE("of several snapshots in an archive one has to be named") {
    const Entries two{{"old/a.db", wanted}, {"b.db", wanted + "2"}, {"log", "text"}};
    for (const auto& bytes : {tar(two), zip(two)}) {
        CHECK(says(words_of(bytes), "it holds 2 snapshots: old/a.db, b.db; name one by --entry"));
        CHECK(peel_bytes(bytes, "b.db")->file.bytes() == wanted + "2");
        CHECK(peel_bytes(bytes, "a.db")->file.bytes() == wanted);
        CHECK(peel_bytes(bytes, "log")->file.bytes() == "text");
        CHECK(says(words_of(bytes, "c.db"), "it has no entry c.db"));
    }
    CHECK(says(words_of(tar({{"x", "1"}, {"y", "2"}})), "none of the 2 files in it is a snapshot"));
}

TEST_CASE("an entry's name is a word and no path") {
    const auto peeled = peel_bytes(tar({{"../../etc/passwd", wanted}}));
    REQUIRE(peeled);
    CHECK(peeled->layers[0].entry == "../../etc/passwd");
    CHECK(peeled->file.bytes() == wanted);
}

TEST_CASE("an archive's only file is taken though it is no database, for verify to tell") {
    CHECK(peel_bytes(zip({{"broken.db", "not a database"}}))->file.bytes() == "not a database");
}

TEST_CASE("layers without end are refused, and so is a bomb, before a disk is full of it") {
    auto nested = wanted;
    for (int i = 0; i < 9; ++i) nested = gzip(nested);
    CHECK(says(words_of(nested), "more than 8 layers"));
}

TEST_CASE("a form that is only named says what peels it") {
    CHECK(says(words_of("Salted__12345678abc"), "openssl enc -d"));
    CHECK(says(words_of("-----BEGIN PGP MESSAGE-----\n"), "gpg --decrypt FILE > OUT"));
}
