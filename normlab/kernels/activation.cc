#include "normlab/kernels/activation.h"

#include <algorithm>
#include <array>

#include "normlab/kernels/row_fold.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "normlab/kernels/activation.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "normlab/kernels/activation-inl.h"
#include "normlab/kernels/strip-inl.h"

HWY_BEFORE_NAMESPACE();
namespace normlab::kernels::HWY_NAMESPACE {
namespace {

void forward(Matrix y, ConstMatrix x, Activation activation) {
  with_activation(activation, [&](const auto op) HWY_ATTR {
    for (std::int64_t r = 0; r < x.rows; ++r) {
      for_each_strip(x.channels, [&](const auto strip, std::int64_t first, std::int64_t) HWY_ATTR {
        auto values = load(strip, x.row(r) + first);
        for (int i = 0; i < strip.kVectors; ++i) {
          strip.store(op.forward(strip.d, values.v[i]), y.row(r) + first, i);
        }
      });
    }
  });
}

void add_forward(Matrix y, ConstMatrix x, ConstMatrix addend, Activation activation) {
  with_activation(activation, [&](const auto op) HWY_ATTR {
    for (std::int64_t r = 0; r < x.rows; ++r) {
      for_each_strip(x.channels, [&](const auto strip, std::int64_t first, std::int64_t) HWY_ATTR {
        const auto values = load(strip, x.row(r) + first);
        const auto more = load(strip, addend.row(r) + first);
        for (int i = 0; i < strip.kVectors; ++i) {
          strip.store(op.forward(strip.d, hn::Add(values.v[i], more.v[i])), y.row(r) + first, i);
        }
      });
    }
  });
}

void backward(Matrix dx, ConstMatrix dy, ConstMatrix saved, Activation activation) {
  with_activation(activation, [&](const auto op) HWY_ATTR {
    for (std::int64_t r = 0; r < dy.rows; ++r) {
      for_each_strip(dy.channels, [&](const auto strip, std::int64_t first, std::int64_t) HWY_ATTR {
        const auto gradient = load(strip, dy.row(r) + first);
        const auto known = load(strip, saved.row(r) + first);
        for (int i = 0; i < strip.kVectors; ++i) {
          strip.store(op.backward(strip.d, gradient.v[i], known.v[i]), dx.row(r) + first, i);
        }
      });
    }
  });
}

void bias_forward(Matrix y, ConstMatrix x, const float* bias, Activation activation) {
  with_activation(activation, [&](const auto op) HWY_ATTR {
    for_each_row_block(x.rows, [&](std::int64_t start, std::int64_t count) HWY_ATTR {
      for_each_strip(x.channels, [&](const auto strip, std::int64_t first, std::int64_t) HWY_ATTR {
        const auto shift = load(strip, bias + first);
        for (std::int64_t r = start; r < start + count; ++r) {
          const auto values = load(strip, x.row(r) + first);
          for (int i = 0; i < strip.kVectors; ++i) {
            strip.store(op.forward(strip.d, hn::Add(values.v[i], shift.v[i])), y.row(r) + first, i);
          }
        }
      });
    });
  });
}

void add_column_sums(double* sums, ConstMatrix x) {
  for_each_row_block(x.rows, [&](std::int64_t start, std::int64_t rows) HWY_ATTR {
    for_each_strip(x.channels,
                   [&](const auto strip, std::int64_t first, std::int64_t count) HWY_ATTR {
                     auto total = zeros(strip);
                     for (std::int64_t r = start; r < start + rows; ++r) {
                       const auto values = load(strip, x.row(r) + first);
                       for (int i = 0; i < strip.kVectors; ++i)
                         total.v[i] = hn::Add(total.v[i], values.v[i]);
                     }
                     const StripArray block(total);
                     for (std::int64_t c = 0; c < count; ++c)
                       sums[first + c] += static_cast<double>(block.values[c]);
                   });
  });
}

}  // namespace
}  // namespace normlab::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace normlab::kernels {
namespace {

HWY_EXPORT(forward);
HWY_EXPORT(add_forward);
HWY_EXPORT(backward);
HWY_EXPORT(bias_forward);
HWY_EXPORT(add_column_sums);

/// A matrix without gaps is one long row where no channel differs from another.
template <class T>
BasicMatrix<T> as_row(const BasicMatrix<T>& matrix) {
  const std::int64_t size = matrix.rows * matrix.channels;
  return {matrix.data, 1, size, size};
}

}  // namespace

void activation_forward(Matrix y, ConstMatrix x, Activation activation) {
  const bool gapless = x.stride == x.channels && y.stride == y.channels;
  if (gapless) return HWY_DYNAMIC_DISPATCH(forward)(as_row(y), as_row(x), activation);
  HWY_DYNAMIC_DISPATCH(forward)(y, x, activation);
}

void add_activation_forward(Matrix y, ConstMatrix x, ConstMatrix addend, Activation activation) {
  const bool gapless =
      x.stride == x.channels && y.stride == y.channels && addend.stride == addend.channels;
  if (gapless) {
    return HWY_DYNAMIC_DISPATCH(add_forward)(as_row(y), as_row(x), as_row(addend), activation);
  }
  HWY_DYNAMIC_DISPATCH(add_forward)(y, x, addend, activation);
}

void activation_backward(Matrix dx, ConstMatrix dy, ConstMatrix saved, Activation activation) {
  const bool gapless =
      dx.stride == dx.channels && dy.stride == dy.channels && saved.stride == saved.channels;
  if (gapless) {
    return HWY_DYNAMIC_DISPATCH(backward)(as_row(dx), as_row(dy), as_row(saved), activation);
  }
  HWY_DYNAMIC_DISPATCH(backward)(dx, dy, saved, activation);
}

void bias_activation_forward(Matrix y, ConstMatrix x, const float* bias, Activation activation) {
  const RowFold fold(x, y);
  if (!fold.folds()) return HWY_DYNAMIC_DISPATCH(bias_forward)(y, x, bias, activation);
  const RowFold::Tile tiled_bias = fold.tile(bias);
  HWY_DYNAMIC_DISPATCH(bias_forward)(fold.head(y), fold.head(x), tiled_bias.data(), activation);
  HWY_DYNAMIC_DISPATCH(bias_forward)(fold.tail(y), fold.tail(x), bias, activation);
}

void column_sums(std::span<double> sums, ConstMatrix x) {
  std::fill(sums.begin(), sums.end(), 0.0);
  const RowFold fold(x);
  if (!fold.folds()) return HWY_DYNAMIC_DISPATCH(add_column_sums)(sums.data(), x);
  std::array<double, RowFold::kMaxChannels> folded{};
  HWY_DYNAMIC_DISPATCH(add_column_sums)(folded.data(), fold.head(x));
  fold.add_copies(sums, folded);
  HWY_DYNAMIC_DISPATCH(add_column_sums)(sums.data(), fold.tail(x));
}

}  // namespace normlab::kernels
#endif  // HWY_ONCE
