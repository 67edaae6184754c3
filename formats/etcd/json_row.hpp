#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"
#include "formats/etcd/member.hpp"

namespace salvor::etcd {

/// The fields of a row whose value is a JSON object. As in Go, an absent field and a null leave
/// what was there, other fields are passed over. It remembers its first failure: one check at the
/// end will do.
class JsonRow {
 public:
    /// `what` names the row in the Error.
    JsonRow(Bytes json, const char* what) : what_(what) {
        row_ = nlohmann::json::parse(json.begin(), json.end(), nullptr, false);
        if (!row_.is_object()) flaw_ = fmt::format("{} bytes that are no JSON object", json.size());
    }

    void read(const char* field, std::string& value) {
        const auto* found = find(field);
        if (found && need(found->is_string(), field, "a text")) value = found->get<std::string>();
    }
    void read(const char* field, bool& value) {
        const auto* found = find(field);
        if (found && need(found->is_boolean(), field, "true or false")) value = found->get<bool>();
    }
    void read(const char* field, MemberId& value) {
        const auto* found = find(field);
        if (found && need(found->is_number_unsigned(), field, "an id"))
            value = MemberId{found->get<std::uint64_t>()};
    }
    void read(const char* field, std::vector<std::string>& values) {
        for (const auto& value : list(field)) {
            if (need(value.is_string(), field, "a list of texts"))
                values.push_back(value.get<std::string>());
        }
    }
    void read(const char* field, std::vector<MemberId>& values) {
        for (const auto& value : list(field)) {
            if (need(value.is_number_unsigned(), field, "a list of ids"))
                values.push_back(MemberId{value.get<std::uint64_t>()});
        }
    }

    /// The first failure.
    Result<void> done() const {
        if (flaw_.empty()) return {};
        return fail(ErrorCode::malformed, "{}: {}", what_, flaw_);
    }

 private:
    const nlohmann::json* find(const char* field) const {
        if (!flaw_.empty()) return nullptr;
        const auto found = row_.find(field);
        return found == row_.end() || found->is_null() ? nullptr : &*found;
    }
    const nlohmann::json& list(const char* field) {
        static const nlohmann::json none = nlohmann::json::array();
        const auto* found = find(field);
        return found && need(found->is_array(), field, "a list") ? *found : none;
    }
    bool need(bool holds, const char* field, const char* expected) {
        if (!holds && flaw_.empty()) flaw_ = fmt::format("{} is not {}", field, expected);
        return holds;
    }

    const char* what_;
    nlohmann::json row_;
    std::string flaw_;
};

}  // namespace salvor::etcd
