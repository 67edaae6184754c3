#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/cluster/present.hpp"
#include "core/cluster/times.hpp"
#include "core/finding/finding.hpp"

namespace salvor::query {

/// A snapshot as its tables are read: what they need is made when the first of them asks.
class Source {
 public:
    struct Parts {
        const bbolt::Database* db;
        const cluster::Cluster* cluster;  ///< nullptr: no Kubernetes in it
        const timeline::State* state;     ///< every live key, by key
        bool show_secrets = false;
        /// What `verify` finds; asked for once.
        std::function<Result<std::vector<Finding>>()> findings;
    };
    explicit Source(Parts parts);

    const bbolt::Database& db() const { return *parts_.db; }
    const cluster::Cluster* cluster() const { return parts_.cluster; }
    const timeline::State& state() const { return *parts_.state; }
    bool shows_secrets() const { return parts_.show_secrets; }
    /// Of objects; nullptr where there is no Kubernetes.
    const cluster::Presenter* presenter() const { return presenter_.get(); }
    const cluster::Redactor& redactor() const { return redactor_; }
    /// When a revision was written, as far as it is known; nullopt: not known.
    Result<std::optional<std::int64_t>> time_of(std::int64_t revision);
    Result<const std::vector<Finding>*> findings();

    /// Why a scan ended early; nullopt: none did.
    const std::optional<Error>& failure() const { return failure_; }
    void note_failure(Error error) { failure_ = std::move(error); }

 private:
    Parts parts_;
    std::unique_ptr<cluster::Presenter> presenter_;
    cluster::Redactor redactor_;
    std::optional<cluster::Times> times_;
    std::optional<std::vector<Finding>> findings_;
    std::optional<Error> failure_;
};

}  // namespace salvor::query
