#pragma once

#include <optional>
#include <span>

#include "normlab/base/interval.h"

namespace normlab {

/// The laboratory's 95 % interval of the mean of a population that `values` are drawn from, which
/// can be what `domain` says. docs/statistics.md has the simulation by which it was chosen and what
/// it covers; bench/interval_coverage.cc runs it.
///
/// Each of its ends is the farther of two:
///
/// - Student's t, which is right where values scatter evenly, however few they are. The standard
///   deviation is not taken for less than rounding to `domain.resolution` leaves of any number,
///   resolution / sqrt(12): that a few values are the same says no more than that.
/// - The 2.5 % and 97.5 % quantiles of the weighted mean (statistics_weights.h) of the values and
///   one more that was not seen, which is as likely a little worse than the worst as a little
///   better than the best: beyond that one by as much as it lies beyond its neighbour. These follow
///   a sample that leans to one side, as when some seeds collapse. Where values are only of two
///   kinds, more than one of each, they are the mid-p interval of a share (Lancaster 1961).
///
/// Never leaves `domain.range`. Contains the mean of the values, but for rounding; both of two
/// values; [x, x] when all are x and the resolution is 0. Nothing is drawn at random: the same
/// values, in any order, give the same bits. Absent for fewer than two values. Requires: finite
/// values below 1e150 in size, inside the range.
std::optional<Interval> mean_interval(std::span<const double> values, const Domain& domain);

/// The exact interval, at least 95 %, of the mean of values that can be anything from 0 to 1,
/// resting on no more than that: the weighted mean's quantiles with the unseen value at 0 for the
/// lower end, at 1 for the upper one (Gaffke 2005; Learned-Miller & Thomas 2019). For values of 0
/// and 1 alone it is Clopper & Pearson's (1934). Requires: not empty, values in [0, 1].
Interval share_interval(std::span<const double> values);

}  // namespace normlab
