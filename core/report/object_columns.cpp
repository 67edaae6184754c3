#include "core/report/object_columns.hpp"

#include <algorithm>

#include "formats/text/escape.hpp"

// Source: kubectl pkg/cmd/get/customcolumn.go, cli-runtime pkg/printers/{jsonpath,tabwriter}.go

namespace salvor::report {
namespace {

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
        SALVOR_TRY(const auto text, path_.print(root()));
        sink_(text);
        return {};
    }

 private:
    kube::Value root() {
        using kube::Value;
        if (answer_ == Answer::one_object) return std::move(items_.front());
        auto list = Value::object();
        auto metadata = Value::object();
        auto items = Value::array();
        items.items = std::move(items_);
        metadata.set("resourceVersion", Value::of(Bytes{}));
        list.set("apiVersion", Value::of(Bytes("v1")));
        list.set("items", std::move(items));
        list.set("kind", Value::of(Bytes("List")));
        list.set("metadata", std::move(metadata));
        return list;
    }

    const cluster::Presenter& presenter_;
    cluster::JsonPath path_;
    Answer answer_;
    TextSink sink_;
    kube::Document document_;
    std::vector<kube::Value> items_;
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
