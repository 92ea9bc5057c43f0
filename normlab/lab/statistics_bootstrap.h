#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "normlab/lab/interval.h"

/// Bootstrap intervals of a mean. Pure functions: the resamples are drawn with Philox from a fixed
/// key, so the same values in the same order give the same bits.
namespace normlab {

/// Resamples of an interval that is shown to someone.
inline constexpr std::size_t kResamples = 9999;

/// Bias-corrected and accelerated percentile interval of the mean, nominally 95 % (Efron 1987,
/// "Better bootstrap confidence intervals", with the jackknife acceleration; resampled means equal
/// to the mean count half in the bias). Absent for fewer than two values; [x, x] when all equal x
/// but for rounding.
std::optional<Interval> bca_interval(std::span<const double> values,
                                     std::size_t resamples = kResamples);

/// The laboratory's 95 % interval of a mean: an interval of the BCa family that also covers when
/// values are few.
///
/// Below `kStudentizedFrom` values: BCa, its two halves lengthened by sqrt(n / (n - 1)) * t / z,
/// which is the correction for the resampling's lost degree of freedom and for Student's quantile
/// that Hesterberg (2015, "What teachers should know about the bootstrap") makes to the
/// percentiles. Here it is made to the lengths, because few values have no percentiles that far
/// out. From `kStudentizedFrom` values on: the studentized bootstrap (Hall 1988), lengthened by
/// sqrt(n / (n - 1)), a calibration found by simulation. Where most values are equal, so that its
/// quantiles are infinite, the lengthened BCa stands in.
///
/// Simulated coverage of a nominal 95 % (20,000 samples each, standard error 0.2 points):
///
///     distribution           n = 10: BCa  lengthened BCa  this   n = 20: this   n = 30: this
///     normal                        89.9            94.7  95.9           95.4           95.2
///     exponential                   87.9            92.4  94.9           95.0           95.0
///     gamma, shape 2                88.8            93.5  95.3           95.4           95.1
///     log-normal, sigma 0.5         88.2            93.1  94.9           94.4           94.4
///     log-normal, sigma 0.75        85.8            90.9  93.6           93.7           93.8
///     uniform                       92.9            96.2  97.6           97.1           96.4
///
/// With five values it covers 94 % of normal and 90 % of exponential samples: no method found
/// covers skewed data that small at a usable length.
///
/// Absent for fewer than two values; [x, x] when all equal x but for rounding.
std::optional<Interval> mean_interval(std::span<const double> values,
                                      std::size_t resamples = kResamples);

inline constexpr std::size_t kStudentizedFrom = 10;

}  // namespace normlab
