#pragma once

#include "core/cluster/describe/kind.hpp"
#include "core/cluster/table/cells.hpp"

// What descriptions of several kinds have in common.

namespace salvor::describe {

using kube::Value;
using table::at;
using table::has;
using table::integer_at;
using table::is_true;
using table::items_at;
using table::string_at;
using table::text_of;

/// "Mon, 23 Nov 2026 08:50:09 +0000", the year 1 where there is no time.
std::string date(const Value* time);
std::string date_at(const Value& value, std::string_view path);
/// As table::age_of().
std::string age(const Subject& subject, const Value* time);

std::string or_none(std::string text);                             ///< empty: <none>
std::string or_unset(std::string text);                            ///< empty: <unset>
std::string text_at(const Value& value, std::string_view path);    ///< absent: ""
std::string number_at(const Value& value, std::string_view path);  ///< absent: 0
std::string truth_at(const Value& value, std::string_view path);   ///< true or false
/// True or False; <unset> where it is absent.
std::string optional_truth_at(const Value& value, std::string_view path);
std::vector<std::string> texts_at(const Value& value, std::string_view path);
std::string joined_at(const Value& value, std::string_view path, std::string_view between);
/// As Go prints a list of texts: [a b].
std::string bracketed_at(const Value& value, std::string_view path);
/// Of a LabelSelector; nothing selected: <none>.
std::string selector_at(const Value& value, std::string_view path);
/// As above, but the selector's own words, which are none for everything.
std::string bare_selector_at(const Value& value, std::string_view path);
/// a=b,c=d of a map; <none>.
std::string pairs_at(const Value& value, std::string_view path);
/// Whether a LabelSelector selects an object of such labels: an empty one all, none nothing.
bool selects(const Value* selector, const Value* labels);
/// Members by name.
std::vector<const Value::Member*> sorted(const Value* map);

/// Name, and of what lies in a namespace that.
void name(const Subject& subject, Writer& out);
void name_and_namespace(const Subject& subject, Writer& out);
/// A line a label under each other behind "Labels:".
void labels(Writer& out, std::string_view title, const Value* labels, std::string_view indent = {});
void annotations(Writer& out, std::string_view title, const Value* annotations);
/// Both of the object.
void labels_and_annotations(const Subject& subject, Writer& out);
void created(const Subject& subject, Writer& out);
/// "Controlled By", where it has a controller.
void controller(const Subject& subject, Writer& out);
/// Texts under each other behind a title; none: <none>.
void lines(Writer& out, std::string_view title, const std::vector<std::string>& texts);

/// A column of a table of conditions.
struct ConditionColumn {
    std::string_view header, field;
    bool is_time = false;
    bool has_blank_behind = false;  ///< upstream puts one into some cells
    std::size_t rule = 0;           ///< how long the rule below the header is; 0: as the header
};
/// The table of status.conditions; without any it is left out.
void conditions(const Subject& subject, Writer& out, std::span<const ConditionColumn> columns);

/// Events that are about the object.
void events(const Subject& subject, const Kind& kind, Writer& out);

}  // namespace salvor::describe
