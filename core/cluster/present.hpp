#pragma once

#include "core/cluster/redact.hpp"
#include "core/cluster/select.hpp"
#include "core/cluster/served.hpp"

namespace salvor::cluster {

using UnknownFields = std::vector<kube::UnknownField>;

/// Objects as they are shown to people: less what is secret, less managedFields where those are not
/// wanted.
class Presenter {
 public:
    struct Options {
        bool managed_fields = false;
        bool show_secrets = false;
        bool as_served = false;
    };
    Presenter(const Cluster& cluster, const Options& options)
        : cluster_(&cluster), options_(options) {}

    const Cluster& cluster() const { return *cluster_; }
    /// Told to a sink; fields that no table knows go to `unknown` as well. Errors: malformed,
    /// too_large; the sink has been told a part then.
    Result<void> tell(const Object& object, kube::JsonSink& sink, UnknownFields* unknown) const {
        return tell_any(object, sink, unknown);
    }
    Result<void> tell(const Object& object, kube::YamlSink& sink, UnknownFields* unknown) const {
        return tell_any(object, sink, unknown);
    }
    /// As a value to work on, whose texts the document keeps.
    Result<kube::Value> value(const Object& object, kube::Document& document,
                              UnknownFields* unknown = nullptr) const;
    /// Whether it is shown as stored, although it was to be shown as served.
    bool keeps_version(const Object& object) const {
        return options_.as_served && server_.keeps_version(object);
    }
    /// "deployment.apps/web", as kubectl -o name. The object is opened only where its key alone
    /// does not tell.
    Result<std::string> name(const Candidate& candidate) const;
    /// The object's name alone.
    std::string bare_name(const Object& object) const;

 private:
    template <class Sink>
    Result<void> tell_any(const Object& object, Sink& sink, UnknownFields* unknown) const;
    /// Whether the object must be changed, and not only told.
    bool is_changed(const Object& object) const {
        return (!options_.show_secrets && Redactor::concerns(object)) ||
               (options_.as_served && server_.concerns(object));
    }

    const Cluster* cluster_;
    Options options_;
    Server server_;
    Redactor redactor_;
};

}  // namespace salvor::cluster
