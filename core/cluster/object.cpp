#include "core/cluster/object.hpp"

#include "formats/kube/cbor.hpp"
#include "formats/kube/value_sink.hpp"

namespace salvor::cluster {

Result<Object> Object::open(const kube::Schema& schema, const ObjectKey& key, const etcd::KeyValue& row,
                            const kube::at_rest::Config* config) {
    Object object;
    object.schema_ = &schema;
    object.key_ = key;
    object.row_ = row;
    object.encoding_ = kube::encoding_of(row.value);
    if (object.encoding_ == kube::Encoding::encrypted) {
        const auto mark = kube::at_rest::parse_mark(row.value);
        if (!config) {
            return fail(ErrorCode::not_found, "encrypted at rest by {} {} {}; name the server's configuration with --encryption-config",
                        mark ? mark->scheme : "?", mark ? mark->version : "?", mark ? mark->name : "?");
        }
        SALVOR_TRY(auto opened, config->open(key.type ? key.type->plural : Bytes{}, key.type ? key.type->group : Bytes{}, row.key, row.value));
        object.plain_ = std::make_shared<const std::string>(std::move(opened.plain));
        object.encoding_ = kube::encoding_of(*object.plain_);
    }
    switch (object.encoding_) {
        case kube::Encoding::protobuf: {
            SALVOR_TRY(const auto envelope, kube::open_envelope(object.value()));
            object.api_version_ = envelope.api_version;
            object.kind_ = envelope.kind;
            object.message_ = envelope.raw;
            object.shape_ = schema.find(envelope.api_version, envelope.kind);
            return object;
        }
        case kube::Encoding::json:
        case kube::Encoding::cbor: {
            object.document_ = std::make_shared<kube::Document>();
            SALVOR_TRY(object.document_->root, kube::parse_any(object.value(), *object.document_));
            object.api_version_ = object.document_->root.text("apiVersion");
            object.kind_ = object.document_->root.text("kind");
            return object;
        }
        case kube::Encoding::encrypted:
        case kube::Encoding::unknown: break;
    }
    return fail(ErrorCode::malformed, "a value of {} bytes that is neither protobuf, JSON nor CBOR", row.value.size());
}

Result<kube::Value> Object::parsed(kube::Document& document, const View& view) const {
    kube::Value value;
    if (document_) {
        value = document_->root;
    } else {
        // A message that no table knows: its metadata is field 1 of every kind, the rest goes by number.
        value = kube::Value::object();
        value.set("apiVersion", kube::Value::of(document.keep(std::string(api_version_))));
        value.set("kind", kube::Value::of(document.keep(std::string(kind_))));
        SALVOR_TRY(auto rest, kube::unknown_message(*schema_, message_, document));
        for (auto& member : rest.members) value.members.push_back(std::move(member));
    }
    auto* metadata = value.find("metadata");
    if (!metadata || !metadata->is_object()) return value;
    if (!view.managed_fields) metadata->erase("managedFields");
    if (view.resource_version) metadata->set("resourceVersion", kube::Value::of(document.keep(std::to_string(row_.mod_revision))));
    return value;
}

Result<kube::Value> Object::value_tree(kube::Document& document, const View& view) const {
    kube::ValueSink sink(document);
    SALVOR_CHECK(tell(sink, view));
    return sink.take();
}

}  // namespace salvor::cluster
