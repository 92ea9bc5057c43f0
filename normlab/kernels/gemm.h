#pragma once

#include "normlab/base/matrix.h"

namespace normlab::kernels {

enum class Transpose { no, yes };

/// c = op(a) * op(b) + (accumulate ? c : 0), row-major, single-threaded, by oneDNN. `a` and `b` are
/// given as stored; op(a) must be c.rows x k and op(b) k x c.channels. Thread-safe; the same
/// arguments give the same bits every time.
void gemm(Matrix c, ConstMatrix a, Transpose transpose_a, ConstMatrix b, Transpose transpose_b,
          bool accumulate = false);

}  // namespace normlab::kernels
