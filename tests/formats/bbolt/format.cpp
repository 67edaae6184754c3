#include <fstream>
#include <sstream>

#include "tests/formats/bbolt/contents.hpp"

using namespace salvor;
using namespace salvor::bbolt;

namespace {

/// The bytes of FORMAT.md's worked example: "OFFSET: 16 bytes | note" lines, zeros between them.
std::string example() {
    std::ifstream paper(SALVOR_SOURCE "/formats/bbolt/FORMAT.md");
    REQUIRE(paper.good());
    std::string bytes(6 * 1024, '\0');
    std::size_t lines = 0;
    bool inside = false;
    for (std::string line; std::getline(paper, line);) {
        if (line == "```") inside = !inside;
        if (!inside || line == "```") continue;
        std::istringstream words(line.substr(0, line.find('|')));
        std::size_t at = 0;
        char colon = 0;
        words >> std::hex >> at >> colon;
        for (unsigned byte = 0; words >> byte; ++at) bytes.at(at) = static_cast<char>(byte);
        ++lines;
    }
    REQUIRE(lines > 20);
    return bytes;
}

}  // namespace

TEST_CASE("the worked example of FORMAT.md is a sound file that holds what its text says") {
    const std::string bytes = example();
    const auto db = Database::open(bytes);
    REQUIRE(db);
    CHECK(db->page_size() == 1024);
    CHECK(db->chosen_meta() == 1);
    CHECK(number(db->meta().root) == 5);
    CHECK((*db->bucket("tree"))->sequence == 7);
    CHECK((*db->bucket("inline"))->is_inline());
    const std::string zeros(600, '\0');
    const Contents expected{{"inline", {{"k", "v"}}}, {"tree", {{"k1", zeros}, {"k2", zeros}}}};
    CHECK(sound_contents(*db) == expected);
}

TEST_CASE("the worked example of FORMAT.md is what the writer writes") {
    MemoryFile file;
    DenseWriter writer(file.sink(), 1024);
    REQUIRE(writer.begin_bucket("inline"));
    REQUIRE(writer.put("k", "v"));
    REQUIRE(writer.begin_bucket("tree", 7));
    REQUIRE(writer.put("k1", std::string(600, '\0')));
    REQUIRE(writer.put("k2", std::string(600, '\0')));
    REQUIRE(writer.finish(TxId{9}));
    CHECK(file.bytes == example());
}
