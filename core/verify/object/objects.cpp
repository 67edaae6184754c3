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
    Pass(std::span<const timeline::RowPosition> rows, const Options& options, References references,
         const kube::Schema& schema, const Definitions& definitions, const Scope& scope)
        : options_(options),
          references_(references),
          rows_(rows),
          definitions_(definitions),
          scope_(scope),
          parts_(parts_at_once, Part(schema, scope)) {}

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
        if (references_ == References::wanted) report_tallies(tallies_, scope_, findings);
    }

    std::uint64_t objects() const { return objects_; }
    const HostMatches& host() const { return tallies_.host; }

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
            if (references_ == References::wanted) look_at_references(object, *checked, part);
        }
    }

    void look_at_references(const StoredObject& object, const kube::Checked& checked,
                            Part& part) const {
        // What is not what its key says has been told of.
        if (!object.key.type || !checked.is_known) return;
        part.lookup.stand_on(object.kv.key);
        if (checked.message.empty()) {
            kube::read_lifecycle(checked.value, part.document, part.life);
        } else {
            kube::read_lifecycle(checked.message, part.life);
        }
        check_references(
            {object, checked, part.life, scope_, part.lookup, part.tallies, part.sayings});
    }

    void hand_over(Part& part, Collector& findings) {
        part.sayings.hand_over(findings);
        objects_ += std::exchange(part.objects, 0);
        uids_.insert(uids_.end(), part.uids.begin(), part.uids.end());
        part.uids.clear();
        for (const auto& [by, count] : part.closed) closed_[by] += count;
        part.closed.clear();
        tallies_.take(part.tallies);
        for (const auto& [name, found] : part.undefined) {
            const auto [known, is_new] = undefined_.try_emplace(name, found);
            if (!is_new) known->second.objects += found.objects;
        }
        part.undefined.clear();
    }

    const Options& options_;
    References references_;
    std::span<const timeline::RowPosition> rows_;
    const Definitions& definitions_;
    const Scope& scope_;
    std::vector<Part> parts_;
    std::uint64_t objects_ = 0;
    std::vector<UidMark> uids_;
    Closed closed_;
    UndefinedResources undefined_;
    Tallies tallies_;
};

}  // namespace

Result<ObjectsSeen> check_objects(const bbolt::Database& db, const cluster::Registry& registry,
                                  std::vector<timeline::RowPosition> live, const Options& options,
                                  References references, Collector& findings) {
    std::erase_if(live, [&](timeline::RowPosition position) {
        const auto key = etcd::parse_key(timeline::entry_at(db, position).value);
        return !key || !registry.below(*key);
    });
    const kube::Schema schema(kube::schema::newest_release);
    const Definitions definitions(db, registry, live, options.encryption);
    SALVOR_TRY(const auto scope, Scope::over(db, registry,
                                             references == References::wanted
                                                 ? std::span<const timeline::RowPosition>(live)
                                                 : std::span<const timeline::RowPosition>(),
                                             definitions, schema, options));
    Pass pass(live, options, references, schema, definitions, scope);
    pass.run(findings);
    return ObjectsSeen{pass.objects(), pass.host()};
}

}  // namespace salvor::verify
