#include "core/verify/remedies.hpp"
#include "core/verify/rules.hpp"
#include "core/verify/stages.hpp"

namespace salvor::verify {
namespace {

constexpr Rule trailer_mismatch{"trailer-mismatch", Layer::envelope, Severity::error,
                                "the SHA-256 behind the snapshot is that of its bytes",
                                "the file changed after it was taken: use another backup or "
                                "another copy of this one; with none, and no other "
                                "finding, `restore --skip-hash-check` takes it as it is"};
constexpr Rule trailer_missing{
    "trailer-missing", Layer::envelope, Severity::note,
    "a snapshot ends with a SHA-256 of its bytes",
    "nothing has to be done; a flipped bit within a value cannot be told without it"};
constexpr std::array table{trailer_mismatch, trailer_missing};

}  // namespace

RuleRows trailer_rules() {
    return table;
}

void check_trailer(const Snapshot& snapshot, const Sha256Digest& digest, Collector& findings) {
    if (!snapshot.trailer()) {
        if (snapshot.data_directory()) return;  // a member's db never has one
        findings.add(trailer_missing, {},
                     "no digest stands behind the database: etcd's own tools restore it with "
                     "--skip-hash-check only");
        return;
    }
    // What looks like a trailer in a file that was cut short is the last of what is left.
    if (const auto& db = snapshot.database(); db && snapshot.image().size() < db->logical_size())
        return;
    const auto stored = hex(*snapshot.trailer());
    if (stored == hex(digest)) return;
    Place place;
    place.offset = snapshot.image().size();
    findings.add(trailer_mismatch, std::move(place),
                 fmt::format("the trailer says sha256 {}, the bytes before it give {}", stored,
                             hex(digest)));
}

}  // namespace salvor::verify
