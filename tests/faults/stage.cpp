// The least program that writes as restore does: a copy, a preallocated file and an owner in one
// staged folder, a second one that goes before it, both committed. `stage SOURCE TARGET SECOND`.
// Exit 2 with a sentence where it could not.

#include <sys/stat.h>

#include <cstdio>
#include <vector>

#include "formats/base/mapped_file.hpp"
#include "formats/base/output.hpp"

namespace {

using namespace salvor;

Result<void> write_files(const MappedFile& source, const StagedDirectory& target,
                         const StagedDirectory& second, Owner owner) {
    SALVOR_CHECK(target.make_directory("member"));
    SALVOR_TRY(auto copy, FileWriter::create(target.path() / "member/db", 0600));
    SALVOR_CHECK(copy.set_owner(owner));
    SALVOR_CHECK(copy.copy_from(source.fd(), 0, source.bytes().size()));
    SALVOR_CHECK(copy.close());
    SALVOR_TRY(auto log, FileWriter::create(second.path() / "wal", 0600));
    SALVOR_CHECK(log.write("records"));
    SALVOR_CHECK(log.preallocate(1 << 16));
    return log.close();
}

Result<void> stage(const char* source, const char* target, const char* second) {
    SALVOR_TRY(const auto file, MappedFile::open(source));
    SALVOR_TRY(const auto owner, owner_of(target));
    std::vector<StagedDirectory> directories;
    for (const char* place : {second, target}) {
        SALVOR_TRY(auto made, StagedDirectory::create(place, owner));
        directories.push_back(std::move(made));
    }
    SALVOR_CHECK(write_files(file, directories[1], directories[0], owner));
    return commit_in_order(directories);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    const auto staged = stage(argv[1], argv[2], argv[3]);
    if (staged) return 0;
    std::fprintf(stderr, "stage: %s\n", staged.error().message.c_str());
    return 2;
}
