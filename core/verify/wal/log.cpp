#include <algorithm>
#include <cassert>

#include "core/verify/remedies.hpp"
#include "core/verify/rules.hpp"
#include "core/verify/wal/data_directory.hpp"
#include "formats/wal/reader.hpp"
#include "formats/wal/segment_name.hpp"

namespace salvor::verify {
namespace {

constexpr const char* does_not_start =
    "etcd does not start on this directory: rebuild the member from another one or from a backup; "
    "a restore from this "
    "directory's db (`restore --force`) loses what the log alone has";
constexpr const char* no_harm = "etcd starts all the same; nothing has to be done";

constexpr Rule wal_absent{
    "wal-absent", Layer::wal, Severity::warning, "a data directory has a write-ahead log",
    "started as it is, etcd would take the data for that of a new cluster: restore from it "
    "instead, and look for the log, which has the last writes"};
constexpr Rule wal_unread{"wal-unread", Layer::wal, Severity::error,
                          "the files of the log and the .snap files can be opened",
                          "run as a user that may read them"};
constexpr std::array table{
    wal_absent,
    wal_unread,
    Rule{
        "wal-torn", Layer::wal, Severity::note, "the last record was written whole",
        "a crash tore it and nobody was told that it was written: etcd cuts it off when it starts"},
    Rule{"wal-rest", Layer::wal, Severity::note,
         "nothing but zeros follows a segment's last record", no_harm},
    Rule{"wal-empty", Layer::wal, Severity::warning, "every segment has a record",
         "etcd starts, and what was in the segment is lost: compare this member with another one"},
    Rule{"wal-name", Layer::wal, Severity::note, "a segment's name has its number and first index",
         no_harm},
    Rule{"wal-sequence", Layer::wal, Severity::error, "no segment is missing between two others",
         does_not_start},
    Rule{"wal-frame", Layer::wal, Severity::error, "a record ends within its segment",
         does_not_start},
    Rule{"wal-crc", Layer::wal, Severity::error, "each record's CRC is that of all bytes up to it",
         does_not_start},
    Rule{"wal-record", Layer::wal, Severity::error, "each record parses and is of a known type",
         does_not_start},
    Rule{"wal-metadata", Layer::wal, Severity::error, "all segments are of one member and cluster",
         does_not_start},
    Rule{"wal-entry-order", Layer::wal, Severity::error, "the entries' indexes have no gap",
         does_not_start},
    Rule{"wal-commit", Layer::wal, Severity::error, "the commit index is not beyond the last entry",
         does_not_start},
    Rule{"wal-start", Layer::wal, Severity::error,
         "the log covers the snapshot that etcd starts from", does_not_start},
};

}  // namespace

RuleRows log_rules() {
    return table;
}

void report_unread(const std::vector<std::filesystem::path>& files, const std::string& folder,
                   const Error& error, Collector& findings) {
    Place place;
    place.file = folder;
    const auto unreadable = std::find_if(files.begin(), files.end(),
                                         [](const auto& file) { return !MappedFile::open(file); });
    if (unreadable != files.end()) place.file += "/" + unreadable->filename().string();
    findings.add(wal_unread, std::move(place), error.message);
}

std::optional<wal::Log> check_log(const DataDirectory& directory, const ProblemSink& problems,
                                  Collector& findings) {
    const std::filesystem::path first_shown = wal::shown_path(directory.wal_dir / "0.wal");
    const auto folder = first_shown.parent_path().string();
    if (directory.wal_files.empty()) {
        Place place;
        place.file = folder;
        findings.add(wal_absent, std::move(place),
                     fmt::format("{}: no *.wal file", directory.wal_dir.string()));
        return {};
    }
    auto log = wal::read(directory.wal_files, problems);
    if (log) return *std::move(log);
    report_unread(directory.wal_files, folder, log.error(), findings);
    return {};
}

}  // namespace salvor::verify
