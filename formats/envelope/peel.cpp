#include "formats/envelope/peel.hpp"

#include <time.h>

#include <algorithm>

#include "formats/envelope/archive.hpp"
#include "formats/text/escape.hpp"

namespace salvor::envelope {
namespace {

constexpr std::size_t names_told = 10;

std::string joined(const std::vector<std::string>& names) {
    std::string words;
    for (std::size_t i = 0; i < std::min(names.size(), names_told); ++i)
        words += (i == 0 ? "" : ", ") + text::escape(names[i]);
    return words + (names.size() > names_told ? ", ..." : "");
}

class Peeler {
 public:
    Peeler(const Opening& opening, const std::filesystem::path& name, std::int64_t modified_ns)
        : opening_(&opening), name_(&name), modified_ns_(modified_ns) {}

    Result<Peeled> run(StreamPtr stream);

 private:
    using Layers = std::vector<Layer>;
    Result<void> descend(StreamPtr stream, const Layers& layers, const std::string& label);
    Result<void> enter(Form form, StreamPtr packed, const Layers& layers, const std::string& label);
    Result<void> take_leaf(Peekable& stream, const Layers& layers, const std::string& label);
    Result<void> refuse() const;
    bool is_named(const std::string& label) const;

    const Opening* opening_;
    const std::filesystem::path* name_;
    std::int64_t modified_ns_;
    std::optional<Peeled> found_;
    bool found_is_wanted_ = false;
    std::vector<std::string> wanted_, others_;
    std::optional<Error> first_error_;  ///< of an entry that could not be peeled
    std::vector<Skippable> notes_;
};

bool Peeler::is_named(const std::string& label) const {
    const auto& entry = opening_->entry;
    return entry.empty() || label == entry || label.ends_with("/" + entry);
}

Result<void> Peeler::take_leaf(Peekable& stream, const Layers& layers, const std::string& label) {
    const bool in_archive = std::ranges::any_of(layers, [](const Layer& layer) {
        return layer.form == Form::tar || layer.form == Form::zip;
    });
    bool wanted = true;
    if (in_archive) {
        SALVOR_TRY(const auto head, stream.peek(wanted_head));
        wanted = opening_->is_wanted && opening_->is_wanted(head);
        (wanted ? wanted_ : others_).push_back(label);
        if (!is_named(label)) return {};
    }
    if (found_ && (found_is_wanted_ || !wanted)) return {};
    SALVOR_TRY(auto file, spill(stream, opening_->places, *name_, modified_ns_));
    found_ = Peeled{std::move(file), layers, {}};
    found_is_wanted_ = wanted;
    return {};
}

Result<void> Peeler::enter(Form form, StreamPtr packed, const Layers& layers,
                           const std::string& label) {
    Archive archive(form, std::move(packed));
    for (;;) {
        SALVOR_TRY(const auto entry, archive.next());
        if (!entry) return {};
        if (!entry->is_file) continue;
        auto within = layers;
        within.back().entry = entry->name;
        auto done = descend(archive.content(), within,
                            label.empty() ? entry->name : label + "/" + entry->name);
        if (done) continue;
        if (done.error().code == ErrorCode::too_large || done.error().code == ErrorCode::io)
            return done;
        // Perhaps nobody asks for this one; where the archive itself is to blame, next() says so.
        others_.push_back(label.empty() ? entry->name : label + "/" + entry->name);
        if (!first_error_ && is_named(others_.back())) first_error_ = done.error();
    }
}

Result<void> Peeler::descend(StreamPtr stream, const Layers& layers, const std::string& label) {
    auto peekable = std::make_unique<Peekable>(std::move(stream));
    SALVOR_TRY(const auto head, peekable->peek(form_head));
    const auto form = form_of(head);
    if (form == Form::plain) return take_leaf(*peekable, layers, label);
    if (const char* command = command_that_peels(form)) {
        return fail(ErrorCode::unsupported, "it is {}, which is not read here: {}, then name OUT",
                    name(form), command);
    }
    if (layers.size() == most_layers) {
        return fail(ErrorCode::too_large, "it has more than {} layers, one in another",
                    most_layers);
    }
    auto within = layers;
    within.push_back({form, {}});
    if (form == Form::tar || form == Form::zip)
        return enter(form, std::move(peekable), within, label);
    if (form == Form::age || form == Form::age_armored) {
        SALVOR_TRY(auto decrypted, age::decrypt(std::move(peekable), opening_->keys));
        return descend(std::move(decrypted), within, label);
    }
    auto inner = decompress(form, std::move(peekable),
                            [this](Skippable frame) { notes_.push_back(std::move(frame)); });
    return descend(std::move(inner), within, label);
}

/// Where it is not clear which bytes are meant.
Result<void> Peeler::refuse() const {
    const auto& entry = opening_->entry;
    std::vector<std::string> named;
    std::ranges::copy_if(wanted_, std::back_inserter(named),
                         [this](const auto& label) { return is_named(label); });
    if (named.size() > 1) {
        return fail(ErrorCode::refused, "it holds {} snapshots: {}; name one by --entry",
                    named.size(), joined(named));
    }
    if (found_is_wanted_ || (found_ && (!entry.empty() || others_.size() <= 1))) return {};
    if (first_error_) return std::unexpected(*first_error_);
    const auto all = joined(wanted_.empty() ? others_ : wanted_);
    if (!entry.empty()) {
        return fail(ErrorCode::not_found, "it has no entry {}{}", text::escape(entry),
                    all.empty() ? "" : "; it has " + all);
    }
    if (all.empty()) return fail(ErrorCode::not_found, "no file is in it");
    return fail(ErrorCode::not_found, "none of the {} files in it is a snapshot: {}",
                others_.size(), all);
}

Result<Peeled> Peeler::run(StreamPtr stream) {
    auto done = descend(std::move(stream), {}, {});
    if (done) done = refuse();
    if (!done) {
        auto error = std::move(done).error();
        error.message = name_->string() + ": " + error.message;
        error.offset.reset();
        return std::unexpected(std::move(error));
    }
    found_->notes = std::move(notes_);
    return *std::move(found_);
}

}  // namespace

Result<Peeled> peel(const MappedFile& file, const Opening& opening) {
    const auto head = file.bytes().substr(0, form_head);
    if (form_of(head) == Form::plain) return Peeled{file, {}, {}};
    return Peeler(opening, file.path(), file.modified_ns()).run(stream_of(file.bytes()));
}

Result<Peeled> peel_pipe(int descriptor, const std::filesystem::path& name,
                         const Opening& opening) {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    return Peeler(opening, name, now.tv_sec * 1'000'000'000LL + now.tv_nsec)
        .run(stream_of(descriptor, name.string()));
}

}  // namespace salvor::envelope
