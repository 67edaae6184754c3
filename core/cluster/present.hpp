#pragma once

#include <memory>

#include "core/cluster/redact.hpp"
#include "core/cluster/select.hpp"
#include "core/cluster/served.hpp"

namespace salvor::cluster {

using UnknownFields = std::vector<kube::UnknownField>;

/// Objects as they are shown to people: less what is secret, less managedFields where those are not
/// wanted.
class Presenter {
 public:
    /// A version that a resource was asked for in.
    struct Asked {
        const ResourceType* type;
        std::string api_version;
    };
    /// In which version a built-in object is served that nobody asked for in one.
    enum class Version {
        preferred,  ///< the release's own
        newest,     ///< of all: what tables and descriptions read
    };
    struct Options {
        bool managed_fields = false;
        bool show_secrets = false;
        bool as_served = false;
        Version version = Version::preferred;
        std::vector<Asked> asked = {};
    };
    Presenter(const Cluster& cluster, Options options);

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
        return server_ && server_->keeps_version(object, version_of(object));
    }
    /// The apiVersion in which it is to be served.
    std::string version_of(const Object& object) const;
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
               (server_ && server_->concerns(object));
    }

    const Cluster* cluster_;
    Options options_;
    std::shared_ptr<const Server> server_;  ///< nullptr: shown as stored
    Redactor redactor_;
};

}  // namespace salvor::cluster
