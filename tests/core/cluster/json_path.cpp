#include "core/cluster/json_path.hpp"

#include <catch2/catch.hpp>

#include "core/cluster/sort_key.hpp"
#include "formats/kube/json.hpp"

using namespace salvor;
using namespace salvor::cluster;

namespace {

constexpr const char* pods = R"j({"items":[
    {"name":"a","n":1,"labels":{"app":"web","x.y/z":"deep"},"ports":[80,443,8080],"ok":true},
    {"name":"b","n":2,"labels":{"app":"db"},"ports":[],"none":null},
    {"name":"c","n":10,"ports":[1.5,1000000.0,"<&>"]}],"kind":"List"})j";

std::string printed(const char* path) {
    kube::Document document;
    const auto root = kube::parse_json(pods, document);
    REQUIRE(root);
    const auto parsed = JsonPath::parse(path);
    REQUIRE(parsed);
    const auto text = parsed->print(*root);
    return text ? *text : "error: " + text.error().message;
}

/// The template's parts, each told one item after another; nullopt where it has none.
std::optional<std::string> printed_by_items(const char* path) {
    kube::Document document;
    const auto root = kube::parse_json(pods, document);
    const auto parts = JsonPath::parse(path)->by_items();
    if (!parts) return {};
    std::string text;
    for (const auto& part : *parts) {
        auto list = kube::Value::object();
        list.set("items", kube::Value::array());
        if (!part.asks_for_items()) REQUIRE(part.print_onto(text, list, false));
        bool goes_on = false;
        for (const auto& item : root->find("items")->items) {
            if (!part.asks_for_items()) break;
            list.find("items")->items.assign(1, item);
            const auto said = part.print_onto(text, list, goes_on);
            REQUIRE(said);
            goes_on = *said;
        }
    }
    return text;
}

}  // namespace

TEST_CASE("a JSONPath template prints what kubectl prints") {
    const std::pair<const char*, const char*> cases[]{
        {"kind is {.kind}.", "kind is List."},
        {"{.items[*].name}", "a b c"},
        {"{$.items[0].name}{@.kind}", "aList"},
        {"{.items[-1:].name} {.items[-1].name}", "c c"},
        {"{.items[0:2].name}|{.items[1:].name}|{.items[::2].name}", "a b|b c|a c"},
        {"{.items[0,2].name}", "a c"},
        {"{.items[0]['name','n']}", "a 1"},
        {"{.items[0].labels.x\\.y/z}{.items[0].labels['x\\.y/z']}", "deepdeep"},
        {"{.items[?(@.n>1)].name}", "b c"},
        {"{.items[?(@.n<=2)].name}", "a b"},
        {"{.items[?(@.labels.app==\"web\")].name}", "a"},
        {"{.items[?(@.labels.app!='web')].name}", "b"},
        {"{.items[?(@.labels)].name}", "a b"},
        {"{.items[?(@.ok==true)].name}", "a"},
        {"{range .items[*]}{.name}{\"\\t\"}{.n}{\"\\n\"}{end}done", "a\t1\nb\t2\nc\t10\ndone"},
        {"{range .items[*]}{range .ports[*]}{@},{end};{end}", "80,443,8080,;;1.5,1e+06,<&>,;"},
        {"{range .nothing[*]}{.name}{end}x", "x"},
        {"{.items[0].labels}", R"j({"app":"web","x.y/z":"deep"})j"},
        {"{.items[2].ports}", R"j([1.5,1000000,"\u003c\u0026\u003e"])j"},
        {"{.items[1].none}{.nothing}", "null"},
        {"{..app}", "web db"},
        {"{.items[*].labels.*}", "web deep db"},
    };
    for (const auto& [path, expected] : cases) {
        INFO(path);
        CHECK(printed(path) == expected);
        CHECK(printed_by_items(path).value_or(expected) == expected);
    }
}

TEST_CASE("a JSONPath template that looks at one item after another needs no whole list") {
    for (const auto* path : {"{.items[*].name}", "{range .items[*]}{.name},{end}done",
                             "a{.items[?(@.n>1)].name}b{.items[*].n}"}) {
        INFO(path);
        CHECK(printed_by_items(path) == printed(path));
    }
    for (const auto* path :
         {"{.items[0].name}", "{.kind}{.items[*].name}", "{.items[*]['name','n']}", "{..app}",
          "{.items}", "{.items[-1:].name}", "{range .items[*]}{.name}", "{.items[*].name}{end}"}) {
        INFO(path);
        CHECK_FALSE(printed_by_items(path));
    }
}

// A fuzzer found it: a range over a text of the template itself gave its actions a value that was
// gone when the range was over, and printed what then stood there.
TEST_CASE("what is found in a range over the template's own texts lasts until it is printed") {
    CHECK(printed("{range \"own words\"}[{}]{end}{.kind}") == "[own words]List");
    CHECK(printed("{range .items[*]\"a\"}{range \"b\"}{}{end}{@}{end}") == "ba");
    CHECK(printed("{range \"unused\"}{end}{.kind}") == "List");
}

TEST_CASE("a JSONPath that does not fit the objects is an error") {
    CHECK(printed("{.items[7].name}").starts_with("error: "));
    CHECK(printed("{.kind[0]}").starts_with("error: "));
    CHECK(printed("{.items[?(@.n==\"1\")].name}").starts_with("error: "));
    CHECK(printed("{end}").starts_with("error: "));
}

TEST_CASE("a JSONPath that does not parse is an error") {
    for (const char* bad : {"{.a", "{.a[}", "{.a[x]}", "{.a[1:2:3:4]}", "{.a[?(@.x]}", "{a.b}",
                            "{.a[?(@.x=~3)]}", "{\"x}", "{.a[]}", "{....a}", "{%}"}) {
        INFO(bad);
        CHECK_FALSE(JsonPath::parse(bad));
    }
}

TEST_CASE("a quantity means a number") {
    CHECK(quantity_of("1.5Gi") == 1.5 * 1024 * 1024 * 1024);
    CHECK(quantity_of("100m") == Approx(0.1));
    CHECK(quantity_of("1e3") == 1000.);
    CHECK(quantity_of("-2k") == -2000.);
    for (const char* none : {"", "m", "1.5Gib", "1 k", "nan", "inf", "0x10", "web", "1e"})
        CHECK_FALSE(quantity_of(none));
}
