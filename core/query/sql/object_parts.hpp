#pragma once

#include <initializer_list>
#include <optional>
#include <string>

#include "core/query/sql/stored.hpp"

namespace salvor::query {

/// An object as JSON and in parts, as `get` shows it: decoded when somebody asks, and once.
class ObjectParts {
 public:
    ObjectParts(const Source& source, const Stored& stored) : source_(&source), stored_(&stored) {}

    /// nullptr: it cannot be read; problem() says why.
    const kube::Value* value();
    const std::string& problem() const { return problem_.empty() ? stored_->problem() : problem_; }
    /// A member as JSON; a text as it is; null where it is not there.
    void tell(std::initializer_list<std::string_view> path, Cell& cell);

 private:
    const Source* source_;
    const Stored* stored_;
    bool is_decoded_ = false;
    kube::Document document_;
    std::optional<kube::Value> value_;
    std::string problem_;
};

}  // namespace salvor::query
