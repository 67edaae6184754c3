// Any text as SQL over a small snapshot: it ends when it is told to, changes nothing, and what it
// does not take is refused in words.

#include <cstdlib>

#include "core/query/sql/engine.hpp"
#include "tests/core/small_snapshot.hpp"

using namespace salvor;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

/// Reads every cell, and keeps the last row's.
class Answer : public query::AnswerSink {
 public:
    void begin(const std::vector<std::string>& columns) override { width_ = columns.size(); }
    void row(std::span<const query::Cell> cells) override {
        require(cells.size() == width_);
        last.clear();
        for (const auto& cell : cells) {
            if (cell.kind == query::Cell::Kind::text || cell.kind == query::Cell::Kind::bytes)
                last.append(cell.view.substr(0, 64));
            last += std::to_string(cell.integer);
        }
    }
    std::string last;

 private:
    std::size_t width_ = 0;
};

struct World {
    SmallSnapshot snapshot{{
        {"/registry/namespaces/kube-system", small_object("v1", "Namespace", "kube-system")},
        {"/registry/configmaps/shop/a",
         small_object("v1", "ConfigMap", "a", "shop", R"("data":{"color":"green"})")},
        {"/registry/secrets/shop/s",
         small_object("v1", "Secret", "s", "shop", R"("data":{"p":"aHVudGVyMg=="})")},
        {"/registry/configmaps/shop/b", small_object("v1", "ConfigMap", "b", "shop")},
        {"/registry/configmaps/shop/b", std::nullopt},
        {"plain", std::string("\xFF\0x", 3)},
    }};
    std::unique_ptr<cluster::Cluster> cluster = [&] {
        cluster::Options wanted;
        wanted.foreseen = [](Bytes) { return true; };
        return cluster::Cluster::open(snapshot.db(), wanted).value();
    }();
    query::Source source{{&snapshot.db(), cluster.get(), &cluster->noted(), false,
                          [] { return Result<std::vector<Finding>>(std::vector<Finding>{}); }}};
    std::vector<query::Source*> sources{&source};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static World world;
    const auto engine = query::Engine::open(world.sources, "");
    require(engine.has_value());
    int asked = 0;
    (*engine)->end_when([&] { return ++asked > 20; });
    Answer answer;
    const auto done =
        (*engine)->run(std::string(reinterpret_cast<const char*>(data), size), answer);
    require(done || !done.error().message.empty());
    (*engine)->end_when({});
    Answer after;
    require((*engine)
                ->run("SELECT (SELECT count(*) FROM keys), (SELECT count(*) FROM revisions), "
                      "(SELECT count(*) FROM sqlite_schema)",
                      after)
                .has_value());
    static const std::string first = after.last;
    require(after.last == first);
    return 0;
}
