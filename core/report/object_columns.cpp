#include "core/report/object_columns.hpp"

#include <algorithm>

#include "formats/text/escape.hpp"

// Source: kubectl pkg/cmd/get/customcolumn.go, cli-runtime pkg/printers/{jsonpath,tabwriter}.go

namespace salvor::report {
namespace {

kube::Value list_of(std::vector<kube::Value> objects) {
    using kube::Value;
    auto list = Value::object();
    auto metadata = Value::object();
    auto items = Value::array();
    items.items = std::move(objects);
    metadata.set("resourceVersion", Value::of(Bytes{}));
    list.set("apiVersion", Value::of(Bytes("v1")));
    list.set("items", std::move(items));
    list.set("kind", Value::of(Bytes("List")));
    list.set("metadata", std::move(metadata));
    return list;
}

/// A template that asks for the one object, or for the List as a whole.
class JsonPathPrinter : public ObjectPrinter {
 public:
    JsonPathPrinter(const cluster::Presenter& presenter, cluster::JsonPath path, Answer answer,
                    TextSink sink)
        : presenter_(presenter), path_(std::move(path)), answer_(answer), sink_(std::move(sink)) {}

    Result<void> add(const cluster::Candidate& candidate,
                     cluster::UnknownFields& unknown) override {
        const auto& object = candidate.object();
        if (!object) return std::unexpected(object.error());
        SALVOR_TRY(auto value, presenter_.value(*object, document_, &unknown));
        items_.push_back(std::move(value));
        return {};
    }

    Result<void> finish() override {
        if (answer_ == Answer::one_object && items_.empty()) return {};
        const auto root =
            answer_ == Answer::one_object ? std::move(items_.front()) : list_of(std::move(items_));
        SALVOR_TRY(const auto text, path_.print(root));
        sink_(text);
        return {};
    }

 private:
    const cluster::Presenter& presenter_;
    cluster::JsonPath path_;
    Answer answer_;
    TextSink sink_;
    kube::Document document_;
    std::vector<kube::Value> items_;
};

/// A template that looks at a List's items one after another: none is kept. What its first part
/// that does says goes out at once, what later ones say waits for the end.
class ItemsPrinter : public ObjectPrinter {
 public:
    ItemsPrinter(const cluster::Presenter& presenter, std::vector<cluster::JsonPath> parts,
                 TextSink sink)
        : presenter_(presenter), sink_(std::move(sink)) {
        for (auto& part : parts) parts_.push_back({std::move(part), {}, false});
    }

    Result<void> add(const cluster::Candidate& candidate,
                     cluster::UnknownFields& unknown) override {
        const auto& object = candidate.object();
        if (!object) return std::unexpected(object.error());
        kube::Document document;
        std::vector<kube::Value> items;
        SALVOR_TRY(items.emplace_back(), presenter_.value(*object, document, &unknown));
        const auto list = list_of(std::move(items));
        for (auto& part : parts_) {
            if (failure_ || !part.path.asks_for_items()) continue;
            const auto said = part.path.print_onto(part.text, list, part.goes_on);
            if (!said) failure_ = said.error();
            part.goes_on = said.value_or(false);
        }
        return failure_ ? Result<void>{} : hand_out();
    }

    /// A path that does not fit is the template's flaw and none of the object's.
    Result<void> finish() override {
        if (failure_) return std::unexpected(*failure_);
        SALVOR_CHECK(hand_out());
        for (auto at = first_; at < parts_.size(); ++at) {
            SALVOR_CHECK(say_text(parts_[at]));
            sink_(parts_[at].text);
        }
        return {};
    }

 private:
    struct Part {
        cluster::JsonPath path;
        std::string text;
        bool goes_on;
    };

    /// What stands before the first part that asks for items, and what that has said.
    Result<void> hand_out() {
        for (; first_ < parts_.size() && !parts_[first_].path.asks_for_items(); ++first_) {
            SALVOR_CHECK(say_text(parts_[first_]));
            sink_(parts_[first_].text);
        }
        if (first_ == parts_.size()) return {};
        sink_(parts_[first_].text);
        parts_[first_].text.clear();
        return {};
    }

    static Result<void> say_text(Part& part) {
        if (part.path.asks_for_items()) return {};
        SALVOR_CHECK(part.path.print_onto(part.text, list_of({}), false));
        return {};
    }

    const cluster::Presenter& presenter_;
    TextSink sink_;
    std::vector<Part> parts_;
    std::size_t first_ = 0;  ///< all before it were handed out
    std::optional<Error> failure_;
};

/// Of a terminal's view: code points.
std::size_t width_of(Bytes text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }));
}

class ColumnsPrinter : public ObjectPrinter {
 public:
    ColumnsPrinter(const cluster::Presenter& presenter, std::vector<CustomColumn> columns,
                   Headers headers, TextSink sink)
        : presenter_(presenter), columns_(std::move(columns)), sink_(std::move(sink)) {
        if (headers == Headers::left_out) return;
        for (const auto& column : columns_) rows_.push_back(column.header);
    }

    Result<void> add(const cluster::Candidate& candidate,
                     cluster::UnknownFields& unknown) override {
        const auto& object = candidate.object();
        if (!object) return std::unexpected(object.error());
        kube::Document document;
        SALVOR_TRY(const auto value, presenter_.value(*object, document, &unknown));
        const auto size = rows_.size();
        for (const auto& column : columns_) {
            auto text = cell(column, value);
            if (!text) {
                rows_.resize(size);
                return std::unexpected(text.error());
            }
            rows_.push_back(std::move(*text));
        }
        return {};
    }

    Result<void> finish() override {
        // As Go's tabwriter with a least width of 6 and 3 blanks between.
        constexpr std::size_t least = 6, between = 3;
        std::vector<std::size_t> widths(columns_.size(), least);
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            auto& width = widths[i % columns_.size()];
            width = std::max(width, width_of(rows_[i]) + between);
        }
        std::string line;
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            const auto column = i % columns_.size();
            line += rows_[i];
            if (column + 1 < columns_.size()) {
                line.append(widths[column] - width_of(rows_[i]), ' ');
                continue;
            }
            line += '\n';
            sink_(line);
            line.clear();
        }
        return {};
    }

 private:
    static Result<std::string> cell(const CustomColumn& column, const kube::Value& value) {
        SALVOR_TRY(const auto found, column.path.find(value));
        std::string text;
        bool any = false;
        for (const auto& one : found) {
            for (const auto* part : one.values) {
                if (any) text += ',';
                text += text::escape_message(cluster::go_text(*part));
                any = true;
            }
        }
        return any ? text : "<none>";
    }

    const cluster::Presenter& presenter_;
    std::vector<CustomColumn> columns_;
    TextSink sink_;
    std::vector<std::string> rows_;  ///< cell by cell
};

}  // namespace

std::unique_ptr<ObjectPrinter> json_path_printer(const cluster::Presenter& presenter,
                                                 cluster::JsonPath path, Answer answer,
                                                 TextSink sink) {
    if (auto parts = answer == Answer::list ? path.by_items() : std::nullopt)
        return std::make_unique<ItemsPrinter>(presenter, *std::move(parts), std::move(sink));
    return std::make_unique<JsonPathPrinter>(presenter, std::move(path), answer, std::move(sink));
}

Result<std::vector<CustomColumn>> parse_custom_columns(Bytes text) {
    std::vector<CustomColumn> columns;
    for (std::size_t at = 0; at <= text.size();) {
        const auto comma = std::min(text.find(',', at), text.size());
        const auto part = text.substr(at, comma - at);
        const auto colon = part.find(':');
        if (colon == Bytes::npos || colon == 0 || colon + 1 == part.size()) {
            return fail(ErrorCode::usage,
                        "custom-columns {}: each column is HEADER:PATH, with commas between",
                        text::Escaped{part});
        }
        SALVOR_TRY(auto path, cluster::JsonPath::parse_path(part.substr(colon + 1)));
        columns.push_back({std::string(part.substr(0, colon)), std::move(path)});
        at = comma + 1;
    }
    return columns;
}

std::unique_ptr<ObjectPrinter> custom_columns_printer(const cluster::Presenter& presenter,
                                                      std::vector<CustomColumn> columns,
                                                      Headers headers, TextSink sink) {
    return std::make_unique<ColumnsPrinter>(presenter, std::move(columns), headers,
                                            std::move(sink));
}

}  // namespace salvor::report
