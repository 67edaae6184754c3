#pragma once

#include <protozero/pbf_reader.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "formats/kube/cbor.hpp"
#include "formats/kube/json.hpp"
#include "formats/kube/json_text.hpp"
#include "formats/kube/member_scan.hpp"
#include "formats/kube/render.hpp"
#include "formats/kube/special.hpp"

// What render.hpp promises, for the one file of each sink that compiles it.

namespace salvor::kube {

template <class Sink>
class Renderer : MemberScan {
 public:
    Renderer(const Schema& schema, Sink& sink) : schema_(&schema), sink_(&sink) {
        swap_spare();
        if (!room_) room_ = std::make_unique_for_overwrite<Room>();
    }
    Renderer(const Renderer&) = delete;
    Renderer& operator=(const Renderer&) = delete;
    ~Renderer() {
        entries_.clear();
        swap_spare();
    }

    /// A whole object: apiVersion and kind stand among its members.
    Result<void> object(const Shape& shape, Bytes bytes, const ObjectOptions& options) {
        options_ = &options;
        const std::pair<std::string_view, std::string_view> extra[] = {
            {"apiVersion", options.api_version}, {"kind", options.kind}};
        return guarded([&] { members(shape, bytes, extra, true); });
    }
    /// A message alone.
    Result<void> message(const Shape& shape, Bytes bytes) {
        return guarded([&] { any_message(shape, bytes); });
    }
    /// Hands over what no table had of an object that was told whole.
    Result<void> told(Result<void> outcome, std::vector<UnknownField>* unknown) const {
        if (outcome && unknown) unknown->insert(unknown->end(), unknown_.begin(), unknown_.end());
        return outcome;
    }

 private:
    using Extra = std::span<const std::pair<std::string_view, std::string_view>>;

    /// What a renderer leaves to the next one of its thread, so that objects cost no allocations.
    struct Spare {
        std::unique_ptr<Room> room;
        std::vector<Entry> entries;
    };
    void swap_spare() {
        static thread_local Spare spare;
        room_.swap(spare.room);
        entries_.swap(spare.entries);
    }

    /// One object of members: those of the message, and `extra` ones, which win.
    void members(const Shape& shape, Bytes bytes, Extra extra, bool is_top,
                 std::string_view left_out = {}) {
        if (depth_ >= max_message_depth)
            flaw(ErrorCode::too_large,
                 fmt::format("{}: messages are nested deeper than {}", where(), max_message_depth));
        auto& now_told = room_->told[depth_] = nullptr;
        Members members{&room_->found[depth_ * max_slots]};
        ++depth_;
        const std::size_t unknown_base = pending_unknown_.size();
        scan(shape, 0, bytes, members);
        sink_->begin_object();
        std::size_t next_extra = 0;
        const auto extras_before = [&](std::string_view name) {
            while (next_extra < extra.size() &&
                   (name.empty() || !key_before(Sink::order, name, extra[next_extra].first))) {
                const auto& [key, text] = extra[next_extra++];
                sink_->key(key);
                sink_->string(text);
                if (key == name) return true;
            }
            return false;
        };
        each_told(shape, members.seen | shape.always, [&](std::size_t i) {
            const auto& slot = shape.slots[i];
            if (next_extra < extra.size() && extras_before(slot.json_name)) return;
            if (!left_out.empty() && slot.json_name == left_out) return;
            now_told = &slot;
            const Found* found = (members.seen >> i & 1) != 0 ? &members.found[i] : nullptr;
            if (is_top && slot.json_name == "metadata" && slot.type == schema::Type::message) {
                metadata(slot, found);
            } else {
                member(slot, found);
            }
        });
        extras_before({});
        now_told = nullptr;
        tell_unknown(unknown_base);
        sink_->end_object();
        --depth_;
    }

    /// Calls `each(slot)` for those of which `slots` has the bit, in the sink's order.
    template <class Each>
    static void each_told(const Shape& shape, std::uint64_t slots, Each&& each) {
        if constexpr (Sink::order == Order::json) {
            for (; slots != 0; slots &= slots - 1)
                each(static_cast<std::size_t>(std::countr_zero(slots)));
        } else {
            for (const std::size_t i : shape.yaml_order) {
                if ((slots >> i & 1) != 0) each(i);
            }
        }
    }

    void metadata(const Slot& slot, const Found* found) {
        key(slot);
        const std::pair<std::string_view, std::string_view> extra[] = {
            {"resourceVersion", options_->resource_version}};
        members(schema_->shape(slot.message), found ? payload(slot, *found) : Bytes{},
                options_->resource_version.empty() ? Extra{} : Extra(extra), false,
                options_->managed_fields ? "" : "managedFields");
    }

    void tell_unknown(std::size_t from) {
        if (pending_unknown_.size() == from) return;
        sink_->key("unknownFields");
        sink_->begin_object();
        std::stable_sort(pending_unknown_.begin() + static_cast<std::ptrdiff_t>(from),
                         pending_unknown_.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
        for (std::size_t i = from; i < pending_unknown_.size();) {
            std::string all;
            const auto number = pending_unknown_[i].first;
            for (; i < pending_unknown_.size() && pending_unknown_[i].first == number; ++i)
                all += pending_unknown_[i].second;
            sink_->key(std::to_string(number));
            sink_->string(base64(all));
        }
        sink_->end_object();
        pending_unknown_.resize(from);
    }

    void key(const Slot& slot) {
        if constexpr (requires { sink_->key_as_written(slot.json_key); }) {
            sink_->key_as_written(slot.json_key);
        } else {
            sink_->key(slot.json_name);
        }
    }

    /// A member by the rules of presence: FORMAT.md, "presence".
    void member(const Slot& slot, const Found* found) {
        if (!found) return absent(slot);
        if (slot.label == schema::Label::map) {
            key(slot);
            map(slot, *found);
        } else if (slot.label == schema::Label::repeated) {
            repeated(slot, *found);
        } else if (!(slot.presence == schema::Presence::scalar && slot.omitempty &&
                     is_zero(slot, *found)) &&
                   !(slot.presence == schema::Presence::bytes && slot.omitempty &&
                     found->size == 0) &&
                   !(slot.omitzero && is_zero_time(slot, *found))) {
            key(slot);
            single(slot, found->varint, payload(slot, *found));
        }
    }

    void absent(const Slot& slot) {
        using schema::Presence;
        if (slot.silent) return;
        const bool is_struct =
            slot.presence == Presence::structure && slot.label == schema::Label::singular;
        key(slot);
        if (is_struct || slot.presence == Presence::scalar) {
            single(slot, 0, {});
        } else {
            sink_->null();
        }
    }

    static bool is_zero(const Slot& slot, const Found& found) {
        return slot.type == schema::Type::string || slot.type == schema::Type::bytes
                   ? found.size == 0
               : slot.type == schema::Type::message ? false
                                                    : found.varint == 0;
    }
    bool is_zero_time(const Slot& slot, const Found& found) {
        if (slot.type != schema::Type::message ||
            schema_->shape(slot.message).special != Special::time)
            return false;
        return found.size == 0 || instant(payload(slot, found)).seconds == zero_time_seconds;
    }

    void single(const Slot& slot, std::uint64_t varint, Bytes bytes) {
        using schema::Type;
        switch (slot.type) {
            case Type::string: return sink_->string(bytes);
            case Type::int32: return sink_->integer(static_cast<std::int32_t>(varint));
            case Type::int64: return sink_->integer(static_cast<std::int64_t>(varint));
            case Type::uint32: return sink_->integer(static_cast<std::uint32_t>(varint));
            case Type::boolean: return sink_->boolean(varint != 0);
            case Type::bytes: return sink_->string(base64(bytes));
            case Type::real: return real(std::bit_cast<double>(varint));
            case Type::message: return any_message(schema_->shape(slot.message), bytes);
        }
    }

    /// JSON has no word for the others, and Go's encoder refuses them.
    void real(double number) {
        if (!std::isfinite(number))
            flaw(ErrorCode::malformed, fmt::format("{}: a number that is not finite", where()));
        sink_->real(number);
    }

    void repeated(const Slot& slot, const Found& found) {
        key(slot);
        sink_->begin_array();
        for (const char* at = found.begin; at != found.end;) {
            if (plain_element(slot, at, found.end)) continue;
            protozero::pbf_reader reader(at, static_cast<std::size_t>(found.end - at));
            reader.next();
            any_element(slot, reader);
            at = reader.data().data();
        }
        sink_->end_array();
    }

    /// One of a list of texts or messages, told and gone past, where it stands at `at` with a short
    /// tag. Says no to anything else.
    bool plain_element(const Slot& slot, const char*& at, const char* end) {
        if (!slot.is_text && slot.type != schema::Type::message) return false;
        const char* next = at;
        constexpr auto delimited =
            static_cast<std::uint32_t>(protozero::pbf_wire_type::length_delimited);
        if (short_tag(next, end) != (std::uint32_t{slot.number} << 3 | delimited)) return false;
        const auto size = protozero::decode_varint(&next, end);
        if (size > static_cast<std::uint64_t>(end - next)) return false;
        at = next + size;
        single(slot, 0, {next, size});
        return true;
    }

    void any_element(const Slot& slot, protozero::pbf_reader& reader) {
        if (reader.tag() != slot.number) {
            reader.skip();
        } else if (reader.wire_type() == protozero::pbf_wire_type::varint) {
            single(slot, reader.get_uint64(), {});
        } else if (reader.wire_type() == protozero::pbf_wire_type::fixed64) {
            single(slot, reader.get_fixed64(), {});
        } else {
            element(slot, delimited(reader));
        }
    }

    void element(const Slot& slot, Bytes bytes) {
        using schema::Type;
        if (slot.type == Type::string || slot.type == Type::bytes || slot.type == Type::message)
            return single(slot, 0, bytes);
        const char* at = bytes.data();
        const char* end = at + bytes.size();
        while (at != end) {
            if (slot.type == Type::real) {
                if (end - at < 8)
                    flaw(ErrorCode::malformed,
                         fmt::format("{}: a packed double is cut short", where()));
                single(slot, load_le<std::uint64_t>(at), {});
                at += 8;
            } else {
                single(slot, protozero::decode_varint(&at, end), {});
            }
        }
    }

    void map(const Slot& slot, const Found& found) {
        const auto base = entries_.size();
        protozero::pbf_reader reader(found.begin,
                                     static_cast<std::size_t>(found.end - found.begin));
        while (reader.next()) {
            if (reader.tag() != slot.number) {
                reader.skip();
                continue;
            }
            Entry entry{};
            const Bytes bytes = delimited(reader);
            if (!plain_entry(bytes, entry)) any_entry(bytes, entry);
            entries_.push_back(entry);
        }
        sort_entries(base);
        sink_->begin_object();
        for (std::size_t i = base, end = entries_.size(); i < end; ++i) {
            const Entry entry = entries_[i];
            sink_->key(entry.key);
            single(slot, entry.varint, entry.value);
        }
        sink_->end_object();
        entries_.resize(base);
    }

    /// Those from `base` on, in the sink's order; of equal keys the last counts.
    void sort_entries(std::size_t base) {
        const auto before = [](const Entry& a, const Entry& b) {
            return key_before(Sink::order, a.key, b.key);
        };
        const auto first = entries_.begin() + static_cast<std::ptrdiff_t>(base);
        if (!std::is_sorted(first, entries_.end(), before))
            std::stable_sort(first, entries_.end(), before);
        auto kept = base;
        for (auto i = base; i < entries_.size(); ++i) {
            if (i + 1 < entries_.size() && entries_[i].key == entries_[i + 1].key) continue;
            entries_[kept++] = entries_[i];
        }
        entries_.resize(kept);
    }

    void any_message(const Shape& shape, Bytes bytes) {
        switch (shape.special) {
            case Special::none: return members(shape, bytes, {}, false);
            case Special::time: return time(bytes, false);
            case Special::micro_time: return time(bytes, true);
            case Special::duration:
                return sink_->string(
                    duration_text(static_cast<std::int64_t>(number_field(bytes, 1))));
            case Special::int_or_string: return int_or_string(bytes);
            case Special::quantity: {
                const Bytes text = bytes_field(bytes, 1);
                return sink_->string(text.empty() ? "0" : text);
            }
            case Special::raw_json: return raw_json(bytes_field(bytes, 1));
            case Special::schema_or_bool: return schema_or_bool(shape, bytes);
            case Special::schema_or_array:
            case Special::schema_or_string_array: return schema_or_array(shape, bytes);
            case Special::wrapper: return wrapper(shape, bytes);
        }
    }

    /// As Kubernetes writes them: the seconds, and nothing else or no more than the nanoseconds.
    std::pair<std::uint64_t, std::int32_t> seconds_and_nanos(Bytes bytes) const {
        constexpr char seconds_tag = 0x08, nanos_tag = 0x10;
        if (bytes.size() > 1 && bytes[0] == seconds_tag) {
            const char* at = bytes.data() + 1;
            const char* const end = bytes.data() + bytes.size();
            const auto seconds = protozero::decode_varint(&at, end);
            if (at == end) return {seconds, 0};
            if (end - at == 2 && at[0] == nanos_tag && at[1] == 0) return {seconds, 0};
        }
        return {number_field(bytes, 1), static_cast<std::int32_t>(number_field(bytes, 2))};
    }

    Instant instant(Bytes bytes) const {
        const auto [seconds, nanos] = seconds_and_nanos(bytes);
        return carried(seconds, nanos);
    }
    void time(Bytes bytes, bool micro) {
        const auto at = instant(bytes);
        if (bytes.empty() || (at.seconds == zero_time_seconds && (!micro || at.nanos == 0)))
            return sink_->null();
        TimeRoom room;
        const auto long_text = micro ? rfc3339_micro(at) : std::nullopt;
        const auto text = micro ? std::optional<Bytes>(long_text) : rfc3339(at, room);
        if (!text)
            flaw(ErrorCode::malformed,
                 fmt::format("{}: {} seconds since 1970 are outside the years 0 to 9999", where(),
                             at.seconds));
        sink_->string(*text);
    }

    void int_or_string(Bytes bytes) {
        const auto type = number_field(bytes, 1), number = number_field(bytes, 2);
        const Bytes text = bytes_field(bytes, 3);
        if (type == 1) return sink_->string(text);
        sink_->integer(static_cast<std::int32_t>(number));
    }

    void raw_json(Bytes raw) {
        if (raw.empty()) return sink_->null();
        if (const auto text = is_cbor(raw) ? std::nullopt : JsonText::parse(raw))
            return text->tell(*sink_, {});
        Document document;
        auto value = parse_any(raw, document);
        if (!value) flaw(value.error().code, fmt::format("{}: {}", where(), value.error().message));
        tell(*value, *sink_);
    }

    void schema_or_bool(const Shape& shape, Bytes bytes) {
        const bool truth = number_field(bytes, 1) != 0;
        const auto* schema_slot = slot_numbered(shape, 2);
        if (has_field(bytes, 2))
            return any_message(schema_->shape(schema_slot->message), bytes_field(bytes, 2));
        sink_->boolean(truth);
    }

    void schema_or_array(const Shape& shape, Bytes bytes) {
        if (has_field(bytes, 2)) return list(*slot_numbered(shape, 2), bytes);
        if (has_field(bytes, 1))
            return any_message(schema_->shape(slot_numbered(shape, 1)->message),
                               bytes_field(bytes, 1));
        sink_->null();
    }

    void wrapper(const Shape& shape, Bytes bytes) {
        const auto& slot = shape.slots.front();
        if (slot.label == schema::Label::map)
            return map(slot, {bytes.data(), bytes.data() + bytes.size(), 0, nullptr, 0, 1});
        list(slot, bytes);
    }

    void list(const Slot& slot, Bytes bytes) {
        sink_->begin_array();
        protozero::pbf_reader reader(bytes.data(), bytes.size());
        while (reader.next()) {
            if (reader.tag() == slot.number) {
                single(slot, 0, delimited(reader));
            } else {
                reader.skip();
            }
        }
        sink_->end_array();
    }

    const Schema* schema_;
    Sink* sink_;
    const ObjectOptions* options_ = nullptr;
    std::vector<Entry> entries_;  ///< a stack: of the maps that are open
};

template <class Sink>
Result<void> render_object(const Schema& schema, const Shape& shape, Bytes bytes,
                           const ObjectOptions& options, Sink& sink,
                           std::vector<UnknownField>* unknown) {
    Renderer<Sink> renderer(schema, sink);
    return renderer.told(renderer.object(shape, bytes, options), unknown);
}

template <class Sink>
Result<void> render_message(const Schema& schema, const Shape& shape, Bytes bytes, Sink& sink,
                            std::vector<UnknownField>* unknown) {
    Renderer<Sink> renderer(schema, sink);
    return renderer.told(renderer.message(shape, bytes), unknown);
}

template <class Sink>
void tell(const Value& value, Sink& sink) {
    switch (value.type) {
        case Value::Type::null: return sink.null();
        case Value::Type::boolean: return sink.boolean(value.boolean);
        case Value::Type::integer: return sink.integer(value.integer);
        case Value::Type::unsigned_integer: return sink.unsigned_integer(value.unsigned_integer);
        case Value::Type::real: return sink.real(value.real);
        case Value::Type::string: return sink.string(value.string);
        case Value::Type::array:
            sink.begin_array();
            for (const auto& item : value.items) tell(item, sink);
            return sink.end_array();
        case Value::Type::object: break;
    }
    std::vector<const Value::Member*> ordered;
    ordered.reserve(value.members.size());
    for (const auto& member : value.members) ordered.push_back(&member);
    std::sort(ordered.begin(), ordered.end(), [](const auto* a, const auto* b) {
        return key_before(Sink::order, a->name, b->name);
    });
    sink.begin_object();
    for (const auto* member : ordered) {
        sink.key(member->name);
        tell(member->value, sink);
    }
    sink.end_object();
}

}  // namespace salvor::kube
