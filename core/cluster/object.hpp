#pragma once

#include <memory>
#include <string>

#include "core/cluster/registry.hpp"
#include "formats/etcd/key_value.hpp"
#include "formats/kube/at_rest/config.hpp"
#include "formats/kube/render.hpp"
#include "formats/kube/stored.hpp"

namespace salvor::cluster {

/// One stored object, opened as far as it must be and no further: decrypted where it was encrypted, its
/// encoding known; protobuf is decoded as it is told.
class Object {
  public:
    /// Errors: malformed (the envelope, the decryption), not_found (no key for it), unsupported (KMS).
    static Result<Object> open(const kube::Schema& schema, const ObjectKey& key, const etcd::KeyValue& row,
                               const kube::at_rest::Config* config);

    const ObjectKey& key() const { return key_; }
    const etcd::KeyValue& row() const { return row_; }
    Bytes api_version() const { return api_version_; }
    Bytes kind() const { return kind_; }
    kube::Encoding encoding() const { return encoding_; }
    /// The stored bytes after decryption.
    Bytes value() const { return plain_ ? Bytes(*plain_) : row_.value; }
    /// nullptr: a protobuf message that the tables do not know.
    const kube::Shape* shape() const { return shape_; }

    struct View {
        bool managed_fields = true;
        bool resource_version = true;  ///< metadata.resourceVersion from the row's mod_revision
    };
    /// Told to a sink as stored (kube/render.hpp). What the tables do not know is told by field number and
    /// goes to `unknown`. Errors: malformed, too_large.
    template <class Sink>
    Result<void> tell(Sink& sink, const View& view, std::vector<kube::UnknownField>* unknown = nullptr) const;

    /// The same as a value to work on.
    Result<kube::Value> value_tree(kube::Document& document, const View& view) const;

  private:
    Object() = default;
    Result<kube::Value> parsed(kube::Document& document, const View& view) const;

    const kube::Schema* schema_ = nullptr;
    ObjectKey key_;
    etcd::KeyValue row_;
    std::shared_ptr<const std::string> plain_;
    kube::Encoding encoding_ = kube::Encoding::unknown;
    Bytes api_version_, kind_;
    Bytes message_;
    const kube::Shape* shape_ = nullptr;
    std::shared_ptr<kube::Document> document_;  ///< of JSON and CBOR, parsed once
};

template <class Sink>
Result<void> Object::tell(Sink& sink, const View& view, std::vector<kube::UnknownField>* unknown) const {
    if (encoding_ != kube::Encoding::protobuf || !shape_) {
        kube::Document document;
        SALVOR_TRY(const auto value, parsed(document, view));
        kube::tell(value, sink);
        return {};
    }
    const auto version = view.resource_version ? std::to_string(row_.mod_revision) : std::string();
    kube::Renderer<Sink> renderer(*schema_, sink);
    SALVOR_CHECK(renderer.object(*shape_, message_, {api_version_, kind_, version, view.managed_fields}));
    if (unknown) unknown->insert(unknown->end(), renderer.unknown().begin(), renderer.unknown().end());
    return {};
}

}  // namespace salvor::cluster
