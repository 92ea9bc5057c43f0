#include "normlab/kernels/direct_convolution.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "normlab/kernels/direct_convolution.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "normlab/kernels/channel_block-inl.h"

HWY_BEFORE_NAMESPACE();
namespace normlab::kernels::HWY_NAMESPACE {
namespace {

/// gradient[0, kLanes) += sum
HWY_INLINE void add_in_double(double* gradient, V sum) {
  const hn::Repartition<double, D> d;
  const auto add = [&](double* to, auto values)
                       HWY_ATTR { hn::StoreU(hn::Add(hn::LoadU(d, to), values), d, to); };
  add(gradient, lower_doubles(sum));
  add(gradient + kLanes / 2, upper_doubles(sum));
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
  for_each_channel_block<2>(dz.channels, [&](auto vectors, std::int64_t first) HWY_ATTR {
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
