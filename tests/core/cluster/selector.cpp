#include "core/cluster/selector.hpp"

#include <catch2/catch.hpp>
#include <map>

using namespace salvor;
using namespace salvor::cluster;

namespace {

bool holds(const char* selector, const std::map<std::string, std::string>& labels) {
    const auto parsed = parse_label_selector(selector);
    REQUIRE(parsed);
    for (const auto& one : *parsed) {
        const auto found = labels.find(one.key);
        if (!one.holds(found == labels.end() ? std::nullopt : std::optional<Bytes>(found->second)))
            return false;
    }
    return true;
}

}  // namespace

TEST_CASE("a label selector holds where a server's would") {
    const std::map<std::string, std::string> labels{{"app", "web"}, {"tier", ""}, {"n", "7"}};
    for (const char* yes :
         {"", "app=web", "app==web", " app = web , n ", "app!=db", "gone!=x", "app in (db, web)",
          "gone notin (a)", "app notin (db)", "app,!gone", "tier=", "tier in (,x)", "n>6", "n<8"}) {
        INFO(yes);
        CHECK(holds(yes, labels));
    }
    for (const char* no : {"app=db", "app!=web", "gone", "!app", "gone=x", "gone in (x)",
                           "app notin (web)", "n>7", "app>1", "gone<5", "app=web,n=8"}) {
        INFO(no);
        CHECK_FALSE(holds(no, labels));
    }
}

TEST_CASE("a label selector that does not parse says where") {
    for (const char* bad : {"=", "a=b c", "a in b", "a in (b", "a>x", "a,,b", "!", "a like b"}) {
        INFO(bad);
        const auto parsed = parse_label_selector(bad);
        REQUIRE_FALSE(parsed);
        CHECK(parsed.error().code == ErrorCode::usage);
    }
}

TEST_CASE("a field selector is FIELD=VALUE, with backslashes for what would separate") {
    const auto parsed = parse_field_selector(R"(spec.a=x\,y\=z,metadata.name!=b,c==\\)");
    REQUIRE(parsed);
    REQUIRE(parsed->size() == 3);
    CHECK((*parsed)[0].key == "spec.a");
    CHECK((*parsed)[0].values == std::vector<std::string>{"x,y=z"});
    CHECK((*parsed)[1].op == Requirement::Operator::not_in);
    CHECK((*parsed)[2].values == std::vector<std::string>{"\\"});
    for (const char* bad : {"a", "=b", "a=b=c", "a=\\x"}) {
        INFO(bad);
        CHECK_FALSE(parse_field_selector(bad));
    }
}
