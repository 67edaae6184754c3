#include "core/report/place_json.hpp"

#include "formats/text/escape.hpp"

namespace salvor::report {

nlohmann::ordered_json place_json(const Place& place) {
    auto json = nlohmann::ordered_json::object();
    if (!place.file.empty()) json["file"] = text::escape(place.file);
    if (place.offset) json["offset"] = *place.offset;
    if (place.page) json["page"] = *place.page;
    if (!place.path.empty()) json["path"] = place.path;
    if (!place.bucket.empty()) json["bucket"] = text::escape(place.bucket);
    if (place.key) json["key"] = text::escape(*place.key);
    if (!place.revision.empty()) json["revision"] = place.revision;
    return json;
}

}  // namespace salvor::report
