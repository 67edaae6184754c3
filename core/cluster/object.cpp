#include "core/cluster/object.hpp"

#include <charconv>

#include "formats/text/escape.hpp"

namespace salvor::cluster {
namespace {

/// Decrypts. Errors: those of Object::open.
Result<std::string> opened(const ObjectKey& key, const etcd::KeyValue& row,
                           const kube::at_rest::Config* config) {
    const auto mark = kube::at_rest::parse_mark(row.value);
    if (!config) {
        return fail(ErrorCode::not_found,
                    "encrypted at rest by {} {} {}; name the server's configuration with "
                    "--encryption-config",
                    text::Escaped{mark ? mark->scheme : "?"},
                    text::Escaped{mark ? mark->version : "?"},
                    text::Escaped{mark ? mark->name : "?"});
    }
    const auto plural = key.type ? key.type->plural : Bytes{};
    const auto group = key.type ? key.type->group : Bytes{};
    SALVOR_TRY(auto found, config->open(plural, group, row.key, row.value));
    return std::move(found.plain);
}

}  // namespace

Result<Object> Object::open(const kube::Schema& schema, const ObjectKey& key,
                            const etcd::KeyValue& row, const kube::at_rest::Config* config) {
    Object object;
    object.schema_ = &schema;
    object.key_ = key;
    object.row_ = row;
    object.encoding_ = kube::encoding_of(row.value);
    if (object.encoding_ == kube::Encoding::encrypted) {
        SALVOR_TRY(auto plain, opened(key, row, config));
        object.plain_ = std::make_shared<const std::string>(std::move(plain));
        object.encoding_ = kube::encoding_of(*object.plain_);
    }
    switch (object.encoding_) {
        case kube::Encoding::protobuf: SALVOR_CHECK(object.read_envelope()); return object;
        case kube::Encoding::json:
        case kube::Encoding::cbor: SALVOR_CHECK(object.read_document()); return object;
        case kube::Encoding::encrypted:
        case kube::Encoding::other: break;
    }
    return fail(ErrorCode::malformed, "a value of {} bytes that is neither protobuf, JSON nor CBOR",
                row.value.size());
}

Result<void> Object::read_envelope() {
    SALVOR_TRY(const auto envelope, kube::open_envelope(value()));
    api_version_ = envelope.api_version;
    kind_ = envelope.kind;
    message_ = envelope.raw;
    shape_ = schema_->find(envelope.api_version, envelope.kind);
    return {};
}

Result<void> Object::read_document() {
    if (encoding_ == kube::Encoding::json) json_ = kube::JsonText::parse(value());
    if (json_) {
        api_version_ = json_->text("apiVersion");
        kind_ = json_->text("kind");
        return {};
    }
    document_ = std::make_shared<kube::Document>();
    SALVOR_TRY(document_->root, kube::parse_any(value(), *document_));
    api_version_ = document_->root.text("apiVersion");
    kind_ = document_->root.text("kind");
    return {};
}

/// A message that no table knows: its metadata is field 1 of every kind, the rest goes by number.
Result<kube::Value> Object::parsed(kube::Document& document, const View& view) const {
    kube::Value value;
    if (document_) {
        value = document_->root;
    } else {
        value = kube::Value::object();
        value.set("apiVersion", kube::Value::of(document.keep(std::string(api_version_))));
        value.set("kind", kube::Value::of(document.keep(std::string(kind_))));
        SALVOR_TRY(auto rest, kube::unknown_message(*schema_, message_, document));
        for (auto& member : rest.members) value.members.push_back(std::move(member));
    }
    auto* metadata = value.find("metadata");
    if (!metadata || !metadata->is_object()) return value;
    if (!view.managed_fields) metadata->erase("managedFields");
    if (view.resource_version) {
        const auto version = document.keep(std::to_string(row_.mod_revision));
        metadata->set("resourceVersion", kube::Value::of(version));
    }
    return value;
}

template <class Sink>
Result<void> Object::tell_any(Sink& sink, const View& view,
                              std::vector<kube::UnknownField>* unknown) const {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, row_.mod_revision).ptr;
    const auto size = view.resource_version ? static_cast<std::size_t>(end - digits) : 0;
    const Bytes version(digits, size);
    if (json_) {
        json_->tell(sink, {view.managed_fields, version});
        return {};
    }
    if (!shape_) {
        kube::Document document;
        SALVOR_TRY(const auto value, parsed(document, view));
        kube::tell(value, sink);
        return {};
    }
    return kube::render_object(*schema_, *shape_, message_,
                               {api_version_, kind_, version, view.managed_fields}, sink, unknown);
}

Result<void> Object::tell(kube::JsonSink& sink, const View& view,
                          std::vector<kube::UnknownField>* unknown) const {
    return tell_any(sink, view, unknown);
}

Result<void> Object::tell(kube::YamlSink& sink, const View& view,
                          std::vector<kube::UnknownField>* unknown) const {
    return tell_any(sink, view, unknown);
}

Result<kube::Value> Object::value_tree(kube::Document& document, const View& view,
                                       std::vector<kube::UnknownField>* unknown) const {
    kube::ValueSink sink(document);
    SALVOR_CHECK(tell_any(sink, view, unknown));
    return sink.take();
}

}  // namespace salvor::cluster
