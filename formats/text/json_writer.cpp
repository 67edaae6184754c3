#include "formats/text/json_writer.hpp"

#include <algorithm>

#include "formats/text/go_json.hpp"
#include "formats/text/number.hpp"

namespace salvor::text {

void JsonWriter::grow(std::size_t size) {
    settle();
    const auto used = out_->size();
    constexpr std::size_t least = 256;
    auto wanted = out_->capacity();
    if (wanted - used < size) wanted = std::max({used + size, used * 2, least});
    out_->resize_and_overwrite(wanted, [](char*, std::size_t all) { return all; });
    at_ = out_->data() + used;
    end_ = out_->data() + out_->size();
}

void JsonWriter::real(double number) {
    separate(0);
    settle();
    append_json_number(*out_, number);
}

/// In place of what quoted() began to copy.
void JsonWriter::escaped(std::string_view text) {
    settle();
    append_go_string(*out_, text);
}

}  // namespace salvor::text
