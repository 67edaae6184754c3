// Files beyond 4 GiB, where an offset in 32 bits would wrap. They are sparse: holes read as the
// zeros that the values are.

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "formats/base/checksum.hpp"
#include "formats/base/mapped_file.hpp"
#include "tests/formats/bbolt/contents.hpp"
#include "tests/temporary_directory.hpp"

using namespace salvor;
using namespace salvor::bbolt;

namespace {

constexpr std::uint64_t four_gib = std::uint64_t{1} << 32;
constexpr std::uint64_t page = 4096;

class SparseFile {
 public:
    explicit SparseFile(const std::filesystem::path& path)
        : fd_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
        REQUIRE(fd_ >= 0);
    }
    ~SparseFile() { ::close(fd_); }
    SparseFile(const SparseFile&) = delete;
    SparseFile& operator=(const SparseFile&) = delete;
    void write(std::uint64_t at, Bytes bytes) {
        REQUIRE(::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(at)) ==
                static_cast<ssize_t>(bytes.size()));
    }
    void resize(std::uint64_t size) { REQUIRE(::ftruncate(fd_, static_cast<off_t>(size)) == 0); }

 private:
    int fd_;
};

/// Fields one after another, by hand: this maker shares nothing with the reader.
std::string fields(std::initializer_list<std::pair<int, std::uint64_t>> sized) {
    std::string bytes;
    for (auto [size, value] : sized) {
        for (int i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i));
    }
    return bytes;
}

std::string header(std::uint64_t id, unsigned flags, unsigned count, unsigned overflow) {
    return fields({{8, id}, {2, flags}, {2, count}, {4, overflow}});
}

std::string meta(std::uint64_t id, std::uint64_t root, std::uint64_t high_water,
                 std::uint64_t txid) {
    const auto body = fields({{4, 0xED0CDAED},
                              {4, 2},
                              {4, page},
                              {4, 0},
                              {8, root},
                              {8, 0},
                              {8, ~std::uint64_t{0}},
                              {8, high_water},
                              {8, txid}});
    return header(id, 4, 0, 0) + body + fields({{8, fnv1a_64(body)}});
}

}  // namespace

TEST_CASE(
    "a tree whose pages lie beyond 4 GiB, and a run that crosses it, are read, checked and "
    "changed") {
    const TemporaryDirectory folder;
    const std::uint64_t crossing = four_gib / page - 3, far = four_gib / page + 200000,
                        high = far + 100;
    const std::uint32_t large = 40000;  // ten pages, the fourth of them at 4 GiB
    {
        SparseFile file(folder / "db");
        file.write(0, meta(0, far + 2, high, 6));
        file.write(page, meta(1, far + 2, high, 5));
        file.write(crossing * page,
                   header(crossing, 2, 1, 9) + fields({{4, 0}, {4, 16}, {4, 1}, {4, large}}) + "a");
        file.write(crossing * page + 33 + large - 1, "!");
        file.write(far * page,
                   header(far, 2, 1, 0) + fields({{4, 0}, {4, 16}, {4, 1}, {4, 3}}) + "bfar");
        file.write((far + 1) * page,
                   header(far + 1, 1, 2, 0) +
                       fields({{4, 32}, {4, 1}, {8, crossing}, {4, 17}, {4, 1}, {8, far}}) + "ab");
        file.write((far + 2) * page, header(far + 2, 2, 1, 0) +
                                         fields({{4, 1}, {4, 16}, {4, 6}, {4, 16}}) + "bucket" +
                                         fields({{8, far + 1}, {8, 0}}));
        file.resize(high * page);
    }
    std::string value(large - 1, '\0');
    Contents expected{{"bucket", {{"a", value + "!"}, {"b", "far"}}}};
    std::uint64_t size_after = 0;
    {
        const auto mapped = MappedFile::open(folder / "db");
        REQUIRE(mapped);
        REQUIRE(mapped->bytes().size() > four_gib);
        const auto db = Database::open(mapped->bytes());
        REQUIRE(db);
        CHECK(sound_contents(*db) == expected);
        CHECK(db->offset_of((*db->get(**db->bucket("bucket"), "b"))->data()) == far * page + 33);
        const auto structure = check(*db, [](const Problem&) {});
        CHECK(structure.pages.free == high - 2 - 10 - 3);

        const auto edit = plan_edit(*db, {{"bucket", {false, {{"b", "changed"}}}}, {"new", {}}});
        REQUIRE(edit);
        size_after = edit->file_size;
        SparseFile file(folder / "db");
        for (const auto& write : edit->pages) file.write(number(write.id) * page, write.bytes);
        for (const auto& write : edit->metas) file.write(number(write.id) * page, write.bytes);
    }
    const auto mapped = MappedFile::open(folder / "db");
    REQUIRE(mapped);
    CHECK(mapped->bytes().size() == size_after);
    expected["bucket"]["b"] = "changed";
    expected["new"];
    CHECK(sound_contents(*Database::open(mapped->bytes())) == expected);
}

TEST_CASE("a dense file grows beyond 4 GiB, and what is written behind is found") {
    const TemporaryDirectory folder;
    const std::uint64_t size = std::uint64_t{3} << 29;  // 1.5 GiB of zeros that take no memory
    void* zeros =
        ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    REQUIRE(zeros != MAP_FAILED);
    const Bytes large(static_cast<const char*>(zeros), size);
    {
        SparseFile file(folder / "db");
        std::uint64_t end = 0;
        DenseWriter writer(
            [&](std::uint64_t at, Bytes bytes) -> Result<void> {
                end = std::max(end, at + bytes.size());
                if (bytes.data() != large.data()) file.write(at, bytes);
                return {};
            },
            page);
        REQUIRE(writer.begin_bucket("large"));
        for (const char* key : {"a", "b", "c"}) REQUIRE(writer.put(key, large));
        REQUIRE(writer.begin_bucket("small"));
        for (int i = 0; i < 1000; ++i) REQUIRE(writer.put(fmt::format("{:04}", i), "behind"));
        REQUIRE(writer.finish(TxId{2}));
        file.resize(end);
    }
    ::munmap(zeros, size);
    const auto mapped = MappedFile::open(folder / "db");
    REQUIRE(mapped);
    const auto db = Database::open(mapped->bytes());
    REQUIRE(db);
    CHECK(db->logical_size() == mapped->bytes().size());
    std::uint64_t entries = 0, last = 0;
    const auto structure = check(
        *db, [](const Problem& problem) { FAIL(problem.check << ": " << problem.message); },
        [&](const CheckedLeaf& leaf) {
            entries += leaf.page.count();
            last = std::max(last, leaf.page.offset());
        });
    CHECK(entries == 3 + 1000 + 2);
    CHECK(last > 3 * size);
    CHECK(structure.pages.free == 0);
    CHECK((*db->get(**db->bucket("large"), "c"))->size() == size);
    CHECK(**db->get(**db->bucket("small"), "0999") == "behind");
}
