#include "normlab/kernels/pooling.h"

#include <algorithm>

#include "normlab/base/matrix.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "normlab/kernels/pooling.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "normlab/kernels/byte_strip-inl.h"

HWY_BEFORE_NAMESPACE();
namespace normlab::kernels::HWY_NAMESPACE {
namespace {

/// How far a window's inputs are behind its first one, by their position.
struct WindowOffsets {
  explicit WindowOffsets(const PoolShape& s) : count(static_cast<int>(s.window * s.window)) {
    for (int p = 0; p < count; ++p) {
      offsets[p] = (p / s.window * s.width + p % s.window) * s.channels;
    }
  }
  std::int64_t operator[](int position) const { return offsets[position]; }

  int count;
  std::int64_t offsets[PoolShape::kMaxWindow * PoolShape::kMaxWindow];
};

/// Where a strip of a window is in the arrays: its first input, its output, and how many channels.
struct Place {
  std::int64_t input;
  std::int64_t output;
  std::int64_t channels;
};

/// Calls `work(strip, place)` for the strips of every window.
template <class Work>
HWY_INLINE void for_each_window(std::int64_t examples, const PoolShape& s, const Work& work) {
  std::int64_t output = 0;
  for (std::int64_t n = 0; n < examples; ++n) {
    for (std::int64_t oh = 0; oh < s.output_height(); ++oh) {
      const std::int64_t row = (n * s.height + oh * s.stride) * s.width;
      for (std::int64_t ow = 0; ow < s.output_width(); ++ow, output += s.channels) {
        const std::int64_t input = (row + ow * s.stride) * s.channels;
        for_each_strip(s.channels,
                       [&](const auto strip, std::int64_t first, std::int64_t count) HWY_ATTR {
                         work(strip, Place{input + first, output + first, count});
                       });
      }
    }
  }
}

template <class Strip>
HWY_INLINE void max_of_window(const Strip& strip, float* y, std::uint8_t* argmax, const float* x,
                              std::int64_t channels, const WindowOffsets& offsets) {
  const hn::RebindToSigned<decltype(strip.d)> integers;
  for (int i = 0; i < strip.kVectors; ++i) {
    auto best = strip.load(x, i);
    auto where = hn::Zero(integers);
    for (int position = 1; position < offsets.count; ++position) {
      const auto value = strip.load(x + offsets[position], i);
      // Not kept: numbers below the value, and before a NaN.
      const auto keep = hn::Or(hn::Ge(best, value), hn::IsNaN(best));
      best = hn::IfThenElse(keep, best, value);
      where = hn::IfThenElse(hn::RebindMask(integers, keep), where, hn::Set(integers, position));
    }
    strip.store(best, y, i);
    store_bytes(strip, where, argmax, i, channels);
  }
}

void max_forward(float* y, std::uint8_t* argmax, const float* x, std::int64_t examples,
                 const PoolShape& shape) {
  const WindowOffsets offsets(shape);
  for_each_window(examples, shape, [&](const auto strip, Place at) HWY_ATTR {
    max_of_window(strip, y + at.output, argmax + at.output, x + at.input, at.channels, offsets);
  });
}

/// Where an input belongs to one window at most, its gradient is written; else it is added up, and
/// dx must be zero before.
template <bool kOverlap, class Strip>
HWY_INLINE void give(const Strip& strip, typename Strip::Vector gradient, float* dx, int i) {
  if constexpr (kOverlap) gradient = hn::Add(gradient, strip.load(dx, i));
  strip.store(gradient, dx, i);
}

template <bool kOverlap, class Strip>
HWY_INLINE void give_to_max(const Strip& strip, float* dx, const float* dy,
                            const std::uint8_t* argmax, std::int64_t channels,
                            const WindowOffsets& offsets) {
  const auto d = strip.d;
  const hn::RebindToSigned<decltype(d)> integers;
  for (int i = 0; i < strip.kVectors; ++i) {
    const auto gradient = strip.load(dy, i);
    const auto where = load_bytes(strip, argmax, i, channels);
    for (int position = 0; position < offsets.count; ++position) {
      const auto here = hn::RebindMask(d, hn::Eq(where, hn::Set(integers, position)));
      give<kOverlap>(strip, hn::IfThenElseZero(here, gradient), dx + offsets[position], i);
    }
  }
}

template <bool kOverlap>
HWY_INLINE void max_backward_as(float* dx, const float* dy, const std::uint8_t* argmax,
                                std::int64_t examples, const PoolShape& shape) {
  const WindowOffsets offsets(shape);
  for_each_window(examples, shape, [&](const auto strip, Place at) HWY_ATTR {
    give_to_max<kOverlap>(strip, dx + at.input, dy + at.output, argmax + at.output, at.channels,
                          offsets);
  });
}

void max_backward(float* dx, const float* dy, const std::uint8_t* argmax, std::int64_t examples,
                  const PoolShape& shape) {
  if (shape.stride < shape.window) return max_backward_as<true>(dx, dy, argmax, examples, shape);
  max_backward_as<false>(dx, dy, argmax, examples, shape);
}

void average_forward(float* y, const float* x, std::int64_t examples, const PoolShape& shape) {
  const WindowOffsets offsets(shape);
  const float share = 1 / static_cast<float>(offsets.count);
  for_each_window(examples, shape, [&](const auto strip, Place at) HWY_ATTR {
    for (int i = 0; i < strip.kVectors; ++i) {
      auto sum = strip.load(x + at.input, i);
      for (int position = 1; position < offsets.count; ++position) {
        sum = hn::Add(sum, strip.load(x + at.input + offsets[position], i));
      }
      strip.store(hn::Mul(sum, hn::Set(strip.d, share)), y + at.output, i);
    }
  });
}

template <bool kOverlap>
HWY_INLINE void average_backward_as(float* dx, const float* dy, std::int64_t examples,
                                    const PoolShape& shape) {
  const WindowOffsets offsets(shape);
  const float share = 1 / static_cast<float>(offsets.count);
  for_each_window(examples, shape, [&](const auto strip, Place at) HWY_ATTR {
    for (int i = 0; i < strip.kVectors; ++i) {
      const auto gradient = hn::Mul(strip.load(dy + at.output, i), hn::Set(strip.d, share));
      for (int position = 0; position < offsets.count; ++position) {
        give<kOverlap>(strip, gradient, dx + at.input + offsets[position], i);
      }
    }
  });
}

void average_backward(float* dx, const float* dy, std::int64_t examples, const PoolShape& shape) {
  if (shape.stride < shape.window) return average_backward_as<true>(dx, dy, examples, shape);
  average_backward_as<false>(dx, dy, examples, shape);
}

/// Rows added up in blocks, and the blocks: what rounding loses grows with a block's rows, not all.
void mean_of_rows(float* y, ConstMatrix x) {
  for_each_strip(x.channels, [&](const auto strip, std::int64_t first, std::int64_t) HWY_ATTR {
    auto total = zeros(strip);
    for_each_row_block(x.rows, [&](std::int64_t start, std::int64_t rows) HWY_ATTR {
      auto sum = zeros(strip);
      for (std::int64_t r = start; r < start + rows; ++r) {
        for (int i = 0; i < strip.kVectors; ++i) {
          sum.v[i] = hn::Add(sum.v[i], strip.load(x.row(r) + first, i));
        }
      }
      for (int i = 0; i < strip.kVectors; ++i) total.v[i] = hn::Add(total.v[i], sum.v[i]);
    });
    const auto share = hn::Set(strip.d, 1 / static_cast<float>(x.rows));
    for (int i = 0; i < strip.kVectors; ++i) {
      strip.store(hn::Mul(total.v[i], share), y + first, i);
    }
  });
}

void share_among_rows(Matrix dx, const float* dy) {
  const float share = 1 / static_cast<float>(dx.rows);
  // In blocks that stay in the first cache until all their channels are written.
  for_each_row_block(dx.rows, [&](std::int64_t start, std::int64_t rows) HWY_ATTR {
    for_each_strip(dx.channels, [&](const auto strip, std::int64_t first, std::int64_t) HWY_ATTR {
      for (int i = 0; i < strip.kVectors; ++i) {
        const auto gradient = hn::Mul(strip.load(dy + first, i), hn::Set(strip.d, share));
        for (std::int64_t r = start; r < start + rows; ++r) {
          strip.store(gradient, dx.row(r) + first, i);
        }
      }
    });
  });
}

}  // namespace
}  // namespace normlab::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace normlab::kernels {
namespace {

HWY_EXPORT(max_forward);
HWY_EXPORT(max_backward);
HWY_EXPORT(average_forward);
HWY_EXPORT(average_backward);
HWY_EXPORT(mean_of_rows);
HWY_EXPORT(share_among_rows);

/// Unless every input is in exactly one window, and so will be written.
void clear_unless_tiled(float* dx, std::int64_t examples, const PoolShape& s) {
  const bool tiled = s.stride == s.window && s.height % s.window == 0 && s.width % s.window == 0;
  if (!tiled) std::fill_n(dx, examples * s.input_size(), 0.0f);
}

}  // namespace

void maxpool_forward(float* y, std::uint8_t* argmax, const float* x, std::int64_t examples,
                     const PoolShape& shape) {
  HWY_DYNAMIC_DISPATCH(max_forward)(y, argmax, x, examples, shape);
}

void maxpool_backward(float* dx, const float* dy, const std::uint8_t* argmax, std::int64_t examples,
                      const PoolShape& shape) {
  clear_unless_tiled(dx, examples, shape);
  HWY_DYNAMIC_DISPATCH(max_backward)(dx, dy, argmax, examples, shape);
}

void avgpool_forward(float* y, const float* x, std::int64_t examples, const PoolShape& shape) {
  HWY_DYNAMIC_DISPATCH(average_forward)(y, x, examples, shape);
}

void avgpool_backward(float* dx, const float* dy, std::int64_t examples, const PoolShape& shape) {
  clear_unless_tiled(dx, examples, shape);
  HWY_DYNAMIC_DISPATCH(average_backward)(dx, dy, examples, shape);
}

void global_avgpool_forward(float* y, const float* x, std::int64_t examples, std::int64_t positions,
                            std::int64_t channels) {
  for (std::int64_t n = 0; n < examples; ++n) {
    const ConstMatrix image{x + n * positions * channels, positions, channels, channels};
    HWY_DYNAMIC_DISPATCH(mean_of_rows)(y + n * channels, image);
  }
}

void global_avgpool_backward(float* dx, const float* dy, std::int64_t examples,
                             std::int64_t positions, std::int64_t channels) {
  for (std::int64_t n = 0; n < examples; ++n) {
    const Matrix image{dx + n * positions * channels, positions, channels, channels};
    HWY_DYNAMIC_DISPATCH(share_among_rows)(image, dy + n * channels);
  }
}

}  // namespace normlab::kernels
#endif  // HWY_ONCE
