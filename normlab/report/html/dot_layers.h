#pragma once

#include <string>
#include <vector>

#include "normlab/report/html/json_value.h"

namespace normlab {

/// What a chart of single values and their means draws: fields of two data sets. Each has the
/// fields `arm` (its colour) and `value`, the dots `seed`, the means `low`, `high` and `n`.
struct DotFields {
  std::string dots;   ///< data set of single values
  std::string means;  ///< data set of means
  std::string y;      ///< field of the names on the y axis, a line of marks for each
  std::vector<std::string> order;
  std::string value;
  std::string low;
  std::string high;
  std::string title;
  std::string format;       ///< of the axis; empty: the page's
  std::string hint_format;  ///< under the pointer
  std::string counted;      ///< what `n` counts: "pairs"
  std::string keep;         ///< an expression for rows that are drawn; empty: all
};

/// Single values as dots, their mean as a diamond, its interval as a bar.
std::vector<Json> dot_layers(const DotFields& fields, const Json& colour);

/// The height of a chart with so many lines of marks.
int height_of_lines(std::size_t lines);

}  // namespace normlab
