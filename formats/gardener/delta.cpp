#include "formats/gardener/delta.hpp"

#include <nlohmann/json.hpp>

#include "formats/base/checksum.hpp"
#include "formats/kube/special.hpp"

namespace salvor::gardener {
namespace {

using Json = nlohmann::json;
using Each = std::function<Result<void>(const Event&)>;

/// Hears the JSON word by word: an array of objects, `etcdEvent` in each, `kv` in that.
class Events {
 public:
    explicit Events(const Each& each) : each_(&each) {}
    Result<void> take_result() { return std::move(result_); }

    bool null() { return true; }
    bool boolean(bool) { return true; }
    bool number_float(double, const std::string&) { return true; }
    bool binary(Json::binary_t&) { return true; }
    bool number_integer(std::int64_t value) { return number(value); }
    bool number_unsigned(std::uint64_t value) { return number(static_cast<std::int64_t>(value)); }
    bool string(const std::string& text);
    bool key(const std::string& name) {
        name_ = name;
        return true;
    }
    bool start_array(std::size_t);
    bool end_array() { return true; }
    bool start_object(std::size_t);
    bool end_object();
    bool parse_error(std::size_t at, const std::string&, const nlohmann::detail::exception&) {
        return refuse(fail_at(at, ErrorCode::malformed, "its JSON is damaged at byte {}", at));
    }

 private:
    enum Depth : unsigned { outside, in_list, in_item, in_event, in_pair, beyond };
    bool refuse(std::unexpected<Error> error) {
        result_ = std::move(error);
        return false;
    }
    bool number(std::int64_t value);
    bool finish_event();

    const Each* each_;
    Result<void> result_;
    unsigned depth_ = outside, passed_over_ = 0;
    std::string name_;
    Event event_;
    std::uint64_t count_ = 0;
    bool has_key_ = false;
};

bool Events::start_array(std::size_t) {
    if (depth_ != outside) return refuse(fail(ErrorCode::malformed, "an array within an event"));
    depth_ = in_list;
    return true;
}

bool Events::start_object(std::size_t) {
    const bool goes_on = depth_ == in_list || (depth_ == in_item && name_ == "etcdEvent") ||
                         (depth_ == in_event && name_ == "kv");
    if (depth_ == outside) return refuse(fail(ErrorCode::malformed, "it is no list of events"));
    if (!goes_on || passed_over_ > 0) {
        ++passed_over_;
        return true;
    }
    ++depth_;
    if (depth_ == in_item) event_ = {}, has_key_ = false;
    return true;
}

bool Events::end_object() {
    if (passed_over_ > 0) return --passed_over_, true;
    return depth_-- != in_item || finish_event();
}

bool Events::string(const std::string& text) {
    if (depth_ != in_pair || passed_over_ > 0 || (name_ != "key" && name_ != "value")) return true;
    auto bytes = kube::parse_base64(text);
    if (!bytes)
        return refuse(fail(ErrorCode::malformed, "event {}: its {} is no base64", count_, name_));
    has_key_ = has_key_ || name_ == "key";
    (name_ == "key" ? event_.key : event_.value) = *std::move(bytes);
    return true;
}

bool Events::number(std::int64_t value) {
    if (passed_over_ > 0) return true;
    if (depth_ == in_event && name_ == "type") event_.removes = value == 1;
    if (depth_ != in_pair) return true;
    if (name_ == "create_revision") event_.create_revision = value;
    if (name_ == "mod_revision") event_.mod_revision = value;
    if (name_ == "version") event_.version = value;
    if (name_ == "lease") event_.lease = value;
    return true;
}

bool Events::finish_event() {
    if (!has_key_ || event_.mod_revision < 1)
        return refuse(fail(ErrorCode::malformed, "event {} has no key or no revision", count_));
    ++count_;
    result_ = (*each_)(event_);
    return result_.has_value();
}

}  // namespace

Result<void> read_delta(Bytes delta, const Each& each) {
    constexpr std::size_t digest_size = 32;
    if (delta.size() <= digest_size)
        return fail(ErrorCode::malformed, "{} bytes are no events with a digest", delta.size());
    const auto json = delta.substr(0, delta.size() - digest_size);
    const auto found = hex(sha256(json)), stored = hex(delta.substr(json.size()));
    if (found != stored) {
        return fail(ErrorCode::malformed,
                    "its digest is wrong: {} stands behind the events, whose SHA-256 is {}", stored,
                    found);
    }
    Events events(each);
    Json::sax_parse(json, &events);
    return events.take_result();
}

}  // namespace salvor::gardener
