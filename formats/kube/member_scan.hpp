#pragma once

#include <protozero/pbf_reader.hpp>

#include <array>
#include <forward_list>
#include <memory>
#include <string>
#include <vector>

#include "formats/kube/render.hpp"
#include "formats/kube/wire.hpp"

namespace salvor::kube {

/// Where the members of a message stand, its own and those of the messages that are inline in it:
/// what a Renderer does before it tells anything. Fields that no table has are kept by number.
class MemberScan {
 protected:
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

    /// Of a map.
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

    /// The member that is being told, from the object on: "spec.containers.image".
    std::string where() const;

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

    /// Of a text that comes twice the last counts; a message's parts are one.
    Bytes payload(const Slot& slot, const Found& found) {
        if (found.count <= 1 || slot.type != schema::Type::message) return found.bytes();
        return merged({found.begin, static_cast<std::size_t>(found.end - found.begin)},
                      slot.number);
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

    void any_entry(Bytes bytes, Entry& entry);

    /// The present field's bytes, where its wire type has any.
    Bytes delimited(protozero::pbf_reader& reader);

    /// A tag of at most two bytes, gone past; 0 where it is none.
    static std::uint32_t short_tag(const char*& at, const char* end) {
        const auto tag = static_cast<std::uint32_t>(static_cast<unsigned char>(*at++));
        if (tag < 0x80) return tag;
        if (at == end || static_cast<signed char>(*at) < 0) return 0;
        return (tag & 0x7F) | static_cast<std::uint32_t>(*at++) << 7;
    }

    static Bytes view(const protozero::data_view& data) { return {data.data(), data.size()}; }

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

    static bool has_field(Bytes bytes, std::uint32_t number) {
        protozero::pbf_reader reader(bytes.data(), bytes.size());
        while (reader.next()) {
            if (reader.tag() == number) return true;
            reader.skip();
        }
        return false;
    }

    static const Slot* slot_numbered(const Shape& shape, std::uint16_t number) {
        for (const auto& slot : shape.slots) {
            if (slot.number == number) return &slot;
        }
        return nullptr;
    }

    std::unique_ptr<Room> room_;
    std::vector<UnknownField> unknown_;
    std::vector<std::pair<std::uint32_t, Bytes>> pending_unknown_;
    std::size_t depth_ = 0;

 private:
    /// A flaw ends the rendering from wherever it is found.
    struct Flaw {
        Error error;
    };

    /// An inline message in an inline message is the most that there is.
    static constexpr std::size_t max_inlines = 4;

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
                   const char* at, std::size_t& hint, Members& members, Inlines& inlines);
    void keep_unknown(protozero::pbf_reader& reader, const char* at);
    void note(const Slot& slot, Found& found, protozero::pbf_reader& reader, const char* at);
    void check_wire_type(const Slot& slot, protozero::pbf_wire_type type);
    /// Several occurrences of one message field are one message: their bytes one after another.
    Bytes merged(Bytes bytes, std::uint32_t number);
    [[noreturn]] void wrong_wire_type(const protozero::pbf_reader& reader,
                                      protozero::pbf_wire_type wanted) const;

    std::forward_list<std::string> merged_;  ///< messages that came in parts
    std::size_t merged_size_ = 0;
};

}  // namespace salvor::kube
