#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "normlab/base/matrix.h"

namespace normlab::kernels {

/// Sees a tall narrow matrix without gaps as a wider one, several rows as one: 10 channels would
/// leave most of a vector's lanes idle, 8 rows of them fill five vectors. What is per channel is
/// repeated as often (`tile`).
class RowFold {
 public:
  static constexpr std::int64_t kMaxChannels = 1024;
  using Tile = std::array<float, kMaxChannels>;

  /// Sums for the channels of folded rows, zero to begin with; no more than those are cleared,
  /// which would show in a short matrix.
  struct Sums {
    explicit Sums(std::int64_t channels) { std::fill_n(values, channels, 0.0); }
    double* data() { return values; }
    double values[kMaxChannels];
  };

  /// Folds when all of `matrices`, of equal shape, are without gaps, and it pays.
  template <class... Matrices>
  explicit RowFold(const ConstMatrix& first, const Matrices&... others)
      : rows_(first.rows), channels_(first.channels) {
    const bool gapless = first.stride == channels_ && ((others.stride == channels_) && ...);
    if (gapless && channels_ > 0) factor_ = factor(rows_, channels_);
  }

  bool folds() const { return factor_ > 1; }

  /// The folded rows, as a matrix of rows / factor x channels * factor.
  template <class T>
  BasicMatrix<T> head(const BasicMatrix<T>& matrix) const {
    return {matrix.data, rows_ / factor_, channels_ * factor_, channels_ * factor_};
  }
  /// The rows left over, fewer than `factor`.
  template <class T>
  BasicMatrix<T> tail(const BasicMatrix<T>& matrix) const {
    return matrix.row_range(rows_ - rows_ % factor_, rows_ % factor_);
  }

  /// `factor` copies of a per-channel array.
  Tile tile(const float* values) const {
    Tile tiled;
    for (std::int64_t k = 0; k < factor_; ++k) {
      std::copy_n(values, channels_, tiled.data() + k * channels_);
    }
    return tiled;
  }

  /// totals[c] += all copies of channel c.
  void add_copies(std::span<double> totals, std::span<const double> folded) const {
    const auto channels = static_cast<std::size_t>(channels_);
    for (std::size_t k = 0; k < static_cast<std::size_t>(factor_); ++k) {
      for (std::size_t c = 0; c < channels; ++c) totals[c] += folded[k * channels + c];
    }
  }

 private:
  /// Whole vectors of 16, and four of them, the width at which kernels are fastest.
  static std::int64_t factor(std::int64_t rows, std::int64_t channels) {
    std::int64_t k = 1;
    while (channels * k < 64 || channels * k % 16 != 0) k *= 2;
    constexpr std::int64_t kWorthIt = 64;  // folded rows that make up for merging the copies' sums
    return channels * k <= kMaxChannels && rows / k >= kWorthIt ? k : 1;
  }

  std::int64_t rows_;
  std::int64_t channels_;
  std::int64_t factor_ = 1;
};

}  // namespace normlab::kernels
