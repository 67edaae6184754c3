#include "core/report/objects.hpp"

namespace salvor::report {
namespace {

constexpr std::size_t full = 1 << 18;  ///< of text in memory

/// kubectl's List around objects: apiVersion, items, kind, metadata.
template <class Sink>
void begin_list(Sink& sink) {
    sink.begin_object();
    sink.key("apiVersion");
    sink.string("v1");
    sink.key("items");
    sink.begin_array();
}
template <class Sink>
void end_list(Sink& sink) {
    sink.end_array();
    sink.key("kind");
    sink.string("List");
    sink.key("metadata");
    sink.begin_object();
    sink.key("resourceVersion");
    sink.string("");
    sink.end_object();
    sink.end_object();
}

class YamlPrinter : public ObjectPrinter {
 public:
    YamlPrinter(const cluster::Presenter& presenter, Answer answer, TextSink sink)
        : presenter_(presenter), answer_(answer), sink_(std::move(sink)) {
        if (answer_ == Answer::list) begin_list(writer_);
    }
    Result<void> add(const cluster::Candidate& candidate,
                     cluster::UnknownFields& unknown) override {
        const auto& object = candidate.object();
        if (!object) return std::unexpected(object.error());
        const auto size = text_.size();
        auto before = writer_;
        if (auto told = presenter_.tell(*object, writer_, &unknown); !told) {
            text_.resize(size);
            writer_ = std::move(before);
            return told;
        }
        if (text_.size() >= full) writer_.drain(sink_);
        return {};
    }
    Result<void> finish() override {
        if (answer_ == Answer::list) end_list(writer_);
        if (!text_.empty()) writer_.finish();
        sink_(text_);
        return {};
    }

 private:
    const cluster::Presenter& presenter_;
    Answer answer_;
    TextSink sink_;
    std::string text_;
    kube::YamlSink writer_{text_};
};

/// JSON as one document, or compact with a line an object.
class JsonPrinter : public ObjectPrinter {
 public:
    enum class Shape { document, lines };
    JsonPrinter(const cluster::Presenter& presenter, Shape shape, Answer answer, TextSink sink)
        : presenter_(presenter),
          shape_(shape),
          is_list_(shape == Shape::document && answer == Answer::list),
          sink_(std::move(sink)),
          writer_(text_, shape == Shape::document ? kubectl_indent : 0) {
        if (is_list_) begin_list(writer_);
    }
    Result<void> add(const cluster::Candidate& candidate,
                     cluster::UnknownFields& unknown) override {
        const auto& object = candidate.object();
        if (!object) return std::unexpected(object.error());
        writer_.settle();
        const auto size = text_.size();
        const auto before = writer_;
        if (auto told = presenter_.tell(*object, writer_, &unknown); !told) {
            text_.resize(size);
            writer_ = before;
            return told;
        }
        writer_.settle();
        if (shape_ == Shape::lines) end_line();
        if (text_.size() >= full) flush();
        return {};
    }
    Result<void> finish() override {
        if (is_list_) end_list(writer_);
        if (shape_ == Shape::document && (is_list_ || !text_.empty())) text_ += '\n';
        flush();
        return {};
    }

 private:
    void end_line() {
        text_ += '\n';
        writer_ = kube::JsonSink(text_);
    }
    void flush() {
        sink_(text_);
        text_.clear();
    }

    static constexpr int kubectl_indent = 4;
    const cluster::Presenter& presenter_;
    Shape shape_;
    bool is_list_;
    TextSink sink_;
    std::string text_;
    kube::JsonSink writer_;
};

class NamePrinter : public ObjectPrinter {
 public:
    NamePrinter(const cluster::Presenter& presenter, TextSink sink)
        : presenter_(presenter), sink_(std::move(sink)) {}
    Result<void> add(const cluster::Candidate& candidate, cluster::UnknownFields&) override {
        SALVOR_TRY(const auto name, presenter_.name(candidate));
        text_.append(name).append("\n");
        if (text_.size() >= full) flush();
        return {};
    }
    Result<void> finish() override {
        flush();
        return {};
    }

 private:
    void flush() {
        sink_(text_);
        text_.clear();
    }
    const cluster::Presenter& presenter_;
    TextSink sink_;
    std::string text_;
};

}  // namespace

std::unique_ptr<ObjectPrinter> object_printer(const cluster::Presenter& presenter,
                                              ObjectFormat format, Answer answer, TextSink sink) {
    using Shape = JsonPrinter::Shape;
    switch (format) {
        case ObjectFormat::yaml:
            return std::make_unique<YamlPrinter>(presenter, answer, std::move(sink));
        case ObjectFormat::json:
            return std::make_unique<JsonPrinter>(presenter, Shape::document, answer,
                                                 std::move(sink));
        case ObjectFormat::jsonl:
            return std::make_unique<JsonPrinter>(presenter, Shape::lines, answer, std::move(sink));
        case ObjectFormat::name: break;
    }
    return std::make_unique<NamePrinter>(presenter, std::move(sink));
}

}  // namespace salvor::report
