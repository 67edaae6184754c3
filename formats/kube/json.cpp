#include "formats/kube/json.hpp"

#include <algorithm>
#include <charconv>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_map>

#include "formats/text/utf8.hpp"

namespace salvor::kube {
namespace {

/// Builds the value from nlohmann's events; its own parser keeps no stack of calls.
class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
    Builder(Value& root, Document& document) : document_(&document) {
        open_.push_back({&root, nullptr});
    }

    bool null() override { return put({}); }
    bool boolean(bool truth) override { return put(Value::of(truth)); }
    bool number_integer(std::int64_t number) override { return put(Value::of(number)); }
    bool number_unsigned(std::uint64_t number) override {
        Value value;
        value.type = number <= INT64_MAX ? Value::Type::integer : Value::Type::unsigned_integer;
        value.unsigned_integer = number;
        return put(std::move(value));
    }
    bool number_float(double number, const std::string&) override {
        Value value;
        value.type = Value::Type::real;
        value.real = number;
        return put(std::move(value));
    }
    bool string(std::string& text) override {
        return put(Value::of(document_->keep(std::move(text))));
    }
    bool binary(nlohmann::json::binary_t&) override { return false; }
    bool start_object(std::size_t) override { return open(Value::object()); }
    bool key(std::string& name) override {
        auto& members = open_.back().value->members;
        Value* found = members.size() < index_from ? open_.back().value->find(name) : indexed(name);
        if (!found) {
            found =
                &members.emplace_back(Value::Member{document_->keep(std::move(name)), {}}).value;
        }
        *found = {};
        slot_ = found;
        return true;
    }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(Value::array()); }
    bool end_array() override { return close(); }
    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::json::exception& error) override {
        offset_ = position > 0 ? position - 1 : 0;
        message_ = error.what();
        return false;
    }

    bool too_deep() const { return too_deep_; }
    std::size_t offset() const { return offset_; }
    const std::string& message() const { return message_; }

 private:
    /// Members of a large object are found through an index, so that many names cost no square. It
    /// lives as long as the object is open: another may stand at the same address later.
    static constexpr std::size_t index_from = 16;
    using Index = std::unordered_map<std::string_view, std::size_t>;
    struct Level {
        Value* value;
        std::unique_ptr<Index> index;
    };
    Value* indexed(const std::string& name) {
        auto& members = open_.back().value->members;
        if (!open_.back().index) open_.back().index = std::make_unique<Index>();
        auto& index = *open_.back().index;
        for (std::size_t i = index.size(); i < members.size(); ++i)
            index.emplace(members[i].name, i);
        const auto found = index.find(name);
        return found == index.end() ? nullptr : &members[found->second].value;
    }

    Value* place() {
        Value& top = *open_.back().value;
        if (top.is_array()) return &top.items.emplace_back();
        if (top.is_object()) return slot_;
        return &top;
    }
    bool put(Value value) {
        *place() = std::move(value);
        return true;
    }
    bool open(Value value) {
        if (open_.size() > max_value_depth) {
            too_deep_ = true;
            return false;
        }
        Value* at = place();
        *at = std::move(value);
        // The root itself stands for its own place.
        if (at != open_.back().value) open_.push_back({at, nullptr});
        return true;
    }
    bool close() {
        if (open_.size() > 1) open_.pop_back();
        return true;
    }

    Document* document_;
    std::vector<Level> open_;
    Value* slot_ = nullptr;
    bool too_deep_ = false;
    std::size_t offset_ = 0;
    std::string message_;
};

/// The code of an escape `\uXXXX` that `text` begins with; nullopt: it begins with none.
std::optional<unsigned> escaped_code(Bytes text) {
    if (text.size() < 6 || !text.starts_with("\\u")) return {};
    unsigned code = 0;
    const auto read = std::from_chars(text.data() + 2, text.data() + 6, code, 16);
    if (read.ec != std::errc{} || read.ptr != text.data() + 6) return {};
    return code;
}
bool is_high_surrogate(unsigned code) {
    return code >= 0xD800 && code < 0xDC00;
}
bool is_low_surrogate(unsigned code) {
    return code >= 0xDC00 && code < 0xE000;
}

/// How many bytes of what begins with a backslash are one: a surrogate pair is. 0: half of a pair.
std::size_t escape_size(Bytes text) {
    constexpr std::size_t size = 6, pair = 12;
    const auto code = escaped_code(text);
    if (!code) return std::min<std::size_t>(text.size(), 2);
    if (is_low_surrogate(*code)) return 0;
    if (!is_high_surrogate(*code)) return size;
    const auto next = escaped_code(text.substr(size));
    return next && is_low_surrogate(*next) ? pair : 0;
}

/// What is no UTF-8 becomes U+FFFD, byte by byte, and so does half of a surrogate pair, as Go's
/// decoder has it.
std::string repaired(Bytes text) {
    constexpr Bytes replacement = "\xEF\xBF\xBD";
    constexpr std::size_t half = 6;
    std::string out;
    while (!text.empty()) {
        const bool is_escape = text.front() == '\\';
        const auto size = is_escape ? escape_size(text) : text::first_code_point(text).size;
        out += size == 0 ? replacement : text.substr(0, size);
        text.remove_prefix(size > 0 ? size : is_escape ? half : 1);
    }
    return out;
}

}  // namespace

Result<Value> parse_json(Bytes text, Document& document) {
    // A byte of zero is nowhere legal; nlohmann takes it for the end.
    if (const auto zero = text.find('\0'); zero != Bytes::npos) {
        return fail_at(zero, ErrorCode::malformed, "JSON of {} bytes: a zero at byte {}",
                       text.size(), zero);
    }
    Value root;
    Builder builder(root, document);
    try {
        if (nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) return root;
    } catch (const nlohmann::json::exception& error) {
        return fail(ErrorCode::malformed, "JSON of {} bytes: {}", text.size(), error.what());
    }
    if (builder.too_deep()) {
        return fail(ErrorCode::too_large, "JSON of {} bytes is nested deeper than {}", text.size(),
                    max_value_depth);
    }
    if (auto sound = repaired(text); sound != text)
        return parse_json(document.keep(std::move(sound)), document);
    return fail_at(builder.offset(), ErrorCode::malformed, "JSON of {} bytes: no value at byte {}",
                   text.size(), builder.offset());
}

}  // namespace salvor::kube
