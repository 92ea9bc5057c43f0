#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "normlab/base/interval.h"

namespace normlab {

/// Mean of several numbers and its 95 % interval (absent for fewer than two).
struct Estimate {
  double mean = 0;
  std::optional<Interval> ci95;
};

/// The laboratory's mean and interval (lab/statistics_interval.h) of values that can be what
/// `domain` says. Requires: not empty.
Estimate estimate(std::span<const double> values, const Domain& domain);

/// The mean curve over several series in one bin of steps.
struct SeriesBin {
  std::size_t first = 0;  ///< place in the series
  std::size_t last = 0;   ///< one past the last
  Estimate value;         ///< over the series: of each one its mean in the bin

  double middle() const { return static_cast<double>(first + last - 1) / 2; }
};

/// The ends of at most `bins` bins of `count` numbers, the first 0, the last `count`. Half of them
/// are equally long and half grow with their place, so that the beginning of a curve is not lost on
/// a logarithmic axis. Requires: bins >= 2.
std::vector<std::size_t> bin_ends(std::size_t count, std::size_t bins);

/// The mean curve, from all numbers of all series, each of which can be what `domain` says. Series
/// must be equally long; a number that is not finite makes its bin absent, as a mean over the other
/// series would be one of fewer.
std::vector<SeriesBin> bin_series(std::span<const std::span<const float>> series, std::size_t bins,
                                  const Domain& domain);

}  // namespace normlab
