#include "formats/snap/v2_content.hpp"

#include <nlohmann/json.hpp>

namespace salvor::snap {
namespace {

constexpr std::size_t max_depth = 10000;  // Go encoding/json scanner.go maxNestingDepth
constexpr std::string_view members_name = "members";
constexpr std::string_view cluster_name = "0";   // membership/storev2.go storePrefix
constexpr std::string_view old_auth_name = "2";  // what v2's authentication left behind
constexpr char hidden_mark = '_';                // v2store/node.go IsHidden

/// A node below a member: a file has a value and no children.
struct Attribute {
    std::string path;
    std::string value;
    bool is_folder = false;
};

/// Source: membership/storev2.go nodeToMember
Result<etcd::Member> to_member(Bytes path, const std::vector<Attribute>& attributes) {
    const auto id = etcd::parse_member_id(path.substr(path.rfind('/') + 1));
    if (!id) return fail(ErrorCode::malformed, "its path ends in no id");
    std::optional<etcd::Member> raft, own;
    for (const auto& attribute : attributes) {
        const bool is_raft = attribute.path == fmt::format("{}/raftAttributes", path);
        if (!is_raft && attribute.path != fmt::format("{}/attributes", path))
            return fail(ErrorCode::malformed, "{} is none of its attributes", attribute.path);
        if (attribute.is_folder)
            return fail(ErrorCode::malformed, "{} is a folder", attribute.path);
        SALVOR_TRY((is_raft ? raft : own), etcd::parse_member(attribute.value));
    }
    if (!raft) return fail(ErrorCode::malformed, "it has no raftAttributes");
    raft->id = *id;
    if (own) {
        raft->name = std::move(own->name);
        raft->client_urls = std::move(own->client_urls);
    }
    return *std::move(raft);
}

/// Takes what is wanted out of nlohmann's events; its own parser keeps no stack of calls.
class Reader : public nlohmann::json_sax<nlohmann::json> {
 public:
    bool null() override {
        if (frames_.empty() || in(Shape::other)) return true;
        if (in(Shape::children)) return flawed("node {} is null", path());
        const bool pointer = in(Shape::store) &&
                             (field() == "Root" || field() == "WatcherHub" || field() == "Stats");
        return !pointer || flawed("{} is null", field());
    }
    bool boolean(bool) override { return expected(Kind::boolean); }
    bool number_integer(std::int64_t) override { return expected(Kind::integer); }
    bool number_unsigned(std::uint64_t) override { return expected(Kind::unsigned_integer); }
    bool number_float(double, const std::string&) override { return expected(Kind::real); }
    bool string(std::string& text) override {
        if (!expected(Kind::text)) return false;
        if (in(Shape::node) && is_clusters()) {
            if (field() == "Path") frames_.back().stored_path = std::move(text);
            if (field() == "Value") frames_.back().value = std::move(text);
        }
        return true;
    }
    bool binary(nlohmann::json::binary_t&) override { return false; }
    bool key(std::string& name) override {
        frames_.back().field = std::move(name);
        return true;
    }
    bool start_array(std::size_t) override { return expected(Kind::list) && open(Shape::other); }
    bool end_array() override { return close(); }
    bool start_object(std::size_t) override {
        if (!expected(Kind::object)) return false;
        if (frames_.empty()) return open(Shape::store);
        if (in(Shape::children)) return open(Shape::node);
        if (in(Shape::store) && field() == "Root") return open(Shape::node);
        if (!in(Shape::node) || field() != "Children") return open(Shape::other);
        frames_.back().is_folder = true;
        return open(Shape::children);
    }
    bool end_object() override {
        if (in(Shape::node)) node_read();
        return flaw_.empty() && close();
    }
    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::json::exception&) override {
        return flawed("no JSON from byte {} on", position > 0 ? position - 1 : 0);
    }

    const std::string& flaw() const { return flaw_; }
    V2Content take() { return std::move(content_); }

 private:
    enum class Shape : std::uint8_t { store, node, children, other };
    enum class Kind : std::uint8_t { text, boolean, integer, unsigned_integer, real, list, object };
    struct Frame {
        Shape shape;
        std::string field;  ///< the one whose value comes next
        bool is_folder = false;
        std::string stored_path, value;  ///< kept below /0 alone
    };

    bool in(Shape shape) const { return !frames_.empty() && frames_.back().shape == shape; }
    const std::string& field() const { return frames_.back().field; }

    template <class... Args>
    bool flawed(fmt::format_string<Args...> text, Args&&... args) {
        if (flaw_.empty()) flaw_ = fmt::format(text, std::forward<Args>(args)...);
        return false;
    }
    bool open(Shape shape) {
        if (frames_.size() == max_depth) return flawed("more than {} levels deep", max_depth);
        frames_.push_back({shape, {}, false, {}, {}});
        return true;
    }
    bool close() {
        frames_.pop_back();
        return true;
    }

    /// Whether Go would take a value of this kind here.
    bool expected(Kind kind) {
        if (in(Shape::other)) return true;
        if (frames_.empty()) return kind == Kind::object || flawed("the store is no object");
        if (in(Shape::children))
            return kind == Kind::object || flawed("node {} is no object", path());
        const bool is_number = kind == Kind::integer || kind == Kind::unsigned_integer;
        const auto need = [&](bool holds) {
            return holds || flawed("{} is of another kind", field());
        };
        if (in(Shape::store)) {
            if (field() == "CurrentIndex") return need(kind == Kind::unsigned_integer);
            if (field() == "CurrentVersion") return need(is_number);
            const bool is_part = field() == "Root" || field() == "WatcherHub" || field() == "Stats";
            return !is_part || need(kind == Kind::object);
        }
        if (field() == "CreatedIndex" || field() == "ModifiedIndex")
            return need(kind == Kind::unsigned_integer);
        if (field() == "Path" || field() == "Value" || field() == "ExpireTime")
            return need(kind == Kind::text);
        return field() != "Children" || need(kind == Kind::object);
    }

    /// The names of the nodes that are open, from below the root.
    std::vector<std::string_view> names() const {
        std::vector<std::string_view> found;
        for (const auto& frame : frames_) {
            if (frame.shape == Shape::children) found.push_back(frame.field);
        }
        return found;
    }
    std::string path() const {
        std::string joined;
        for (const auto name : names()) joined.append("/").append(name);
        return joined;
    }
    /// Below /0. The frames are the store, the root, its children, the node, ...
    bool is_clusters() const { return frames_.size() > 3 && frames_[2].field == cluster_name; }

    void node_read() {
        const auto& node = frames_.back();
        const auto at = names();
        if (at.empty()) {
            if (!node.is_folder) flawed("the root is no folder");
        } else if (at[0] != cluster_name) {
            // Source: membership/storev2.go IsMetaStoreOnly
            const std::size_t depth = at[0] == old_auth_name ? 3 : 2;
            const bool counts = at.size() == depth && !at.back().starts_with(hidden_mark);
            if (counts && !content_.users_key) content_.users_key = path();
        } else if (at.size() == 2 && at[1] == "version") {
            content_.version = node.value;
        } else if (at.size() == 3 && at[1] == members_name) {
            member_read(node.stored_path);
        } else if (at.size() == 4 && at[1] == members_name) {
            attributes_.push_back({node.stored_path, node.value, node.is_folder});
        }
    }
    void member_read(const std::string& stored_path) {
        auto member = to_member(stored_path, attributes_);
        attributes_.clear();
        if (member) {
            content_.members.push_back(*std::move(member));
        } else {
            content_.unreadable.push_back(fmt::format("{}: {}", path(), member.error().message));
        }
    }

    std::vector<Frame> frames_;
    std::vector<Attribute> attributes_;  ///< of the member that is being read
    V2Content content_;
    std::string flaw_;
};

}  // namespace

Result<V2Content> parse_v2_store(Bytes json) {
    Reader reader;
    try {
        nlohmann::json::sax_parse(json.begin(), json.end(), &reader);
    } catch (const nlohmann::json::exception& error) {  // a number out of range
        return fail(ErrorCode::malformed, "the v2 store of {} bytes: {}", json.size(),
                    error.what());
    }
    if (reader.flaw().empty()) return reader.take();
    return fail(ErrorCode::malformed, "the v2 store of {} bytes: {}", json.size(), reader.flaw());
}

}  // namespace salvor::snap
