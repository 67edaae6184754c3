#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/cluster/object_key.hpp"
#include "formats/etcd/key_value.hpp"
#include "formats/kube/at_rest/config.hpp"
#include "formats/kube/json_text.hpp"
#include "formats/kube/sinks.hpp"
#include "formats/kube/stored.hpp"

namespace salvor::cluster {

/// One stored object, opened as far as it must be and no further: decrypted where it was encrypted,
/// its encoding known; protobuf is decoded as it is told.
class Object {
 public:
    /// Errors: malformed (the envelope, the decryption), not_found (no key for it), unsupported
    /// (KMS).
    static Result<Object> open(const kube::Schema& schema, const ObjectKey& key,
                               const etcd::KeyValue& row, const kube::at_rest::Config* config);

    const ObjectKey& key() const { return key_; }
    const etcd::KeyValue& row() const { return row_; }
    Bytes api_version() const { return api_version_; }
    Bytes kind() const { return kind_; }
    kube::Encoding encoding() const { return encoding_; }
    /// The stored bytes after decryption.
    Bytes value() const { return plain_ ? Bytes(*plain_) : row_.value; }
    /// nullptr: JSON, CBOR, or a protobuf message that the tables do not know.
    const kube::Shape* shape() const { return shape_; }
    /// The object's own message, of protobuf.
    Bytes message() const { return message_; }

    struct View {
        bool managed_fields = true;
        bool resource_version = true;  ///< metadata.resourceVersion from the row's mod_revision
    };
    /// Told as stored. What the tables do not know is told by field number and goes to `unknown`.
    /// Errors: malformed, too_large; the sink has been told a part then.
    Result<void> tell(kube::JsonSink& sink, const View& view,
                      std::vector<kube::UnknownField>* unknown = nullptr) const;
    Result<void> tell(kube::YamlSink& sink, const View& view,
                      std::vector<kube::UnknownField>* unknown = nullptr) const;
    /// The same as a value to work on.
    Result<kube::Value> value_tree(kube::Document& document, const View& view,
                                   std::vector<kube::UnknownField>* unknown = nullptr) const;

 private:
    Object() = default;
    Result<void> read_envelope();
    Result<void> read_document();
    Result<kube::Value> parsed(kube::Document& document, const View& view) const;
    template <class Sink>
    Result<void> tell_any(Sink& sink, const View& view,
                          std::vector<kube::UnknownField>* unknown) const;

    const kube::Schema* schema_ = nullptr;
    ObjectKey key_;
    etcd::KeyValue row_;
    std::shared_ptr<const std::string> plain_;
    kube::Encoding encoding_ = kube::Encoding::other;
    Bytes api_version_, kind_;
    Bytes message_;
    const kube::Shape* shape_ = nullptr;
    std::optional<kube::JsonText> json_;        ///< of JSON, parsed once
    std::shared_ptr<kube::Document> document_;  ///< of CBOR, and of JSON that json_ did not take
};

}  // namespace salvor::cluster
