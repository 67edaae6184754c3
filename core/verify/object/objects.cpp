#include "core/verify/object/objects.hpp"

#include <algorithm>
#include <atomic>
#include <future>
#include <utility>

#include "core/verify/object/part.hpp"
#include "formats/base/interrupt.hpp"

namespace salvor::verify {
namespace {

constexpr std::size_t part_size = 1024;
/// Parts that are looked at before what they found is handed over: so many findings can wait.
constexpr std::size_t parts_at_once = 16;

/// The whole pass: parts of the rows go to whichever thread is free, and their findings are handed
/// over in the order of the rows.
class Pass {
 public:
    Pass(const bbolt::Database& db, const cluster::Registry& registry,
         std::span<const timeline::RowPosition> rows, const Options& options)
        : options_(options),
          rows_(rows),
          definitions_(db, registry, rows, options.encryption),
          parts_(parts_at_once, Part(schema_)) {}

    void run(Collector& findings) {
        if (looks_at_all()) uids_.reserve(rows_.size());
        for (std::size_t start = 0; start < rows_.size() && noted_interrupt() == 0;
             start += part_size * parts_at_once) {
            look_at(
                rows_.subspan(start, std::min(part_size * parts_at_once, rows_.size() - start)));
            for (auto& part : parts_) hand_over(part, findings);
        }
        if (!looks_at_all()) return;
        check_uids(uids_, definitions_, findings);
        report_undefined(undefined_, definitions_, findings);
        report_all_closed(closed_, options_.encryption, findings);
    }

    std::uint64_t objects() const { return objects_; }

 private:
    bool looks_at_all() const { return options_.objects == Options::Objects::all; }

    void look_at(std::span<const timeline::RowPosition> rows) {
        std::atomic<std::size_t> next = 0;
        const auto work = [&] {
            for (std::size_t i = next++; i * part_size < rows.size(); i = next++) {
                look_at(
                    rows.subspan(i * part_size, std::min(part_size, rows.size() - i * part_size)),
                    parts_[i]);
            }
        };
        // Where no second thread is to be had, nothing is left for it.
        std::future<void> beside;
        if (rows.size() > part_size)
            beside = std::async(std::launch::async | std::launch::deferred, work);
        work();
        if (beside.valid()) beside.get();
    }

    void look_at(std::span<const timeline::RowPosition> rows, Part& part) const {
        for (const auto position : rows) {
            const auto object = definitions_.at(position);
            if (!object.resource.empty()) ++part.objects;
            const auto checked = check_value(object, options_.encryption, part);
            if (!checked || !looks_at_all()) continue;
            check_identity(object, checked->identity, part);
            check_defined(object, checked->identity, definitions_, part);
        }
    }

    void hand_over(Part& part, Collector& findings) {
        part.sayings.hand_over(findings);
        objects_ += std::exchange(part.objects, 0);
        uids_.insert(uids_.end(), part.uids.begin(), part.uids.end());
        part.uids.clear();
        for (const auto& [by, count] : part.closed) closed_[by] += count;
        part.closed.clear();
        for (const auto& [name, found] : part.undefined) {
            const auto [known, is_new] = undefined_.try_emplace(name, found);
            if (!is_new) known->second.objects += found.objects;
        }
        part.undefined.clear();
    }

    const Options& options_;
    std::span<const timeline::RowPosition> rows_;
    kube::Schema schema_{kube::schema::newest_release};
    Definitions definitions_;
    std::vector<Part> parts_;
    std::uint64_t objects_ = 0;
    std::vector<UidMark> uids_;
    Closed closed_;
    UndefinedResources undefined_;
};

}  // namespace

std::uint64_t check_objects(const bbolt::Database& db, const cluster::Registry& registry,
                            std::vector<timeline::RowPosition> live, const Options& options,
                            Collector& findings) {
    std::erase_if(live, [&](timeline::RowPosition position) {
        const auto key = etcd::parse_key(timeline::entry_at(db, position).value);
        return !key || !registry.below(*key);
    });
    Pass pass(db, registry, live, options);
    pass.run(findings);
    return pass.objects();
}

}  // namespace salvor::verify
