#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/timeline/key_table.hpp"
#include "core/verify/host/host.hpp"
#include "core/verify/object/definitions.hpp"
#include "core/verify/verify.hpp"
#include "formats/kube/schema/schema.hpp"

namespace salvor::verify {

/// What references are resolved in: where each live object stands, by its key. Shared by threads.
class Scope {
 public:
    /// `rows`: of all keys below the registry. Error: too_large.
    static Result<Scope> over(const bbolt::Database& db, const cluster::Registry& registry,
                              std::span<const timeline::RowPosition> rows,
                              const Definitions& definitions, const kube::Schema& schema,
                              const Options& options);

    std::optional<timeline::RowPosition> find(Bytes key) const;
    /// Two objects, the one that was written first in front.
    std::pair<timeline::RowPosition, timeline::RowPosition> by_age(timeline::RowPosition a,
                                                                   timeline::RowPosition b) const;
    const cluster::Catalog& catalog() const { return definitions_->catalog(); }
    const Definitions& definitions() const { return *definitions_; }
    const cluster::Registry& registry() const { return *registry_; }
    const kube::Schema& schema() const { return *schema_; }
    const kube::at_rest::Config* encryption() const { return options_->encryption; }
    std::optional<std::int64_t> now() const { return options_->now; }
    /// The host that the cluster is to be restored on; nullptr: none was named.
    const Host* host() const { return options_->host; }
    std::span<const kube::PublicKey> account_keys() const { return account_keys_; }

 private:
    explicit Scope(timeline::KeyTable keys) : keys_(std::move(keys)) {}
    timeline::KeyTable keys_;
    const bbolt::Database* db_ = nullptr;
    const cluster::Registry* registry_ = nullptr;
    const Definitions* definitions_ = nullptr;
    const kube::Schema* schema_ = nullptr;
    const Options* options_ = nullptr;
    std::vector<kube::PublicKey> account_keys_;
};

/// An object that was looked for.
struct Target {
    timeline::RowPosition position{};
    bool is_there = false;
    explicit operator bool() const { return is_there; }
};

/// Looks objects up, one for each thread: it remembers the last answers, since objects that stand
/// together name the same ones.
class Lookup {
 public:
    explicit Lookup(const Scope& scope) : scope_(&scope) {}

    /// Names are looked for where this key's own registry is first.
    void stand_on(Bytes key);
    /// `place`: below the registry, as the table of resources has it: "services/specs".
    Target find(Bytes place, Bytes namespace_name, Bytes name);
    Target find(const cluster::ResourceType& type, Bytes namespace_name, Bytes name) {
        return find(type.key_prefix, namespace_name, name);
    }
    /// nullptr: of no resource that is known here.
    const cluster::ResourceType* type_of(Bytes api_version, Bytes kind);
    /// Its metadata.uid; nullopt where the value does not tell it. Valid until the next call.
    std::optional<Bytes> uid_of(Target target);
    /// A protobuf object's own message, decrypted where it can be; empty where it is none. Valid
    /// until the next call.
    Bytes message_of(Target target);

 private:
    Target search(Bytes rest) const;
    Bytes value_of(Target target);

    struct Known {
        std::string rest;
        Target target;
    };
    struct KnownKind {
        std::string api_version, kind;
        const cluster::ResourceType* type;
    };
    static constexpr std::size_t known_count = 512;

    const Scope* scope_;
    Bytes prefix_;
    std::string rest_;
    std::string room_, uid_;
    std::vector<Known> known_ = std::vector<Known>(known_count);
    std::vector<KnownKind> kinds_;
};

}  // namespace salvor::verify
