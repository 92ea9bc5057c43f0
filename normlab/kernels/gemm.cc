#include "normlab/kernels/gemm.h"

#include <oneapi/dnnl/dnnl.h>

#include "normlab/base/error.h"
#include "normlab/kernels/onednn.h"

namespace normlab::kernels {

void gemm(Matrix c, ConstMatrix a, Transpose transpose_a, ConstMatrix b, Transpose transpose_b,
          bool accumulate) {
  const onednn::SingleThreaded single_threaded;
  const auto letter = [](Transpose transpose) { return transpose == Transpose::yes ? 'T' : 'N'; };
  const std::int64_t depth = transpose_a == Transpose::yes ? a.rows : a.channels;
  const dnnl_status_t status =
      dnnl_sgemm(letter(transpose_a), letter(transpose_b), c.rows, c.channels, depth, 1.0f, a.data,
                 a.stride, b.data, b.stride, accumulate ? 1.0f : 0.0f, c.data, c.stride);
  if (status != dnnl_success) {
    fail<Error>("gemm {}x{}x{}: oneDNN returned status {}", c.rows, c.channels, depth,
                static_cast<int>(status));
  }
}

}  // namespace normlab::kernels
