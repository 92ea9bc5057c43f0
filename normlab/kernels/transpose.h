#pragma once

#include "normlab/base/matrix.h"

namespace normlab::kernels {

/// y[c][r] = x[r][c], where y is x.channels x x.rows; they must not overlap. Stateless and
/// thread-safe.
void transpose(Matrix y, ConstMatrix x);

}  // namespace normlab::kernels
