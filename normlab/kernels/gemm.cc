#include "normlab/kernels/gemm.h"

#include <algorithm>
#include <compare>
#include <cstddef>
#include <map>

#include <oneapi/dnnl/dnnl.hpp>

#include "normlab/base/aligned_buffer.h"
#include "normlab/base/error.h"
#include "normlab/kernels/onednn.h"
#include "normlab/kernels/transpose.h"

namespace normlab::kernels {
namespace {

using dnnl::memory;

/// What a primitive is made for: c.rows x depth x c.channels, and where rows begin.
struct ProductShape {
  std::int64_t rows = 0;
  std::int64_t depth = 0;
  std::int64_t channels = 0;
  std::int64_t stride_c = 0;
  std::int64_t stride_a = 0;
  std::int64_t stride_b = 0;
  Transpose transpose_a = Transpose::no;
  Transpose transpose_b = Transpose::no;

  auto operator<=>(const ProductShape&) const = default;
};

memory::desc describe(memory::data_type type, std::int64_t rows, std::int64_t channels,
                      std::int64_t stride, Transpose transpose) {
  const bool turned = transpose == Transpose::yes;
  const memory::dims strides{turned ? 1 : stride, turned ? stride : 1};
  return {memory::dims{rows, channels}, type, strides};
}

/// The products of one thread: each has its own, since a primitive's arguments are set for a call.
class Bf16Products {
 public:
  void run(const ProductShape& shape, float* c, const Bf16* a, const Bf16* b) {
    auto found = calls_.find(shape);
    if (found == calls_.end()) found = calls_.emplace(shape, prepare(shape)).first;
    found->second.run(stream_, {a, b, c, scratch_.data()});
  }

 private:
  onednn::Call prepare(const ProductShape& s) {
    const onednn::SingleThreaded single_threaded;
    constexpr auto kBf16 = memory::data_type::bf16;
    const auto product = onednn::matmul_primitive(
        describe(kBf16, s.rows, s.depth, s.stride_a, s.transpose_a),
        describe(kBf16, s.depth, s.channels, s.stride_b, s.transpose_b),
        describe(memory::data_type::f32, s.rows, s.channels, s.stride_c, Transpose::no));
    const std::size_t needed = product.scratchpad_desc().get_size();
    if (needed > scratch_.size()) scratch_ = AlignedBuffer<std::byte>(needed);
    return {dnnl::matmul(product),
            {{{DNNL_ARG_SRC, product.src_desc()},
              {DNNL_ARG_WEIGHTS, product.weights_desc()},
              {DNNL_ARG_DST, product.dst_desc()},
              {DNNL_ARG_SCRATCHPAD, product.scratchpad_desc()}}}};
  }

  dnnl::stream stream_{onednn::engine()};
  AlignedBuffer<std::byte> scratch_;
  std::map<ProductShape, onednn::Call> calls_;
};

void sgemm(Matrix c, ConstMatrix a, Transpose transpose_a, ConstMatrix b, Transpose transpose_b) {
  const onednn::SingleThreaded single_threaded;
  const auto letter = [](Transpose transpose) { return transpose == Transpose::yes ? 'T' : 'N'; };
  const std::int64_t depth = transpose_a == Transpose::yes ? a.rows : a.channels;
  const dnnl_status_t status =
      dnnl_sgemm(letter(transpose_a), letter(transpose_b), c.rows, c.channels, depth, 1.0f, a.data,
                 a.stride, b.data, b.stride, 0.0f, c.data, c.stride);
  if (status != dnnl_success) {
    fail<Error>("gemm {}x{}x{}: oneDNN returned status {}", c.rows, c.channels, depth,
                static_cast<int>(status));
  }
}

/// With few rows, oneDNN takes about as long to turn a transposed b round as to multiply by it. The
/// transposed product reads b as it lies, and only its result, which is smaller, has to be turned.
/// Outside these bounds that gains nothing: bench/notes.md has the measurements.
bool is_faster_turned(Matrix c, Transpose transpose_a, ConstMatrix b, Transpose transpose_b) {
  constexpr std::int64_t kFewRows = 16;
  constexpr std::int64_t kManyRows = 48;
  constexpr std::int64_t kWide = 128;
  return transpose_a == Transpose::no && transpose_b == Transpose::yes && kFewRows <= c.rows &&
         c.rows <= kManyRows && std::min(b.rows, b.channels) >= kWide;
}

/// c = a b' as the transpose of b a', some channels at a time, which stay in a cache.
void turned_sgemm(Matrix c, ConstMatrix a, ConstMatrix b) {
  constexpr std::int64_t kFloats = 24 * 1024;
  thread_local const AlignedBuffer<float> scratch(kFloats);
  const std::int64_t block = kFloats / c.rows;
  for (std::int64_t first = 0; first < c.channels; first += block) {
    const std::int64_t count = std::min(block, c.channels - first);
    const Matrix turned{scratch.data(), count, c.rows, c.rows};
    sgemm(turned, b.row_range(first, count), Transpose::no, a, Transpose::yes);
    transpose(c.channel_range(first, count), turned);
  }
}

}  // namespace

void gemm(Matrix c, ConstMatrix a, Transpose transpose_a, ConstMatrix b, Transpose transpose_b) {
  if (is_faster_turned(c, transpose_a, b, transpose_b)) {
    turned_sgemm(c, a, b);
  } else {
    sgemm(c, a, transpose_a, b, transpose_b);
  }
}

void gemm(Matrix c, ConstBf16Matrix a, Transpose transpose_a, ConstBf16Matrix b,
          Transpose transpose_b) {
  thread_local Bf16Products products;
  const std::int64_t depth = transpose_a == Transpose::yes ? a.rows : a.channels;
  const ProductShape shape{c.rows,   depth,    c.channels,  c.stride,
                           a.stride, b.stride, transpose_a, transpose_b};
  try {
    products.run(shape, c.data, a.data, b.data);
  } catch (const dnnl::error& error) {
    fail<Error>("bf16 product {}x{}x{}: oneDNN has none for this processor ({})", c.rows,
                c.channels, depth, error.what());
  }
}

}  // namespace normlab::kernels
