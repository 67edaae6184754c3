#include "core/upstream/status.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/upstream/quick_status.hpp"
#include "formats/base/mapped_file.hpp"

namespace salvor::upstream {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> real_files() {
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(SALVOR_TESTDATA) / "real")) {
        if (entry.path().extension() == ".db") found.push_back(entry.path());
    }
    return found;
}

MappedFile opened(const fs::path& path) {
    auto file = MappedFile::open(path);
    REQUIRE(file);
    return *file;
}

TEST_CASE("the fast way and the exact one say the same of every real file, for each line") {
    const auto files = real_files();
    REQUIRE(files.size() >= 15);
    for (const auto& path : files) {
        INFO(path);
        const auto file = opened(path);
        for (const auto line :
             {etcd::Line::v3_4, etcd::Line::v3_5, etcd::Line::v3_6, etcd::Line::v3_7}) {
            const auto image = Image::open(file.bytes(), line);
            REQUIRE(image);
            const auto quick = quick_status(*image, file.fd());
            const auto exact = exact_status(*image);
            REQUIRE(quick);
            REQUIRE(exact);
            CHECK(quick->hash == exact->hash);
            CHECK(quick->revision == exact->revision);
            CHECK(quick->total_key == exact->total_key);
            CHECK(quick->total_size == exact->total_size);
            CHECK(quick->version == exact->version);
            CHECK(quick_check(*image, file.fd(), Access::read));
            CHECK(quick_check(*image, file.fd(), Access::mapped));
        }
    }
}

TEST_CASE("a file that shrinks under the fast way is no crash") {
    const auto copy = fs::temp_directory_path() / "salvor-status-shrinks.db";
    fs::copy_file(real_files()[0], copy, fs::copy_options::overwrite_existing);
    const auto file = opened(copy);
    const auto image = Image::open(file.bytes(), etcd::Line::v3_7);
    REQUIRE(image);
    fs::resize_file(copy, 3 * image->page_size());
    CHECK_FALSE(quick_status(*image, file.fd()));
    CHECK_FALSE(file.intact());
    fs::remove(copy);
}

}  // namespace
}  // namespace salvor::upstream
