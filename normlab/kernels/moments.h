#pragma once

#include <cstdint>
#include <span>

#include "normlab/base/matrix.h"

namespace normlab::kernels {

/// mean[c] and m2[c] (sum of squared deviations) over the rows of x. Two passes over blocks of at
/// most 128 rows while they are in cache, blocks merged in order in double (normlab::merge): exact
/// at any offset. Both arrays are as long as `x.channels`. Stateless and thread-safe.
void moments(std::span<double> mean, std::span<double> m2, ConstMatrix x);

/// Moments that another kernel makes on its way: mean and sum of squared deviations per channel.
/// They are those of `rows_before` rows, into which those at hand are merged; with none before they
/// are overwritten.
struct PartialMoments {
  double* mean = nullptr;
  double* m2 = nullptr;
  std::int64_t rows_before = 0;
};

}  // namespace normlab::kernels
