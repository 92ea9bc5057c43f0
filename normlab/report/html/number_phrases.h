#pragma once

#include <optional>
#include <string>

#include "normlab/base/interval.h"
#include "normlab/lab/comparison.h"

/// Numbers as they stand in sentences, with the digits that their uncertainty justifies.
namespace normlab {

/// "0.31 [0.18, 0.44]" of value * scale, or the value alone with `plain_decimals`.
std::string with_interval(double value, const std::optional<Interval>& ci95, double scale,
                          int plain_decimals);

/// How a metric is written in sentences.
struct MetricPhrase {
  std::string noun;             ///< "validation accuracy"
  double scale = 1;             ///< from the metric's unit to the sentence's
  std::string unit;             ///< after a value, " %"; may be empty
  std::string difference_unit;  ///< after a difference, " points"
  int plain_decimals = 2;
};
MetricPhrase phrase(Metric metric);

/// "97.42 % [97.30, 97.55]", the mean of the summary; an n dash when there is none.
std::string mean_text(const MetricSummary& summary, Metric metric);

/// The text with its first letter, if it is one of ASCII, in upper case, as a sentence starts; not
/// when it starts with a setting, "norm=none".
std::string capitalized(std::string text);

/// "5 seeds", "1 seed".
std::string counted(std::size_t count, const std::string& noun);

}  // namespace normlab
