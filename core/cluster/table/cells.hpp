#pragma once

#include "core/cluster/table/column.hpp"
#include "formats/base/bytes.hpp"

// Cells that many columns share, and what cells are made with.

namespace salvor::table {

// -- cells of one field

std::string text_at(const Subject& subject, std::string_view path);
std::string text_or_none(const Subject& subject, std::string_view path);     ///< empty: <none>
std::string text_or_unknown(const Subject& subject, std::string_view path);  ///< empty: <unknown>
std::string set_or_none(const Subject& subject, std::string_view path);      ///< absent: <none>
std::string set_or_unset(const Subject& subject, std::string_view path);     ///< absent: <unset>
std::string number_at(const Subject& subject, std::string_view path);        ///< else 0
std::string truth_at(const Subject& subject, std::string_view path);         ///< else false
/// Of a list the elements, of an object the members.
std::string count_at(const Subject& subject, std::string_view path);
/// How long before now; <unknown> without a time.
std::string age_at(const Subject& subject, std::string_view path);
/// The time itself.
std::string time_at(const Subject& subject, std::string_view path);
/// A list of texts, with commas between.
std::string list_at(const Subject& subject, std::string_view path);
std::string list_or_none(const Subject& subject, std::string_view path);
std::string labels_at(const Subject& subject, std::string_view path);    ///< a=b,c=d or <none>
std::string selector_at(const Subject& subject, std::string_view path);  ///< of a LabelSelector
/// Of a list of containers their names, or images.
std::string container_names(const Subject& subject, std::string_view path);
std::string container_images(const Subject& subject, std::string_view path);

// -- the object's own

/// The column that `KIND/` is put before where several kinds are shown.
std::string name(const Subject& subject, std::string_view path);
/// The same, with ` (default)` where an annotation of that name says "true".
std::string name_or_default(const Subject& subject, std::string_view path);
constexpr std::string_view created = "metadata.creationTimestamp";

// -- parts

/// Below names with dots between; nullptr where one is absent.
const kube::Value* at(const kube::Value& value, std::string_view path);
/// A text or a number as text; "" where it is absent.
std::string text_of(const kube::Value* value);
std::string_view string_at(const kube::Value& value, std::string_view path);
std::int64_t integer_at(const kube::Value& value, std::string_view path, std::int64_t other = 0);
bool is_true(const kube::Value& value, std::string_view path);
/// Whether something other than null stands there.
bool has(const kube::Value& value, std::string_view path);
/// The elements of a list; none where it is absent.
std::span<const kube::Value> items_at(const kube::Value& value, std::string_view path);

/// nullptr where no condition is of the type.
const kube::Value* condition_of(const kube::Value& object, std::string_view type,
                                std::string_view path = "status.conditions");
/// Whether the first condition of the type has status True.
bool is_condition_true(const kube::Value& object, std::string_view type);
bool is_deleting(const kube::Value& object);
const kube::Value* annotation(const kube::Value& object, std::string_view name);

/// A time as the object has it; nullopt where it is absent, null, none or the year 1.
std::optional<kube::Instant> time_of(const kube::Value* value);
/// As kubectl says how much later `to` is: 5m, 3h20m, <invalid> for less than none.
std::string elapsed(kube::Instant from, kube::Instant to);
std::string elapsed(kube::Instant from, const Now& now);
std::string age_of(const Subject& subject, const kube::Value* time);

/// `a=b,c in (d,e),!f` of a LabelSelector; nullopt where an operator is none.
std::optional<std::string> selector_text(const kube::Value* selector);
std::string labels_text(const kube::Value* labels);
std::string join(const std::vector<std::string>& parts, std::string_view between);
/// The first `most` and how many more: `a,b,c + 2 more...`.
std::string first_of_many(const std::vector<std::string>& parts, std::size_t most,
                          std::string_view between = ",");
std::string lower(std::string_view word);

}  // namespace salvor::table
