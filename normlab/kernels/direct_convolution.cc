#include "normlab/kernels/direct_convolution.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "normlab/kernels/direct_convolution.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "normlab/kernels/activation-inl.h"

HWY_BEFORE_NAMESPACE();
namespace normlab::kernels::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;
constexpr std::int64_t kLanes = static_cast<std::int64_t>(hn::MaxLanes(D()));

/// Calls `work` with the number of vectors, two or one, for blocks that cover the channels.
template <class Work>
HWY_INLINE void for_each_channel_block(std::int64_t channels, const Work& work) {
  std::int64_t first = 0;
  for (; channels - first >= 2 * kLanes; first += 2 * kLanes) {
    work(std::integral_constant<int, 2>(), first);
  }
  for (; first < channels; first += kLanes) work(std::integral_constant<int, 1>(), first);
}

/// `kPositions` neighbours times `kVectors` channels: as many chains of multiply-adds as their
/// latency asks for.
template <int kPositions, int kVectors, class Op>
HWY_INLINE void forward_block(const Op& op, float* z, std::int64_t channels, const float* x,
                              const DirectConvolution::Input& in, const float* weights,
                              const float* bias) {
  const D d;
  V sum[kPositions][kVectors];
  for (auto& position : sum) {
    for (int v = 0; v < kVectors; ++v) position[v] = hn::LoadU(d, bias + v * kLanes);
  }
  for (std::int64_t t = 0; t < in.taps; ++t) {
    V weight[kVectors];
    for (int v = 0; v < kVectors; ++v) {
      weight[v] = hn::LoadU(d, weights + t * channels + v * kLanes);
    }
    const float* tap = x + in.tap_offsets[t];
    for (int p = 0; p < kPositions; ++p) {
      const V value = hn::Set(d, tap[p * in.position_step]);
      for (int v = 0; v < kVectors; ++v) sum[p][v] = hn::MulAdd(value, weight[v], sum[p][v]);
    }
  }
  for (int p = 0; p < kPositions; ++p) {
    for (int v = 0; v < kVectors; ++v) {
      hn::StoreU(op.forward(d, sum[p][v]), d, z + p * channels + v * kLanes);
    }
  }
}

template <int kVectors, class Op>
HWY_INLINE void forward_row(const Op& op, float* z, std::int64_t channels, const float* x,
                            const DirectConvolution::Input& in, const float* weights,
                            const float* bias) {
  constexpr int kPositions = 4;
  const auto block = [&](auto count, std::int64_t position) HWY_ATTR {
    forward_block<decltype(count)::value, kVectors>(
        op, z + position * channels, channels, x + position * in.position_step, in, weights, bias);
  };
  if (in.positions < kPositions) {
    for (std::int64_t p = 0; p < in.positions; ++p) block(std::integral_constant<int, 1>(), p);
    return;
  }
  // The last block overlaps the one before it: the same values once more cost less than single
  // positions, which have too few chains.
  for (std::int64_t p = 0; p < in.positions; p += kPositions) {
    block(std::integral_constant<int, kPositions>(), std::min(p, in.positions - kPositions));
  }
}

void forward(Matrix z, const DirectConvolution::Input& in, const float* packed, const float* bias,
             Activation activation) {
  with_activation(activation, [&](const auto op) HWY_ATTR {
    for (std::int64_t r = 0; r < in.rows; ++r) {
      for_each_channel_block(z.channels, [&](auto vectors, std::int64_t first) HWY_ATTR {
        forward_row<decltype(vectors)::value>(op, z.row(r * in.positions) + first, z.channels,
                                              in.data + r * in.row_step, in, packed + first,
                                              bias + first);
      });
    }
  });
}

/// gradient[0, kLanes) += sum
HWY_INLINE void add_in_double(double* gradient, V sum) {
  alignas(64) float values[kLanes];
  hn::Store(sum, D(), values);
  for (std::int64_t i = 0; i < kLanes; ++i) gradient[i] += static_cast<double>(values[i]);
}

/// One group of slots: taps, and with `kBias` the gradient's own sum in the last one.
template <int kVectors, bool kBias>
HWY_INLINE void backward_group(double* gradient, std::int64_t channels, const float* dz,
                               const DirectConvolution::Input& in, const std::int64_t* offsets) {
  constexpr int kGroup = DirectConvolution::kSlotGroup;
  constexpr int kTaps = kGroup - (kBias ? 1 : 0);
  const D d;
  V sum[kGroup][kVectors];
  for (auto& slot : sum) {
    for (int v = 0; v < kVectors; ++v) slot[v] = hn::Zero(d);
  }
  for (std::int64_t r = 0; r < in.rows; ++r) {
    const float* x = in.data + r * in.row_step;
    for (std::int64_t p = 0; p < in.positions; ++p, x += in.position_step, dz += channels) {
      V gradient_here[kVectors];
      for (int v = 0; v < kVectors; ++v) gradient_here[v] = hn::LoadU(d, dz + v * kLanes);
      for (int t = 0; t < kTaps; ++t) {
        const V value = hn::Set(d, x[offsets[t]]);
        for (int v = 0; v < kVectors; ++v) {
          sum[t][v] = hn::MulAdd(value, gradient_here[v], sum[t][v]);
        }
      }
      if constexpr (kBias) {
        for (int v = 0; v < kVectors; ++v) {
          sum[kTaps][v] = hn::Add(sum[kTaps][v], gradient_here[v]);
        }
      }
    }
  }
  for (int t = 0; t < kGroup; ++t) {
    for (int v = 0; v < kVectors; ++v) {
      add_in_double(gradient + t * channels + v * kLanes, sum[t][v]);
    }
  }
}

void backward_weights(double* gradient, std::int64_t slots, ConstMatrix dz,
                      const DirectConvolution::Input& in) {
  constexpr int kGroup = DirectConvolution::kSlotGroup;
  for_each_channel_block(dz.channels, [&](auto vectors, std::int64_t first) HWY_ATTR {
    constexpr int kVectors = decltype(vectors)::value;
    for (std::int64_t slot = 0; slot < slots; slot += kGroup) {
      double* group = gradient + slot * dz.channels + first;
      const std::int64_t* offsets = in.tap_offsets + slot;
      if (slot + kGroup < slots) {
        backward_group<kVectors, false>(group, dz.channels, dz.data + first, in, offsets);
      } else {
        backward_group<kVectors, true>(group, dz.channels, dz.data + first, in, offsets);
      }
    }
  });
}

}  // namespace
}  // namespace normlab::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace normlab::kernels {
namespace {

HWY_EXPORT(forward);
HWY_EXPORT(backward_weights);

/// In every instruction set a vector's channels divide it.
constexpr std::int64_t kWidestVector = 16;

}  // namespace

bool DirectConvolution::suits(const ConvolutionShape& shape) {
  return shape.kernel * shape.kernel * shape.in_channels <= kMaxTaps &&
         shape.out_channels % kWidestVector == 0;
}

DirectConvolution::DirectConvolution(const ConvolutionShape& shape) : shape_(shape) {
  std::int64_t tap = 0;
  for (std::int64_t kh = 0; kh < shape.kernel; ++kh) {
    for (std::int64_t i = 0; i < shape.kernel * shape.in_channels; ++i) {
      tap_offsets_[tap++] = kh * padded_width() * shape.in_channels + i;
    }
  }
}

std::int64_t DirectConvolution::slots() const {
  return (taps() + 1 + kSlotGroup - 1) / kSlotGroup * kSlotGroup;
}

void DirectConvolution::pad_image(float* padded, const float* image) const {
  const std::int64_t width = shape_.width * shape_.in_channels;
  const std::int64_t margin = shape_.padding * shape_.in_channels;
  std::fill_n(padded, padded_size(), 0.0f);
  for (std::int64_t h = 0; h < shape_.height; ++h) {
    const std::int64_t row = (h + shape_.padding) * padded_width() * shape_.in_channels;
    std::copy_n(image + h * width, width, padded + row + margin);
  }
}

void DirectConvolution::pack(float* packed, const float* weights) const {
  const std::int64_t area = shape_.kernel * shape_.kernel;
  for (std::int64_t out = 0; out < shape_.out_channels; ++out) {
    for (std::int64_t in = 0; in < shape_.in_channels; ++in) {
      for (std::int64_t k = 0; k < area; ++k) {
        packed[(k * shape_.in_channels + in) * shape_.out_channels + out] =
            weights[(out * shape_.in_channels + in) * area + k];
      }
    }
  }
}

DirectConvolution::Input DirectConvolution::input(const float* padded, Range rows) const {
  const std::int64_t row_step = shape_.stride * padded_width() * shape_.in_channels;
  return {.data = padded + rows.first * row_step,
          .rows = rows.count,
          .positions = shape_.output_width(),
          .row_step = row_step,
          .position_step = shape_.stride * shape_.in_channels,
          .tap_offsets = tap_offsets_,
          .taps = taps()};
}

void DirectConvolution::forward(Matrix z, const float* padded, Range rows, const float* packed,
                                const float* bias, Activation activation) const {
  HWY_DYNAMIC_DISPATCH(forward)(z, input(padded, rows), packed, bias, activation);
}

void DirectConvolution::backward_weights(std::span<double> gradient, const float* padded,
                                         Range rows, ConstMatrix dz) const {
  HWY_DYNAMIC_DISPATCH(backward_weights)
  (gradient.data(), slots(), dz, input(padded, rows));
}

void DirectConvolution::unpack_gradient(float* weight_gradient, float* bias_gradient,
                                        std::span<const double> gradient) const {
  const std::int64_t area = shape_.kernel * shape_.kernel;
  const std::int64_t channels = shape_.out_channels;
  for (std::int64_t out = 0; out < channels; ++out) {
    for (std::int64_t in = 0; in < shape_.in_channels; ++in) {
      for (std::int64_t k = 0; k < area; ++k) {
        const std::int64_t slot = k * shape_.in_channels + in;
        weight_gradient[(out * shape_.in_channels + in) * area + k] =
            static_cast<float>(gradient[static_cast<std::size_t>(slot * channels + out)]);
      }
    }
    if (bias_gradient == nullptr) continue;
    const std::int64_t slot = slots() - 1;
    bias_gradient[out] =
        static_cast<float>(gradient[static_cast<std::size_t>(slot * channels + out)]);
  }
}

}  // namespace normlab::kernels
#endif  // HWY_ONCE
