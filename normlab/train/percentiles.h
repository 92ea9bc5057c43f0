#pragma once

#include <span>
#include <vector>

namespace normlab {

/// The {5, 15, 50, 85, 95} percentiles of `values`, which are put in another order: of n values in
/// ascending order the one at p (n - 1), rounded, counted from 0. All NaN when one value is NaN;
/// infinities are numbers. There must be a value.
std::vector<float> percentiles(std::span<float> values);

/// Of more values than this a sample is taken: the error is then about a hundredth in rank.
inline constexpr std::size_t kPercentileSample = 2048;

/// The same of `values`, which stay as they are; of many, a sample of kPercentileSample at fixed
/// places: multiples of the golden ratio, which spread evenly over rows and channels whatever their
/// numbers.
std::vector<float> sampled_percentiles(std::span<const float> values);

}  // namespace normlab
