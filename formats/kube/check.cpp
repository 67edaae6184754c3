#include "formats/kube/check.hpp"

#include <protozero/pbf_reader.hpp>

#include <algorithm>
#include <cmath>

#include "formats/kube/cbor.hpp"
#include "formats/kube/json_check.hpp"
#include "formats/kube/render.hpp"
#include "formats/kube/special.hpp"
#include "formats/kube/stored.hpp"
#include "formats/kube/wire.hpp"

namespace salvor::kube {
namespace {

using protozero::pbf_wire_type;

constexpr std::string_view metadata_message = "k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta";
constexpr protozero::pbf_tag_type metadata_field = 1;

Bytes view(const protozero::data_view& data) {
    return {data.data(), data.size()};
}

/// Rare enough to be built and thrown away.
Result<void> check_cbor(Bytes bytes) {
    Document document;
    const auto value = parse_cbor(bytes, document);
    if (!value) return std::unexpected(value.error());
    return {};
}

/// Walks a message by its shape. A flaw ends the walk from wherever it is found.
class Walk {
 public:
    Walk(const Schema& schema, KnownTexts& known_json, std::vector<std::string_view>& path,
         Checked& checked)
        : schema_(schema), known_json_(known_json), path_(path), checked_(checked) {
        path_.clear();
    }

    Result<void> object(const Shape* shape, Bytes bytes) {
        try {
            if (shape) {
                message(*shape, bytes);
            } else {
                unknown_kind(bytes);
            }
            return {};
        } catch (const Flaw& flaw) {
            return std::unexpected(flaw.error);
        } catch (const protozero::exception& error) {
            return fail(ErrorCode::malformed, "{}: the message does not parse: {}", where(),
                        error.what());
        }
    }

 private:
    struct Flaw {
        Error error;
    };
    [[noreturn]] void flaw(ErrorCode code, std::string message) const {
        throw Flaw{{code, std::move(message), {}}};
    }
    std::string where() const {
        std::string path;
        for (const auto name : path_) path.append(path.empty() ? "" : ".").append(name);
        return path.empty() ? "object" : path;
    }

    void message(const Shape& shape, Bytes bytes) {
        if (depth_ >= max_message_depth) {
            flaw(ErrorCode::too_large,
                 fmt::format("{}: messages are nested deeper than {}", where(), max_message_depth));
        }
        ++depth_;
        fields(shape, 0, bytes);
        --depth_;
        if (shape.special == Special::raw_json) raw_json(bytes);
        if (shape.special == Special::time || shape.special == Special::micro_time) time(bytes);
        if (depth_ == 1 && shape.name == metadata_message) identity(bytes);
    }

    /// The message's own, or with another table those of a message inline in it.
    void fields(const Shape& shape, std::size_t table, Bytes bytes) {
        const auto& decoders = shape.decoders[table];
        std::size_t hint = 0;
        const char* at = bytes.data();
        const char* const end = at + bytes.size();
        while (at != end) {
            if (table == 0 && plain_scalar(shape, at, end)) continue;
            protozero::pbf_reader reader(at, static_cast<std::size_t>(end - at));
            reader.next();
            any_field(shape, decoder_of(decoders, reader.tag(), hint), reader);
            at = reader.data().data();
        }
    }

    /// A text or a number as Kubernetes writes nearly all of them, gone past: with a tag of one
    /// byte and, of a text, a length below 128. Says no to any other.
    static bool plain_scalar(const Shape& shape, const char*& at, const char* end) {
        const auto tag = static_cast<unsigned char>(*at);
        if (tag >= 0x80 || end - at < 2 || static_cast<signed char>(at[1]) < 0) return false;
        const std::size_t place = shape.slot_of[tag >> 3];
        if (place == 0) return false;
        const auto& slot = shape.slots[place - 1];
        const auto type = static_cast<pbf_wire_type>(tag & 7);
        if (type == pbf_wire_type::varint && slot.takes_varints) return at += 2, true;
        const auto size = static_cast<std::ptrdiff_t>(at[1]);
        if (type != pbf_wire_type::length_delimited || !slot.is_text || size > end - at - 2)
            return false;
        return at += size + 2, true;
    }

    void any_field(const Shape& shape, const Decoder* known, protozero::pbf_reader& reader) {
        if (!known) {
            unknown(reader);
        } else if (known->slot >= 0) {
            const auto& slot = shape.slots[static_cast<std::size_t>(known->slot)];
            path_.push_back(slot.json_name);
            member(slot, reader);
            path_.pop_back();
        } else if (reader.wire_type() == pbf_wire_type::length_delimited) {
            fields(shape, static_cast<std::size_t>(known->nested), view(reader.get_view()));
        } else {
            flaw(ErrorCode::malformed,
                 fmt::format("{}: field {} has wire type {} and no length", where(), reader.tag(),
                             static_cast<int>(reader.wire_type())));
        }
    }

    void unknown(protozero::pbf_reader& reader) {
        if (checked_.unknown_field == 0) {
            checked_.unknown_field = reader.tag();
            checked_.unknown_in = path_.empty() ? std::string() : where();
        }
        reader.skip();
    }

    void member(const Slot& slot, protozero::pbf_reader& reader) {
        if (!takes_wire_type(slot, reader.wire_type())) {
            flaw(ErrorCode::malformed,
                 fmt::format("{}: field {} has wire type {}, its type needs {}", where(),
                             slot.number, static_cast<int>(reader.wire_type()),
                             static_cast<int>(wire_type_of(slot))));
        }
        if (reader.wire_type() == pbf_wire_type::fixed64) {
            if (!std::isfinite(reader.get_double()))
                flaw(ErrorCode::malformed, fmt::format("{}: a number that is not finite", where()));
            return;
        }
        if (reader.wire_type() != pbf_wire_type::length_delimited) return reader.skip();
        const Bytes bytes = view(reader.get_view());
        if (slot.label == schema::Label::map) {
            entry(slot, bytes);
        } else if (slot.type == schema::Type::message) {
            message(schema_.shape(slot.message), bytes);
        } else if (wire_type_of(slot) != pbf_wire_type::length_delimited) {
            packed(slot, bytes);
        }
    }

    void packed(const Slot& slot, Bytes bytes) const {
        if (slot.type == schema::Type::real) {
            if (bytes.size() % sizeof(double) != 0)
                flaw(ErrorCode::malformed,
                     fmt::format("{}: a packed double is cut short", where()));
            return;
        }
        const char* at = bytes.data();
        const char* const end = at + bytes.size();
        while (at != end) protozero::decode_varint(&at, end);
    }

    void entry(const Slot& slot, Bytes bytes) {
        protozero::pbf_reader reader(bytes.data(), bytes.size());
        while (reader.next()) {
            const bool is_delimited = reader.wire_type() == pbf_wire_type::length_delimited;
            if (reader.tag() == 1 && !is_delimited)
                flaw(ErrorCode::malformed, fmt::format("{}: a key that is no text", where()));
            if (reader.tag() != 2) {
                reader.skip();
                continue;
            }
            if (!is_delimited && reader.wire_type() != pbf_wire_type::varint)
                flaw(ErrorCode::malformed, fmt::format("{}: a value of wire type {}", where(),
                                                       static_cast<int>(reader.wire_type())));
            if (slot.type != schema::Type::message || !is_delimited) {
                reader.skip();
                continue;
            }
            message(schema_.shape(slot.message), view(reader.get_view()));
        }
    }

    /// The bytes of RawExtension, FieldsV1 and JSON are field 1.
    void raw_json(Bytes bytes) {
        const auto raw = last_bytes(bytes, 1);
        if (raw.empty()) return;
        if (known_json_.holds(raw)) return;
        const auto checked = is_cbor(raw) ? check_cbor(raw) : check_json(raw);
        if (checked) return known_json_.keep(raw);
        flaw(checked.error().code, fmt::format("{}: {}", where(), checked.error().message));
    }

    static std::int64_t whole_seconds(Bytes bytes) {
        protozero::pbf_reader reader(bytes.data(), bytes.size());
        std::uint64_t whole = 0;
        std::int32_t nanos = 0;
        while (reader.next()) {
            switch (reader.tag()) {
                case 1: whole = reader.get_uint64(); break;
                case 2: nanos = static_cast<std::int32_t>(reader.get_uint64()); break;
                default: reader.skip();
            }
        }
        return carried(whole, nanos).seconds;
    }

    /// Go writes the zero time as a message without a field.
    static std::optional<std::int64_t> seconds_of(Bytes bytes) {
        if (bytes.empty()) return {};
        return whole_seconds(bytes);
    }

    void time(Bytes bytes) const {
        const auto seconds = whole_seconds(bytes);
        constexpr std::int64_t first = -62167219200, last = 253402300799;  // the years 0 to 9999
        if (seconds >= first && seconds <= last) return;
        flaw(ErrorCode::malformed,
             fmt::format("{}: {} seconds since 1970 are outside the years 0 to 9999", where(),
                         seconds));
    }

    /// Several occurrences of metadata are one message, so what was found before stays.
    void identity(Bytes bytes) {
        protozero::pbf_reader reader(bytes.data(), bytes.size());
        while (reader.next()) {
            switch (reader.tag()) {
                case 1: checked_.identity.name = view(reader.get_view()); break;
                case 3: checked_.identity.namespace_name = view(reader.get_view()); break;
                case 5: checked_.identity.uid = view(reader.get_view()); break;
                case 6:
                    checked_.identity.has_resource_version = reader.get_view().size() > 0;
                    break;
                case 8: checked_.identity.created = seconds_of(view(reader.get_view())); break;
                default: reader.skip();
            }
        }
    }

    void unknown_kind(Bytes bytes) {
        checked_.is_known = false;
        protozero::pbf_reader reader(bytes.data(), bytes.size());
        ++depth_;
        while (reader.next()) {
            if (reader.tag() == metadata_field &&
                reader.wire_type() == pbf_wire_type::length_delimited) {
                message(*schema_.find(metadata_message), view(reader.get_view()));
            } else {
                reader.skip();
            }
        }
        --depth_;
    }

    static Bytes last_bytes(Bytes bytes, protozero::pbf_tag_type number) {
        Bytes found;
        protozero::pbf_reader reader(bytes.data(), bytes.size());
        while (reader.next()) {
            if (reader.tag() == number && reader.wire_type() == pbf_wire_type::length_delimited) {
                found = view(reader.get_view());
            } else {
                reader.skip();
            }
        }
        return found;
    }

    const Schema& schema_;
    KnownTexts& known_json_;
    std::vector<std::string_view>& path_;
    Checked& checked_;
    std::size_t depth_ = 0;
};

}  // namespace

/// By length and some of its bytes; texts that are alike there push each other out.
std::string& KnownTexts::place_of(Bytes text) {
    constexpr std::size_t word = sizeof(std::uint64_t);
    constexpr std::uint64_t odd = 0x9E3779B97F4A7C15;
    std::uint64_t sum = text.size();
    for (const auto at : {text.size() - word, text.size() / 2, text.size() / 4})
        sum = (sum ^ load_le<std::uint64_t>(text.data() + std::min(at, text.size() - word))) * odd;
    return texts_[sum >> 32 & (count - 1)];
}

const Shape* Checker::shape_of(Bytes api_version, Bytes kind) {
    for (auto met = met_.rbegin(); met != met_.rend(); ++met) {
        if (met->kind == kind && met->api_version == api_version) return met->shape;
    }
    const auto* shape = schema_->find(api_version, kind);
    if (met_.size() == max_met) met_.clear();
    met_.push_back({std::string(api_version), std::string(kind), shape});
    return shape;
}

Result<Checked> Checker::check_protobuf(Bytes value) {
    SALVOR_TRY(const auto envelope, open_envelope(value));
    Checked found;
    found.identity.api_version = envelope.api_version;
    found.identity.kind = envelope.kind;
    found.value = value;
    found.message = envelope.raw;
    SALVOR_CHECK(Walk(*schema_, known_json_, path_, found)
                     .object(shape_of(envelope.api_version, envelope.kind), envelope.raw));
    return found;
}

Result<Checked> Checker::check_document(Bytes value) {
    document_.texts.clear();
    document_.root = {};
    Checked found;
    found.value = value;
    auto& identity = found.identity;
    Bytes created, resource_version;
    if (is_cbor(value)) {
        SALVOR_TRY(document_.root, parse_cbor(value, document_));
        const auto& root = document_.root;
        identity.api_version = root.text("apiVersion");
        identity.kind = root.text("kind");
        if (const auto* metadata = root.find("metadata")) {
            identity.name = metadata->text("name");
            identity.namespace_name = metadata->text("namespace");
            identity.uid = metadata->text("uid");
            created = metadata->text("creationTimestamp");
            resource_version = metadata->text("resourceVersion");
        }
    } else {
        const WantedText wanted[] = {{{"apiVersion"}, &identity.api_version},
                                     {{"kind"}, &identity.kind},
                                     {{"metadata", "name"}, &identity.name},
                                     {{"metadata", "namespace"}, &identity.namespace_name},
                                     {{"metadata", "uid"}, &identity.uid},
                                     {{"metadata", "creationTimestamp"}, &created},
                                     {{"metadata", "resourceVersion"}, &resource_version}};
        SALVOR_CHECK(check_json(value, wanted, document_));
    }
    if (const auto time = parse_rfc3339(created)) identity.created = time->seconds;
    identity.has_resource_version = !resource_version.empty();
    if (identity.kind.empty() || identity.api_version.empty()) {
        return fail(ErrorCode::malformed, "an object of {} bytes that names no {}", value.size(),
                    identity.kind.empty() ? "kind" : "apiVersion");
    }
    return found;
}

Result<Checked> Checker::check(Bytes value) {
    switch (encoding_of(value)) {
        case Encoding::protobuf: return check_protobuf(value);
        case Encoding::json:
        case Encoding::cbor: return check_document(value);
        case Encoding::encrypted:
        case Encoding::other: break;
    }
    return fail(ErrorCode::unsupported,
                "a value of {} bytes that is neither protobuf, JSON nor CBOR", value.size());
}

}  // namespace salvor::kube
