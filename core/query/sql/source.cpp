#include "core/query/sql/source.hpp"

namespace salvor::query {

Source::Source(Parts parts) : parts_(std::move(parts)) {
    if (!parts_.cluster) return;
    cluster::Presenter::Options options;
    options.show_secrets = parts_.show_secrets;
    presenter_ = std::make_unique<cluster::Presenter>(*parts_.cluster, std::move(options));
}

Result<std::optional<std::int64_t>> Source::time_of(std::int64_t revision) {
    std::optional<std::int64_t> best;
    if (!parts_.cluster) return best;
    if (!times_) {
        SALVOR_TRY(times_, cluster::Times::read(*parts_.cluster));
    }
    if (const auto known = times_->time_of(revision)) best = known->best();
    return best;
}

Result<const std::vector<Finding>*> Source::findings() {
    if (!findings_) {
        SALVOR_TRY(findings_, parts_.findings());
    }
    return &*findings_;
}

}  // namespace salvor::query
