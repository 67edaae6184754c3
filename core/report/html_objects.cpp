#include "core/report/html_objects.hpp"

#include <fmt/core.h>

#include "formats/text/escape.hpp"

namespace salvor::report {
namespace {

constexpr std::size_t part_size = 128;  ///< objects
constexpr std::size_t full = 1 << 18;   ///< of text in memory

/// Calls `each` for the live objects of known resources, in the order of their keys.
template <class Each>
void each_object(const cluster::Cluster& cluster, Each&& each) {
    const auto& state = cluster.noted();
    for (std::size_t i = 0; i < state.size(); ++i) {
        const auto item = cluster.item(state[i]);
        if (item && item->key.type && !item->key.type->plural.empty()) each(*item);
    }
}

/// A key that ends in a token is shown without it, and so is its object.
std::string name_of(const cluster::Item& item, const cluster::Redactor& redactor) {
    const bool has_token = cluster::without_token(item.row.key).size() != item.row.key.size();
    return has_token ? redactor.in_place_of(item.key.name) : text::escape(item.key.name);
}

void add_list(HtmlPage& page, const cluster::Cluster& cluster) {
    const cluster::Redactor redactor;
    RowList list(page);
    each_object(cluster, [&](const cluster::Item& item) {
        list.add([&](text::JsonWriter& json) {
            json.string(item.key.type->full_name());
            json.string(text::escape(item.key.namespace_name));
            json.string(name_of(item, redactor));
            json.integer(item.row.mod_revision);
            json.unsigned_integer(item.row.key.size() + item.row.value.size());
            json.string(text::escape(cluster::without_token(item.row.key)));
        });
    });
    list.finish();
}

std::string yaml_of(const cluster::Presenter& presenter, const cluster::Item& item) {
    const auto object = presenter.cluster().open_object(item);
    if (!object) return "# it cannot be read: " + text::escape_message(object.error().message);
    std::string text;
    kube::YamlSink sink(text);
    const auto told = presenter.tell(*object, sink, nullptr);
    if (!told) return "# it cannot be read: " + text::escape_message(told.error().message);
    sink.finish();
    return text;
}

}  // namespace

RowList::RowList(HtmlPage& page) : page_(page) {
    page_.begin("objects");
    text_ = fmt::format("{{\"chunk\":{},\"rows\":[", part_size);
}

void RowList::flush() {
    if (text_.size() < full) return;
    page_.more(text_);
    text_.clear();
}

void RowList::finish() {
    page_.more(text_ + "]}");
    page_.end();
}

void TextParts::add(Bytes text) {
    if (place_ % part_size == 0) {
        finish();
        page_.begin(fmt::format("y{}", place_ / part_size));
    }
    std::string json = place_ % part_size == 0 ? "[" : ",";
    text::JsonWriter(json).string(text);
    page_.more(json);
    ++place_;
}

void TextParts::finish() {
    if (place_ == 0) return;
    page_.more("]");
    page_.end();
}

void add_objects(HtmlPage& page, const cluster::Cluster& cluster) {
    add_list(page, cluster);
    const cluster::Presenter presenter(cluster, {});
    TextParts texts(page);
    each_object(cluster, [&](const cluster::Item& item) { texts.add(yaml_of(presenter, item)); });
    texts.finish();
}

}  // namespace salvor::report
