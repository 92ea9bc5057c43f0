#include "normlab/kernels/moments.h"

#include <algorithm>
#include <cstdint>

#include "normlab/kernels/row_fold.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "normlab/kernels/moments.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "normlab/kernels/strip-inl.h"

HWY_BEFORE_NAMESPACE();
namespace normlab::kernels::HWY_NAMESPACE {
namespace {

/// The mean of a strip's rows, and the sums of what they deviate from it and of the squares.
template <class Strip>
struct StripMoments {
  Values<Strip> mean;
  Values<Strip> deviation;
  Values<Strip> square;
};

template <class Strip>
HWY_INLINE StripMoments<Strip> strip_moments(const Strip& strip, ConstMatrix x) {
  // Summed as differences from the first row: small numbers at any offset, and exactly zero in a
  // constant channel.
  const auto pivot = load(strip, x.data);
  auto sum = zeros(strip);
  for (std::int64_t r = 1; r < x.rows; ++r) {
    const auto values = load(strip, x.row(r));
    for (int i = 0; i < strip.kVectors; ++i) {
      sum.v[i] = hn::Add(sum.v[i], hn::Sub(values.v[i], pivot.v[i]));
    }
  }
  StripMoments<Strip> moments{zeros(strip), zeros(strip), zeros(strip)};
  const auto inverse_count = hn::Set(strip.d, 1.0f / static_cast<float>(x.rows));
  for (int i = 0; i < strip.kVectors; ++i) {
    moments.mean.v[i] = hn::MulAdd(sum.v[i], inverse_count, pivot.v[i]);
  }
  for (std::int64_t r = 0; r < x.rows; ++r) {
    const auto values = load(strip, x.row(r));
    for (int i = 0; i < strip.kVectors; ++i) {
      const auto deviation = hn::Sub(values.v[i], moments.mean.v[i]);
      moments.deviation.v[i] = hn::Add(moments.deviation.v[i], deviation);
      moments.square.v[i] = hn::MulAdd(deviation, deviation, moments.square.v[i]);
    }
  }
  return moments;
}

/// Merges one strip's block of `rows` rows into mean and m2, which are of `before` rows: what
/// normlab::merge does, with its divisions done once for all channels.
template <class Strip>
HWY_INLINE void merge_block(double* HWY_RESTRICT mean, double* HWY_RESTRICT m2, double before,
                            const StripMoments<Strip>& moments, double rows, std::int64_t count) {
  const StripArray block_mean(moments.mean);
  const StripArray deviation(moments.deviation);
  const StripArray square(moments.square);
  const double inverse_rows = 1 / rows;
  const double weight = rows / (before + rows);
  for (std::int64_t c = 0; c < count; ++c) {
    // The float mean is rounded; the deviations from it say by how much.
    const double off = static_cast<double>(deviation.values[c]);
    const double delta = static_cast<double>(block_mean.values[c]) + off * inverse_rows - mean[c];
    m2[c] += static_cast<double>(square.values[c]) - off * off * inverse_rows +
             delta * delta * (before * weight);
    mean[c] += delta * weight;
  }
}

/// Merges x into mean and m2, which are of `rows_before` rows and zero if there are none.
void block_moments(double* HWY_RESTRICT mean, double* HWY_RESTRICT m2, ConstMatrix x,
                   std::int64_t rows_before) {
  const std::int64_t block = summed_rows(x.channels);
  for_each_row_block(x.rows, block, [&](std::int64_t start, std::int64_t rows) HWY_ATTR {
    for_each_strip(
        x.channels, [&](const auto strip, std::int64_t first, std::int64_t count) HWY_ATTR {
          merge_block(mean + first, m2 + first, static_cast<double>(rows_before + start),
                      strip_moments(strip, x.row_range(start, rows).channel_range(first, count)),
                      static_cast<double>(rows), count);
        });
  });
}

}  // namespace
}  // namespace normlab::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace normlab::kernels {
namespace {

HWY_EXPORT(block_moments);

/// Merges moments of `rows` rows into those of `before` rows, for every channel.
void merge_columns(std::span<double> mean, std::span<double> m2, double before,
                   const double* other_mean, const double* other_m2, double rows) {
  const double weight = rows / (before + rows);
  for (std::size_t c = 0; c < mean.size(); ++c) {
    const double delta = other_mean[c] - mean[c];
    m2[c] += other_m2[c] + delta * delta * (before * weight);
    mean[c] += delta * weight;
  }
}

}  // namespace

void moments(std::span<double> mean, std::span<double> m2, ConstMatrix x) {
  std::ranges::fill(mean, 0.0);
  std::ranges::fill(m2, 0.0);
  const RowFold fold(x);
  if (!fold.folds()) return HWY_DYNAMIC_DISPATCH(block_moments)(mean.data(), m2.data(), x, 0);
  const ConstMatrix head = fold.head(x);
  RowFold::Sums folded_mean(head.channels);
  RowFold::Sums folded_m2(head.channels);
  HWY_DYNAMIC_DISPATCH(block_moments)(folded_mean.data(), folded_m2.data(), head, 0);
  const auto copy_rows = static_cast<double>(head.rows);
  double rows = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(head.channels); i += mean.size()) {
    merge_columns(mean, m2, rows, folded_mean.data() + i, folded_m2.data() + i, copy_rows);
    rows += copy_rows;
  }
  const ConstMatrix tail = fold.tail(x);
  HWY_DYNAMIC_DISPATCH(block_moments)
  (mean.data(), m2.data(), tail, x.rows - tail.rows);
}

}  // namespace normlab::kernels
#endif  // HWY_ONCE
