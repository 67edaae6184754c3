// Any bytes: opened, checked, walked, changed. A file that the check finds nothing in must be
// readable to the end, and a change planned on it must leave a file that is sound, too.

#include <cstdlib>
#include <map>

#include "formats/base/checksum.hpp"
#include "formats/bbolt/check.hpp"
#include "formats/bbolt/tree.hpp"
#include "formats/bbolt/writer.hpp"

using namespace salvor;
using namespace salvor::bbolt;

namespace {

// Larger edits take the fuzzer's time, not the code's.
constexpr std::uint64_t largest_result = std::uint64_t{1} << 22;

void require(bool holds) {
    if (!holds) std::abort();
}

std::size_t touch(Bytes bytes) {
    std::size_t sum = 0;
    for (const char c : bytes) sum += static_cast<unsigned char>(c);
    return sum;
}

/// Whether it came to the end without an error.
bool walk(const Database& db, const Bucket& bucket) {
    Leaves leaves(db, bucket);
    std::size_t sum = 0;
    for (;;) {
        const auto leaf = leaves.next();
        if (!leaf) return false;
        if (!*leaf) return sum != 1;
        for (std::size_t i = 0; i < (*leaf)->count(); ++i) {
            const auto entry = (*leaf)->leaf(i);
            sum += touch(entry.key.substr(0, 64)) + touch(entry.value.substr(0, 64));
        }
        leaves.path();
    }
}

struct Verdict {
    bool sound = true;
    bool odd = false;  ///< some of its problems do no harm
    std::uint64_t entries = 0;
};

Verdict judge(const Database& db) {
    std::map<std::string_view, Weight> weights;
    for (const auto& row : checks) weights[row.id] = row.weight;
    Verdict verdict;
    const auto structure = check(
        db,
        [&](const Problem& problem) {
            const bool is_odd = weights.at(problem.check) == Weight::odd;
            verdict.odd = verdict.odd || is_odd;
            verdict.sound = verdict.sound && is_odd;
        },
        [&](const CheckedLeaf& leaf) {
            for (std::size_t i = 0; i < leaf.page.count(); ++i)
                verdict.entries += !leaf.page.leaf(i).is_bucket;
        });
    if (verdict.sound) {
        const auto& pages = structure.pages;
        require(structure.complete);
        require(pages.meta + pages.branch + pages.leaf + pages.freelist + pages.free +
                    pages.leaked ==
                db.page_count());
    }
    return verdict;
}

void change(const Database& db, Bytes image, const Verdict& before) {
    const Change wanted{{"bucket", {false, {{"k", std::string(700, 'v')}, {"000", std::nullopt}}}},
                        {"fuzz", {true, {{"a", "b"}}}}};
    const auto edit = plan_edit(db, wanted);
    if (!edit || edit->file_size > largest_result) return;
    std::string changed(image);
    changed.resize(edit->file_size);
    for (const auto* part : {&edit->pages, &edit->metas}) {
        for (const auto& write : *part)
            changed.replace(number(write.id) * db.page_size(), write.bytes.size(), write.bytes);
    }
    const auto after = Database::open(changed);
    require(after.has_value());
    require(number(after->meta().txid) == number(db.meta().txid) + 1);
    if (!before.sound) return;
    require(judge(*after).sound);
    require(**after->get(**after->bucket("fuzz"), "a") == "b");
    require((*after->get(**after->bucket("bucket"), "k"))->size() == 700);
}

}  // namespace

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

/// Puts the metas' checksums right again, mostly: what lies behind them is what is to be tried.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
    size = LLVMFuzzerMutate(data, size, max_size);
    if (seed % 8 == 0) return size;
    char* bytes = reinterpret_cast<char*>(data);
    for (const std::size_t page : {0U, 512U, 1024U, 4096U}) {
        const std::size_t meta = page + page_header_size;
        if (size < meta + meta_size || load_le<std::uint32_t>(bytes + meta) != magic) continue;
        store_le(bytes + meta + meta_checksum_at, fnv1a_64({bytes + meta, meta_checksum_at}));
    }
    return size;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes image(reinterpret_cast<const char*>(data), size);
    for (const Reach reach : {Reach::page_run, Reach::file}) {
        const auto db = Database::open(image, reach);
        if (!db) return 0;
        const auto verdict = judge(*db);
        const auto buckets = db->buckets();
        require(buckets.has_value() || !verdict.sound || reach == Reach::file);
        if (buckets) {
            for (const auto& [name, bucket] : *buckets) {
                const bool walked = walk(*db, bucket);
                require(walked || !verdict.sound || reach == Reach::file);
                static_cast<void>(db->get(bucket, "k"));
            }
        }
        if (reach == Reach::page_run) change(*db, image, verdict);
    }
    return 0;
}
