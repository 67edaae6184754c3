#include <array>
#include <map>

#include "core/query/sql/relation.hpp"
#include "core/snapshot/records.hpp"

namespace salvor::query {
namespace {

enum : std::size_t { id, hex, ttl, remaining_ttl, keys };
constexpr std::array columns{
    Column{"id", "INTEGER", "as keys.lease has it"},
    Column{"hex", "TEXT", "the same as etcdctl prints it"},
    Column{"ttl", "INTEGER", "seconds that were granted"},
    Column{"remaining_ttl", "INTEGER", "seconds by its last checkpoint; 0: none was made"},
    Column{"keys", "INTEGER", "how many live keys are attached"},
};

class LeaseRows : public Rows {
 public:
    explicit LeaseRows(Source& source) : source_(source) {}
    Result<bool> next() override {
        if (!is_read_) SALVOR_CHECK(read());
        if (at_ >= leases_.size()) return false;
        ++at_;
        return true;
    }
    std::int64_t id() const override { return lease().id; }
    void tell(std::size_t column, Cell& cell) override {
        switch (column) {
            case query::id: return cell.set(lease().id);
            case hex: return cell.set_made(fmt::format("{:016x}", lease().id));
            case ttl: return cell.set(lease().ttl);
            case remaining_ttl: return cell.set(lease().remaining_ttl);
            default: return cell.set(attached_[lease().id]);
        }
    }

 private:
    const etcd::Lease& lease() const { return leases_[at_ - 1]; }
    Result<void> read() {
        is_read_ = true;
        SALVOR_TRY(leases_, leases(source_.db()));
        for (std::size_t i = 0; i < source_.state().size(); ++i) {
            if (const auto lease = source_.state()[i].lease; lease != 0) ++attached_[lease];
        }
        return {};
    }

    Source& source_;
    bool is_read_ = false;
    std::vector<etcd::Lease> leases_;
    std::map<std::int64_t, std::int64_t> attached_;
    std::size_t at_ = 0;
};

}  // namespace

const Relation leases_relation{"leases", "etcd's leases", columns, 1'000,
                               [](Source& source, const Wanted&) -> std::unique_ptr<Rows> {
                                   return std::make_unique<LeaseRows>(source);
                               }};

}  // namespace salvor::query
