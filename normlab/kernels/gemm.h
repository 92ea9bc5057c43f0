#pragma once

#include "normlab/base/matrix.h"
#include "normlab/kernels/bf16.h"

namespace normlab::kernels {

enum class Transpose { no, yes };

/// c = op(a) * op(b), row-major, single-threaded, by oneDNN. `a` and `b` are given as stored; op(a)
/// must be c.rows x k and op(b) k x c.channels. Thread-safe; the same arguments give the same bits
/// every time.
void gemm(Matrix c, ConstMatrix a, Transpose transpose_a, ConstMatrix b, Transpose transpose_b);

/// c = op(a) * op(b), multiplied and added up in float. Otherwise as above, but that the first
/// product of its shape on a thread prepares oneDNN for it. Throws Error where oneDNN has no such
/// product: on x86 below AVX-512. AVX-512 without AVX512-BF16 does it, slowly.
void gemm(Matrix c, ConstBf16Matrix a, Transpose transpose_a, ConstBf16Matrix b,
          Transpose transpose_b);

}  // namespace normlab::kernels
