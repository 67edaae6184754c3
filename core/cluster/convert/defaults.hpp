#pragma once

#include <span>
#include <unordered_map>
#include <vector>

#include "core/cluster/convert/edit.hpp"

// What a server adds to an object that it reads from storage, by the version in which it is stored.
// Source: kubernetes pkg/apis/*/*/{defaults,zz_generated.defaults}.go, 1.16 to 1.36, with the
// feature gates that a release has on by itself.

namespace salvor::convert {

/// A field that has one value where none is set. Messages are named without their package's first
/// labels: "core.v1.Probe".
struct FixedDefault {
    Bytes message;
    Bytes field;
    Value value;
    std::uint8_t since = 0;
    std::uint8_t until = 0xFF;
};
std::vector<FixedDefault> fixed_defaults();

/// What a message gets that one field alone does not decide.
struct DefaultRule {
    Bytes message;
    void (*apply)(Value& message, Context& context);
};
std::span<const DefaultRule> core_defaults();
std::span<const DefaultRule> workload_defaults();
std::span<const DefaultRule> policy_defaults();

class Defaults {
 public:
    explicit Defaults(const kube::Schema& schema);
    void apply(Value& object, const kube::Shape& shape, Context& context) const;

 private:
    struct Below {
        Bytes name;
        std::uint16_t message;
        kube::schema::Label label;
    };
    struct Fixed {
        const FixedDefault* standard;
        bool is_scalar;  ///< its zero is nothing set; of any other, its absence
    };
    struct Message {
        std::vector<Fixed> fixed;
        std::vector<void (*)(Value&, Context&)> rules;
        std::vector<Below> below;  ///< members that have a default, at some depth
    };
    void collect();
    void find_below();
    void visit(Value& value, std::uint16_t message, Context& context, std::size_t depth) const;

    const kube::Schema* schema_;
    std::vector<FixedDefault> fixed_;
    std::unordered_map<const kube::Shape*, std::uint16_t> numbers_;
    std::vector<Message> messages_;
};

}  // namespace salvor::convert
