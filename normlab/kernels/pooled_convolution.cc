#include "normlab/kernels/pooled_convolution.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "normlab/kernels/pooled_convolution.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "normlab/kernels/activation-inl.h"
#include "normlab/kernels/byte_strip-inl.h"
#include "normlab/kernels/channel_block-inl.h"

HWY_BEFORE_NAMESPACE();
namespace normlab::kernels::HWY_NAMESPACE {
namespace {

/// Vectors of channels worked on together: a window of them is held in registers.
template <int kSide>
constexpr int kBlockVectors = 2 * kSide* kSide + 4 <= (kLanes >= 16 ? 32 : 16) ? 2 : 1;

/// The convolution's sums at the positions of one window, or with kSide 1 at one position.
template <int kSide, int kVectors>
struct Sums {
  static constexpr int kPositions = kSide * kSide;
  V at[kPositions][kVectors];
};

/// `x`: the input of the window's first position and first tap.
template <int kSide, int kVectors>
HWY_INLINE Sums<kSide, kVectors> convolve(const PooledRows& rows, const float* x,
                                          std::int64_t first) {
  const D d;
  const DirectConvolution::Input& in = rows.input;
  Sums<kSide, kVectors> sums{};
  for (auto& position : sums.at) load_block(position, rows.bias + first);
  const float* weights = rows.weights + first;
  for (std::int64_t t = 0; t < in.taps; ++t, weights += rows.channels) {
    V weight[kVectors];
    load_block(weight, weights);
    const float* tap = x + in.tap_offsets[t];
    for (int i = 0; i < kSide; ++i, tap += in.row_step) {
      for (int j = 0; j < kSide; ++j) {
        const V value = hn::Set(d, tap[j * in.position_step]);
        auto& sum = sums.at[i * kSide + j];
        for (int v = 0; v < kVectors; ++v) sum[v] = hn::MulAdd(value, weight[v], sum[v]);
      }
    }
  }
  return sums;
}

template <bool kRelu, int kSide, int kVectors>
HWY_INLINE Sums<kSide, kVectors> outputs(const PooledRows& rows, const float* x,
                                         std::int64_t first) {
  auto sums = convolve<kSide, kVectors>(rows, x, first);
  if constexpr (kRelu) {
    for (auto& position : sums.at) {
      for (V& value : position) value = ReluOp().forward(D(), value);
    }
  }
  return sums;
}

/// Calls `window(input, index)` for the whole windows of rows [row, row + kSide), then
/// `rest(input, position)` for the positions in none; with kSide 1 those are all.
template <int kSide, class Window, class Rest>
HWY_INLINE void walk_row(const PooledRows& rows, std::int64_t row, const Window& window,
                         const Rest& rest) {
  const DirectConvolution::Input& in = rows.input;
  const float* x = in.data + row * in.row_step;
  const std::int64_t windows = kSide == 1 ? 0 : in.positions / kSide;
  for (std::int64_t w = 0; w < windows; ++w) window(x + w * kSide * in.position_step, w);
  for (std::int64_t i = 0; i < kSide; ++i) {
    for (std::int64_t p = windows * kSide; p < in.positions; ++p) {
      rest(x + i * in.row_step + p * in.position_step, (row + i) * in.positions + p);
    }
  }
}

// Forward ----------------------------------------------------------------------------------------

/// Sums over a row of windows of what outputs deviate from a pivot, and of the squares.
template <int kVectors>
class RowMoments {
 public:
  HWY_INLINE explicit RowMoments(const V (&pivot)[kVectors]) {
    for (int v = 0; v < kVectors; ++v) {
      pivot_[v] = pivot[v];
      sum_[v] = square_[v] = hn::Zero(D());
    }
  }

  template <class Outputs>
  HWY_INLINE void add(const Outputs& outputs) {
    for (const auto& position : outputs.at) {
      for (int v = 0; v < kVectors; ++v) {
        const V deviation = hn::Sub(position[v], pivot_[v]);
        sum_[v] = hn::Add(sum_[v], deviation);
        square_[v] = hn::MulAdd(deviation, deviation, square_[v]);
      }
    }
  }

  /// Merges them, of `count` outputs, into those of `before` (Chan et al. 1983, eq. 2.1).
  HWY_INLINE void merge_into(double* mean, double* m2, double before, double count) const {
    const hn::Repartition<double, D> d;
    const auto inverse_count = hn::Set(d, 1 / count);
    const auto weight = hn::Set(d, count / (before + count));
    const auto shared = hn::Set(d, before * count / (before + count));
    for (int v = 0; v < kVectors; ++v) {
      const auto merge_half = [&](auto pivot, auto sum, auto square, std::int64_t offset) HWY_ATTR {
        double* mean_here = mean + v * kLanes + offset;
        double* m2_here = m2 + v * kLanes + offset;
        const auto off = hn::Mul(sum, inverse_count);
        const auto own = hn::NegMulAdd(off, sum, square);
        const auto old = hn::LoadU(d, mean_here);
        const auto delta = hn::Sub(hn::Add(pivot, off), old);
        const auto spread = hn::MulAdd(hn::Mul(delta, delta), shared, own);
        hn::StoreU(hn::Add(hn::LoadU(d, m2_here), spread), d, m2_here);
        hn::StoreU(hn::MulAdd(delta, weight, old), d, mean_here);
      };
      merge_half(lower_doubles(pivot_[v]), lower_doubles(sum_[v]), lower_doubles(square_[v]), 0);
      merge_half(upper_doubles(pivot_[v]), upper_doubles(sum_[v]), upper_doubles(square_[v]),
                 kLanes / 2);
    }
  }

 private:
  V pivot_[kVectors];
  V sum_[kVectors];
  V square_[kVectors];
};

/// The mean of the outputs before, or the first output where there are none.
template <bool kRelu, int kVectors>
HWY_INLINE void find_pivot(V (&pivot)[kVectors], const PooledRows& rows,
                           const PartialMoments& moments, std::int64_t first) {
  if (moments.rows_before == 0) {
    const auto outputs_here = outputs<kRelu, 1, kVectors>(rows, rows.input.data, first);
    for (int v = 0; v < kVectors; ++v) pivot[v] = outputs_here.at[0][v];
    return;
  }
  alignas(64) float means[kVectors * kLanes];
  for (int i = 0; i < kVectors * kLanes; ++i)
    means[i] = static_cast<float>(moments.mean[first + i]);
  load_block(pivot, means);
}

/// Where all directions are 1: what is compared are the outputs themselves.
struct Rising {
  static HWY_INLINE V key(V output, V) { return output; }
  static HWY_INLINE V peak(V best, V, V) { return best; }
};
/// Any of 1, -1 and 0. In direction 0 all are alike, and the first is kept.
struct Directed {
  static HWY_INLINE V key(V output, V direction) { return hn::Mul(output, direction); }
  static HWY_INLINE V peak(V best, V direction, V first) {
    const auto flat = hn::Eq(direction, hn::Zero(D()));
    return hn::IfThenElse(flat, first, hn::Mul(best, direction));
  }
};

/// Of each vector the peak, and where it is in the window.
template <class Order, int kSide, int kVectors>
HWY_INLINE void store_peaks(float* peaks, std::uint8_t* argmax,
                            const Sums<kSide, kVectors>& outputs, const V (&direction)[kVectors]) {
  const D d;
  const hn::RebindToSigned<D> integers;
  for (int v = 0; v < kVectors; ++v) {
    V best = Order::key(outputs.at[0][v], direction[v]);
    auto where = hn::Zero(integers);
    for (int p = 1; p < outputs.kPositions; ++p) {
      const V key = Order::key(outputs.at[p][v], direction[v]);
      // Not kept: numbers below the key, and before a NaN.
      const auto keep = hn::Or(hn::Ge(best, key), hn::IsNaN(best));
      best = hn::IfThenElse(keep, best, key);
      where = hn::IfThenElse(hn::RebindMask(integers, keep), where, hn::Set(integers, p));
    }
    hn::StoreU(Order::peak(best, direction[v], outputs.at[0][v]), d, peaks + v * kLanes);
    store_bytes(WholeStrip<D, 1>(), where, argmax + v * kLanes, 0, kLanes);
  }
}

/// One block of channels of rows [row, row + kSide).
template <class Order, bool kRelu, int kSide, int kVectors>
HWY_INLINE void forward_row(float* peaks, std::uint8_t* argmax, const PooledRows& rows,
                            std::int64_t row, const float* directions,
                            const PartialMoments* moments, std::int64_t first) {
  V direction[kVectors];
  load_block(direction, directions + first);
  const auto pool = [&](const auto& outputs_here, std::int64_t w) HWY_ATTR {
    const std::int64_t offset = w * rows.channels + first;
    store_peaks<Order>(peaks + offset, argmax + offset, outputs_here, direction);
  };
  if (moments == nullptr) {
    return walk_row<kSide>(
        rows, row,
        [&](const float* x, std::int64_t w)
            HWY_ATTR { pool(outputs<kRelu, kSide, kVectors>(rows, x, first), w); },
        [](const float*, std::int64_t) HWY_ATTR {});
  }
  V pivot[kVectors];
  find_pivot<kRelu>(pivot, rows, *moments, first);
  RowMoments<kVectors> row_moments(pivot);
  walk_row<kSide>(
      rows, row,
      [&](const float* x, std::int64_t w) HWY_ATTR {
        const auto outputs_here = outputs<kRelu, kSide, kVectors>(rows, x, first);
        row_moments.add(outputs_here);
        pool(outputs_here, w);
      },
      [&](const float* x, std::int64_t)
          HWY_ATTR { row_moments.add(outputs<kRelu, 1, kVectors>(rows, x, first)); });
  row_moments.merge_into(moments->mean + first, moments->m2 + first,
                         static_cast<double>(moments->rows_before),
                         static_cast<double>(kSide * rows.input.positions));
}

/// One row of windows, or with kSide 1 of positions in none.
template <class Order, bool kRelu, int kSide>
HWY_INLINE void forward_channels(float* peaks, std::uint8_t* argmax, const PooledRows& rows,
                                 std::int64_t row, const float* directions,
                                 const PartialMoments* moments) {
  for_each_channel_block<kBlockVectors<kSide>>(
      rows.channels, [&](auto vectors, std::int64_t first) HWY_ATTR {
        forward_row<Order, kRelu, kSide, decltype(vectors)::value>(peaks, argmax, rows, row,
                                                                   directions, moments, first);
      });
}

template <class Order, bool kRelu, int kSide>
void forward_rows(float* peaks, std::uint8_t* argmax, const PooledRows& rows,
                  const float* directions, const PartialMoments* moments) {
  PartialMoments until = moments == nullptr ? PartialMoments{} : *moments;
  const PartialMoments* wanted = moments == nullptr ? nullptr : &until;
  const std::int64_t row_of_peaks = rows.windows_in_row() * rows.channels;
  std::int64_t row = 0;
  for (; row + kSide <= rows.input.rows; row += kSide) {
    forward_channels<Order, kRelu, kSide>(peaks, argmax, rows, row, directions, wanted);
    peaks += row_of_peaks;
    argmax += row_of_peaks;
    until.rows_before += kSide * rows.input.positions;
  }
  if (moments == nullptr) return;
  for (; row < rows.input.rows; ++row) {
    forward_channels<Order, kRelu, 1>(nullptr, nullptr, rows, row, directions, wanted);
    until.rows_before += rows.input.positions;
  }
}

/// Calls `work` with the window's side and whether there is a ReLU, as constants.
template <class Work>
HWY_INLINE void with_kind(const PooledRows& rows, const Work& work) {
  const auto with_side = [&](auto side) HWY_ATTR {
    if (rows.relu) return work(side, std::true_type());
    work(side, std::false_type());
  };
  if (rows.window == 2) return with_side(std::integral_constant<int, 2>());
  with_side(std::integral_constant<int, 3>());
}

void forward(float* peaks, std::uint8_t* argmax, const PooledRows& rows, const float* directions,
             const PartialMoments* moments) {
  const bool rising =
      std::all_of(directions, directions + rows.channels, [](float d) { return d == 1; });
  with_kind(rows, [&](auto side, auto relu) HWY_ATTR {
    constexpr int kSide = decltype(side)::value;
    constexpr bool kRelu = decltype(relu)::value;
    const auto run =
        rising ? forward_rows<Rising, kRelu, kSide> : forward_rows<Directed, kRelu, kSide>;
    run(peaks, argmax, rows, directions, moments);
  });
}

// Backward ---------------------------------------------------------------------------------------

/// The normalization's way back for one block of channels: dz = base - (z - mean) * slope.
template <int kVectors>
struct NormBlock {
  V mean[kVectors];
  V slope[kVectors];  ///< scale * inv_std * dgamma_mean
  V scale[kVectors];
  V dbeta_mean[kVectors];

  HWY_INLINE NormBlock(const NormBackward& norm, std::int64_t first) {
    load_block(mean, norm.mean + first);
    load_block(slope, norm.dgamma_mean + first);
    load_block(scale, norm.scale + first);
    load_block(dbeta_mean, norm.dbeta_mean + first);
    V inv_std[kVectors];
    load_block(inv_std, norm.inv_std + first);
    for (int v = 0; v < kVectors; ++v) {
      slope[v] = hn::Mul(slope[v], hn::Mul(scale[v], inv_std[v]));
    }
  }
  /// Of an output whose gradient behind the norm is dn.
  HWY_INLINE V base(V dn, int v) const { return hn::Mul(hn::Sub(dn, dbeta_mean[v]), scale[v]); }
};

template <bool kRelu>
HWY_INLINE V output_gradient(V base, V z, V mean, V slope) {
  const V dz = hn::NegMulAdd(hn::Sub(z, mean), slope, base);
  if constexpr (kRelu) return ReluOp().backward(D(), dz, z);
  return dz;
}

template <bool kRelu, int kSide, int kVectors>
HWY_INLINE void backward_row(Matrix dz, const PooledRows& rows, std::int64_t row,
                             const float* dpeaks, const std::uint8_t* argmax,
                             const NormBackward& norm, std::int64_t first) {
  const D d;
  const hn::RebindToSigned<D> integers;
  const NormBlock<kVectors> block(norm, first);
  V base_elsewhere[kVectors];
  for (int v = 0; v < kVectors; ++v) base_elsewhere[v] = block.base(hn::Zero(d), v);

  const auto in_window = [&](const float* x, std::int64_t w) HWY_ATTR {
    const auto sums = convolve<kSide, kVectors>(rows, x, first);
    const std::int64_t offset = w * rows.channels + first;
    for (int v = 0; v < kVectors; ++v) {
      const V base = block.base(hn::LoadU(d, dpeaks + offset + v * kLanes), v);
      const auto where = load_bytes(WholeStrip<D, 1>(), argmax + offset + v * kLanes, 0, kLanes);
      for (int p = 0; p < sums.kPositions; ++p) {
        const auto here = hn::RebindMask(d, hn::Eq(where, hn::Set(integers, p)));
        const V gradient = output_gradient<kRelu>(hn::IfThenElse(here, base, base_elsewhere[v]),
                                                  sums.at[p][v], block.mean[v], block.slope[v]);
        const std::int64_t position =
            (row + p / kSide) * rows.input.positions + w * kSide + p % kSide;
        hn::StoreU(gradient, d, dz.row(position) + first + v * kLanes);
      }
    }
  };
  const auto elsewhere = [&](const float* x, std::int64_t position) HWY_ATTR {
    const auto sums = convolve<1, kVectors>(rows, x, first);
    for (int v = 0; v < kVectors; ++v) {
      hn::StoreU(
          output_gradient<kRelu>(base_elsewhere[v], sums.at[0][v], block.mean[v], block.slope[v]),
          d, dz.row(position) + first + v * kLanes);
    }
  };
  walk_row<kSide>(rows, row, in_window, elsewhere);
}

template <bool kRelu, int kSide>
HWY_INLINE void backward_channels(Matrix dz, const PooledRows& rows, std::int64_t row,
                                  const float* dpeaks, const std::uint8_t* argmax,
                                  const NormBackward& norm) {
  for_each_channel_block<kBlockVectors<kSide>>(
      rows.channels, [&](auto vectors, std::int64_t first) HWY_ATTR {
        backward_row<kRelu, kSide, decltype(vectors)::value>(dz, rows, row, dpeaks, argmax, norm,
                                                             first);
      });
}

void backward(Matrix dz, const PooledRows& rows, const float* dpeaks, const std::uint8_t* argmax,
              const NormBackward& norm) {
  with_kind(rows, [&](auto side, auto relu) HWY_ATTR {
    constexpr int kSide = decltype(side)::value;
    constexpr bool kRelu = decltype(relu)::value;
    const std::int64_t row_of_peaks = rows.windows_in_row() * rows.channels;
    std::int64_t row = 0;
    for (; row + kSide <= rows.input.rows; row += kSide) {
      backward_channels<kRelu, kSide>(dz, rows, row, dpeaks, argmax, norm);
      dpeaks += row_of_peaks;
      argmax += row_of_peaks;
    }
    for (; row < rows.input.rows; ++row) {
      backward_channels<kRelu, 1>(dz, rows, row, nullptr, nullptr, norm);
    }
  });
}

}  // namespace
}  // namespace normlab::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace normlab::kernels {

HWY_EXPORT(forward);
HWY_EXPORT(backward);

void pooled_convolution_forward(float* peaks, std::uint8_t* argmax, const PooledRows& rows,
                                const float* directions, const PartialMoments* moments) {
  if (moments != nullptr && moments->rows_before == 0) {
    std::fill_n(moments->mean, rows.channels, 0.0);
    std::fill_n(moments->m2, rows.channels, 0.0);
  }
  HWY_DYNAMIC_DISPATCH(forward)(peaks, argmax, rows, directions, moments);
}

void pooled_convolution_backward(Matrix dz, const PooledRows& rows, const float* dpeaks,
                                 const std::uint8_t* argmax, const NormBackward& norm) {
  HWY_DYNAMIC_DISPATCH(backward)(dz, rows, dpeaks, argmax, norm);
}

}  // namespace normlab::kernels
#endif  // HWY_ONCE
