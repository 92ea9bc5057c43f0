#pragma once

#include <string>
#include <vector>

#include "normlab/report/html/json_value.h"

/// Pieces of Vega-Lite v5 specifications that all charts of a report share.
namespace normlab {

/// A specification as wide as its place in the page; `layers` on top of each other.
Json layered(std::vector<Json> layers, int height = 280);

/// One layer: rows of a named data set as marks.
Json layer(const std::string& dataset, Json mark, Json encoding);

/// A measured quantity on an axis. Zero is not on the axis by force.
Json quantity(const std::string& field, const std::string& title, const std::string& format = "");

/// A second end, of a band or a rule.
Json end_at(const std::string& field);

/// Words, in the order given.
Json words(const std::string& field, const std::string& title,
           const std::vector<std::string>& order);

/// Colour by arm: the same for an arm in every chart. The page chooses the colours.
Json arm_colour(const std::vector<std::string>& labels);

/// A field of the text shown under the pointer.
Json hint(const std::string& field, const std::string& title, const std::string& format = "");

/// The transform that keeps rows of which the Vega expression is true.
Json keep_where(const std::string& expression);

/// `inner` (layered()) once for each value of a field, from one data set: `columns` side by side,
/// or, with 0, as the rows and columns of `facet` say.
Json small_pictures(const std::string& dataset, Json inner, const Json& facet, int columns);

/// The x axes that rows of curve_rows.h offer, `first` first, and logarithmic axes.
Json curve_controls(const std::string& first);
std::string x_title(const std::string& field);

inline constexpr const char* kPercent = ".1%";

}  // namespace normlab
