#pragma once

#include <protozero/pbf_reader.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <forward_list>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "formats/kube/cbor.hpp"
#include "formats/kube/json.hpp"
#include "formats/kube/json_text.hpp"
#include "formats/kube/render.hpp"
#include "formats/kube/special.hpp"
#include "formats/kube/wire.hpp"

// What render.hpp promises, for the one file of each sink that compiles it.

namespace salvor::kube {

template <class Sink>
class Renderer {
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

    /// Where one member stands in the message.
    struct Found {
        const char* begin;  ///< of the first occurrence's tag
        const char* end;    ///< behind the last occurrence
        std::uint64_t varint;
        const char* data;  ///< of the last occurrence
        std::size_t size;
        std::uint32_t count;
        Bytes bytes() const { return {data, size}; }
    };

    struct Entry {
        Bytes key;
        std::uint64_t varint;
        Bytes value;
    };

    /// Of the messages that are open, outermost first: where the members of each stand, one
    /// message's above its parent's, and which member is being told. Untouched memory costs
    /// nothing.
    struct Room {
        std::array<Found, (max_message_depth + 1) * max_slots> found;
        std::array<const Slot*, max_message_depth + 1> told;
    };

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

    /// A flaw ends the rendering from wherever it is found.
    struct Flaw {
        Error error;
    };

    template <class Body>
    Result<void> guarded(Body body) {
        try {
            body();
            return {};
        } catch (const Flaw& flaw) {
            return std::unexpected(flaw.error);
        } catch (const protozero::exception& error) {
            return fail(ErrorCode::malformed, "{}: the message does not parse: {}", where(),
                        error.what());
        }
    }
    [[noreturn]] void flaw(ErrorCode code, std::string message) const {
        throw Flaw{{code, std::move(message), {}}};
    }
    std::string where() const {
        std::string path;
        for (std::size_t i = 0; i < depth_; ++i) {
            if (const auto* slot = room_->told[i])
                path.append(path.empty() ? "" : ".").append(slot->json_name);
        }
        return path.empty() ? "object" : path;
    }

    static Bytes view(const protozero::data_view& data) { return {data.data(), data.size()}; }
    /// The present field's bytes, where its wire type has any.
    Bytes delimited(protozero::pbf_reader& reader) {
        if (reader.wire_type() == protozero::pbf_wire_type::length_delimited)
            return view(reader.get_view());
        flaw(ErrorCode::malformed,
             fmt::format("{}: field {} has wire type {} and no length", where(), reader.tag(),
                         static_cast<int>(reader.wire_type())));
    }

    /// Several occurrences of one message field are one message: their bytes one after another.
    Bytes merged(Bytes bytes, std::uint32_t number) {
        merged_size_ += bytes.size();
        if (merged_size_ > max_merged_size)
            flaw(ErrorCode::too_large, fmt::format("{}: more than {} bytes of messages in parts",
                                                   where(), max_merged_size));
        std::string all;
        protozero::pbf_reader reader(bytes.data(), bytes.size());
        while (reader.next()) {
            if (reader.tag() == number &&
                reader.wire_type() == protozero::pbf_wire_type::length_delimited) {
                all += view(reader.get_view());
            } else {
                reader.skip();
            }
        }
        return merged_.emplace_front(std::move(all));
    }

    /// An inline message in an inline message is the most that there is.
    static constexpr std::size_t max_inlines = 4;

    /// The members of one message as its fields are met.
    struct Members {
        Found* found;            ///< of each slot, where it was seen
        std::uint64_t seen = 0;  ///< a bit a slot

        Found& at(std::size_t slot) {
            const auto bit = std::uint64_t{1} << slot;
            if (!(seen & bit)) found[slot] = {};
            seen |= bit;
            return found[slot];
        }
    };
    /// A message whose members stand among those of the one that it is in.
    struct Inline {
        const Decoder* decoder;
        Bytes bytes;
        std::uint32_t count;
    };
    struct Inlines {
        std::array<Inline, max_inlines> all;
        std::size_t count = 0;
    };

    /// Notes where each member of the message stands.
    void scan(const Shape& shape, std::size_t table, Bytes bytes, Members& members) {
        Inlines inlines;
        std::size_t hint = 0;
        const char* at = bytes.data();
        const char* const end = at + bytes.size();
        while (at != end) {
            if (table == 0 && plain_field(shape, at, end, members)) continue;
            protozero::pbf_reader reader(at, static_cast<std::size_t>(end - at));
            reader.next();
            any_field(shape, table, reader, at, hint, members, inlines);
            at = reader.data().data();
        }
        for (std::size_t i = 0; i < inlines.count; ++i) {
            const auto& one = inlines.all[i];
            scan(shape, static_cast<std::size_t>(one.decoder->nested),
                 one.count > 1 ? merged(bytes, one.decoder->number) : one.bytes, members);
        }
    }

    /// A tag of at most two bytes, gone past; 0 where it is none.
    static std::uint32_t short_tag(const char*& at, const char* end) {
        const auto tag = static_cast<std::uint32_t>(static_cast<unsigned char>(*at++));
        if (tag < 0x80) return tag;
        if (at == end || *at < 0) return 0;
        return (tag & 0x7F) | static_cast<std::uint32_t>(*at++) << 7;
    }

    /// A field as Kubernetes writes nearly all of them, read and gone past: with a short tag, and
    /// of a member that takes its wire type. Says no to any other.
    bool plain_field(const Shape& shape, const char*& at, const char* end, Members& members) {
        const char* next = at;
        const auto tag = short_tag(next, end);
        const auto number = tag >> 3;
        const std::size_t place = number < shape.slot_of.size() ? shape.slot_of[number] : 0;
        if (place == 0) return false;
        const auto& slot = shape.slots[place - 1];
        const auto type = static_cast<protozero::pbf_wire_type>(tag & 7);
        const bool has_length = type == protozero::pbf_wire_type::length_delimited;
        if (!(has_length ? slot.takes_lengths
                         : type == protozero::pbf_wire_type::varint && slot.takes_varints))
            return false;
        const auto varint = protozero::decode_varint(&next, end);
        if (has_length && varint > static_cast<std::uint64_t>(end - next)) return false;
        auto& found = members.at(place - 1);
        if (has_length) {
            found.data = next;
            found.size = varint;
            next += varint;
        } else {
            found.varint = varint;
        }
        if (found.count++ == 0) found.begin = at;
        at = found.end = next;
        return true;
    }

    /// The field that the reader has just come to.
    void any_field(const Shape& shape, std::size_t table, protozero::pbf_reader& reader,
                   const char* at, std::size_t& hint, Members& members, Inlines& inlines) {
        const auto* known = decoder_of(shape.decoders[table], reader.tag(), hint);
        if (!known) return keep_unknown(reader, at);
        if (known->slot >= 0) {
            const auto slot = static_cast<std::size_t>(known->slot);
            return note(shape.slots[slot], members.at(slot), reader, at);
        }
        const Bytes nested = delimited(reader);
        auto* const last = inlines.all.begin() + inlines.count;
        auto* seen = std::find_if(inlines.all.begin(), last,
                                  [&](const Inline& one) { return one.decoder == known; });
        if (seen == last) *seen = {known, {}, 0}, ++inlines.count;
        seen->bytes = nested;
        ++seen->count;
    }

    void keep_unknown(protozero::pbf_reader& reader, const char* at) {
        const auto number = reader.tag();
        reader.skip();
        if (unknown_.size() < max_unknown_named) unknown_.push_back({where(), number});
        pending_unknown_.emplace_back(
            number, Bytes(at, static_cast<std::size_t>(reader.data().data() - at)));
    }

    void note(const Slot& slot, Found& found, protozero::pbf_reader& reader, const char* at) {
        switch (reader.wire_type()) {
            case protozero::pbf_wire_type::varint: found.varint = reader.get_uint64(); break;
            case protozero::pbf_wire_type::length_delimited: {
                const auto bytes = view(reader.get_view());
                found.data = bytes.data();
                found.size = bytes.size();
                break;
            }
            case protozero::pbf_wire_type::fixed64: found.varint = reader.get_fixed64(); break;
            default:
                flaw(ErrorCode::malformed,
                     fmt::format("{}: field {} has wire type {}", where(), slot.number,
                                 static_cast<int>(reader.wire_type())));
        }
        if (reader.wire_type() != protozero::pbf_wire_type::length_delimited ||
            slot.type != schema::Type::string) {
            check_wire_type(slot, reader.wire_type());
        }
        if (found.count++ == 0) found.begin = at;
        found.end = reader.data().data();
    }

    void check_wire_type(const Slot& slot, protozero::pbf_wire_type type) {
        if (takes_wire_type(slot, type)) return;
        flaw(ErrorCode::malformed,
             fmt::format("{}.{}: field {} has wire type {}, its type needs {}", where(),
                         slot.json_name, slot.number, static_cast<int>(type),
                         static_cast<int>(wire_type_of(slot))));
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

    /// Of a text that comes twice the last counts; a message's parts are one.
    Bytes payload(const Slot& slot, const Found& found) {
        if (found.count <= 1 || slot.type != schema::Type::message) return found.bytes();
        return merged({found.begin, static_cast<std::size_t>(found.end - found.begin)},
                      slot.number);
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

    /// A map's entry as Kubernetes writes nearly all of them: a key and a value, each shorter than
    /// 128 bytes. Says no to any other.
    static bool plain_entry(Bytes bytes, Entry& entry) {
        constexpr char key_tag = 0x0A, value_tag = 0x12;
        if (bytes.size() < 4 || bytes[0] != key_tag || static_cast<signed char>(bytes[1]) < 0)
            return false;
        const auto key_size = static_cast<std::size_t>(bytes[1]);
        if (bytes.size() < key_size + 4) return false;
        const Bytes value = bytes.substr(key_size + 2);
        if (value[0] != value_tag || static_cast<signed char>(value[1]) < 0 ||
            static_cast<std::size_t>(value[1]) != value.size() - 2)
            return false;
        entry.key = bytes.substr(2, key_size);
        entry.value = value.substr(2);
        return true;
    }

    void any_entry(Bytes bytes, Entry& entry) {
        protozero::pbf_reader fields(bytes.data(), bytes.size());
        while (fields.next()) {
            if (fields.tag() == 1) {
                entry.key = delimited(fields);
            } else if (fields.tag() == 2 &&
                       fields.wire_type() == protozero::pbf_wire_type::varint) {
                entry.varint = fields.get_uint64();
            } else if (fields.tag() == 2) {
                entry.value = delimited(fields);
            } else {
                fields.skip();
            }
        }
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

    static const Slot* slot_numbered(const Shape& shape, std::uint16_t number) {
        for (const auto& slot : shape.slots) {
            if (slot.number == number) return &slot;
        }
        return nullptr;
    }

    /// The last occurrence of one field in a small message; zero or nothing where it is absent.
    std::uint64_t number_field(Bytes bytes, std::uint32_t number) const {
        std::uint64_t value = 0;
        protozero::pbf_reader reader(bytes.data(), bytes.size());
        while (reader.next()) {
            if (reader.tag() != number) {
                reader.skip();
            } else if (reader.wire_type() == protozero::pbf_wire_type::varint) {
                value = reader.get_uint64();
            } else {
                wrong_wire_type(reader, protozero::pbf_wire_type::varint);
            }
        }
        return value;
    }
    Bytes bytes_field(Bytes bytes, std::uint32_t number) const {
        Bytes value;
        protozero::pbf_reader reader(bytes.data(), bytes.size());
        while (reader.next()) {
            if (reader.tag() != number) {
                reader.skip();
            } else if (reader.wire_type() == protozero::pbf_wire_type::length_delimited) {
                value = view(reader.get_view());
            } else {
                wrong_wire_type(reader, protozero::pbf_wire_type::length_delimited);
            }
        }
        return value;
    }
    [[noreturn]] void wrong_wire_type(const protozero::pbf_reader& reader,
                                      protozero::pbf_wire_type wanted) const {
        flaw(ErrorCode::malformed,
             fmt::format("{}: field {} of wire type {}, where {} is wanted", where(), reader.tag(),
                         static_cast<int>(reader.wire_type()), static_cast<int>(wanted)));
    }
    static bool has_field(Bytes bytes, std::uint32_t number) {
        protozero::pbf_reader reader(bytes.data(), bytes.size());
        while (reader.next()) {
            if (reader.tag() == number) return true;
            reader.skip();
        }
        return false;
    }

    const Schema* schema_;
    Sink* sink_;
    const ObjectOptions* options_ = nullptr;
    std::unique_ptr<Room> room_;
    std::vector<Entry> entries_;             ///< a stack: of the maps that are open
    std::forward_list<std::string> merged_;  ///< messages that came in parts
    std::vector<UnknownField> unknown_;
    std::vector<std::pair<std::uint32_t, Bytes>> pending_unknown_;
    std::size_t depth_ = 0;
    std::size_t merged_size_ = 0;
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
