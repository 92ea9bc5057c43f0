#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "normlab/base/matrix.h"

namespace normlab::reference {

/// A matrix of doubles that owns its values, row after row.
struct Table {
  std::int64_t rows = 0;
  std::int64_t channels = 0;
  std::vector<double> values;

  Table(std::int64_t row_count, std::int64_t channel_count)
      : rows(row_count),
        channels(channel_count),
        values(static_cast<std::size_t>(rows * channels)) {}

  explicit Table(const ConstMatrix& matrix) : Table(matrix.rows, matrix.channels) {
    for (std::int64_t r = 0; r < rows; ++r) {
      for (std::int64_t c = 0; c < channels; ++c) at(r, c) = static_cast<double>(matrix.row(r)[c]);
    }
  }

  double& at(std::int64_t r, std::int64_t c) {
    return values[static_cast<std::size_t>(r * channels + c)];
  }
  double at(std::int64_t r, std::int64_t c) const {
    return values[static_cast<std::size_t>(r * channels + c)];
  }
};

/// One double per channel.
using PerChannel = std::vector<double>;

}  // namespace normlab::reference
