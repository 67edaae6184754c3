#include "core/report/object_table.hpp"

#include <algorithm>

#include "core/cluster/table/cells.hpp"
#include "core/report/tab_writer.hpp"

// Source: kubectl pkg/cmd/get/get.go, cli-runtime pkg/printers/tableprinter.go

namespace salvor::report {
namespace {

using cluster::ResourceType;

std::string upper(std::string_view text) {
    std::string raised(text);
    for (char& c : raised) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return raised;
}

/// The rows of one kind.
class Block {
 public:
    Block(const cluster::Presenter& presenter, const cluster::Query& query, const TableStyle& style,
          const cluster::Candidate& first)
        : style_(style),
          type_(first.item().key.type),
          layout_(table::Layout::of(type_, version_of(query), presenter.cluster().release().release,
                                    style.width)),
          with_kind_(query.targets.size() != 1 && query.raw_key.empty()),
          with_namespace_(query.namespace_name.empty() && is_namespaced(first)),
          in_order_(layout_.is_ordered() && !style.keeps_order) {}

    bool holds(const cluster::Candidate& candidate) const {
        return candidate.item().key.type == type_ &&
               (type_ || is_namespaced(candidate) == with_namespace_);
    }

    void add(const cluster::Object& object, const kube::Value& value) {
        auto cells = layout_.cells(value, style_.now);
        if (with_kind_ && layout_.name_column()) {
            auto& name = cells[*layout_.name_column()];
            name = kind_of(object) + "/" + name;
        }
        if (with_namespace_)
            cells.insert(cells.begin(), std::string(table::string_at(value, "metadata.namespace")));
        const auto* labels = table::at(value, "metadata.labels");
        for (const auto& label : style_.label_columns)
            cells.push_back(table::text_of(labels ? labels->find(label) : nullptr));
        if (style_.show_labels) cells.push_back(table::labels_text(labels));
        if (in_order_) {
            rows_.emplace_back(layout_.order(value), std::move(cells));
        } else {
            put(cells);
        }
    }

    void finish(const TextSink& sink) {
        std::stable_sort(rows_.begin(), rows_.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
        for (const auto& [order, cells] : rows_) put(cells);
        writer_.flush(sink);
    }

 private:
    /// Asked for with the kind, if at all.
    std::string version_of(const cluster::Query& query) const {
        for (const auto& target : query.targets) {
            if (target.type == type_)
                return std::string(kube::split_api_version(target.api_version).version);
        }
        return {};
    }
    bool is_namespaced(const cluster::Candidate& candidate) const {
        return type_ ? type_->namespaced : !candidate.item().key.namespace_name.empty();
    }
    std::string kind_of(const cluster::Object& object) const {
        const auto kind = type_ ? type_->kind : object.kind();
        const auto group =
            type_ ? type_->group : kube::split_api_version(object.api_version()).group;
        return table::lower(kind) + (group.empty() ? "" : "." + std::string(group));
    }

    void put(const std::vector<std::string>& cells) {
        if (writer_.empty() && style_.headers == Headers::shown) writer_.line(headers());
        writer_.line(cells);
    }
    std::vector<std::string> headers() const {
        auto headers = layout_.headers();
        if (with_namespace_) headers.insert(headers.begin(), "NAMESPACE");
        for (const auto& label : style_.label_columns)
            headers.push_back(upper(Bytes(label).substr(label.rfind('/') + 1)));
        if (style_.show_labels) headers.emplace_back("LABELS");
        return headers;
    }

    const TableStyle& style_;
    const ResourceType* type_;
    table::Layout layout_;
    bool with_kind_, with_namespace_, in_order_;
    std::vector<std::pair<std::string, std::vector<std::string>>> rows_;  ///< of one in order
    TabWriter writer_;
};

class TablePrinter : public ObjectPrinter {
 public:
    TablePrinter(const cluster::Presenter& presenter, const cluster::Query& query, TableStyle style,
                 TextSink sink)
        : presenter_(presenter), query_(query), style_(std::move(style)), sink_(std::move(sink)) {}

    Result<void> add(const cluster::Candidate& candidate,
                     cluster::UnknownFields& unknown) override {
        const auto& object = candidate.object();
        if (!object) return std::unexpected(object.error());
        kube::Document document;
        SALVOR_TRY(const auto value, presenter_.value(*object, document, &unknown));
        if (block_ && !block_->holds(candidate)) end_block();
        if (!block_) begin_block(candidate);
        block_->add(*object, value);
        return {};
    }
    Result<void> finish() override {
        if (block_) end_block();
        return {};
    }

 private:
    void begin_block(const cluster::Candidate& first) {
        if (any_block_ && style_.headers == Headers::shown) sink_("\n");
        any_block_ = true;
        block_.emplace(presenter_, query_, style_, first);
    }
    void end_block() {
        block_->finish(sink_);
        block_.reset();
    }

    const cluster::Presenter& presenter_;
    const cluster::Query& query_;
    TableStyle style_;
    TextSink sink_;
    std::optional<Block> block_;
    bool any_block_ = false;
};

}  // namespace

std::unique_ptr<ObjectPrinter> table_printer(const cluster::Presenter& presenter,
                                             const cluster::Query& query, TableStyle style,
                                             TextSink sink) {
    return std::make_unique<TablePrinter>(presenter, query, std::move(style), std::move(sink));
}

}  // namespace salvor::report
