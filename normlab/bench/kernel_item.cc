#include "normlab/bench/kernel_item.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "normlab/base/error.h"
#include "normlab/base/philox.h"

namespace normlab::bench {
namespace {

/// A prime, so that the columns of no matrix repeat each other.
constexpr std::size_t kPattern = 65'521;
constexpr double kTolerance = 2e-4;

std::vector<float> normal_pattern() {
  Philox random(1, Purpose::test, 0);
  std::vector<float> pattern(kPattern);
  for (float& value : pattern) value = static_cast<float>(random.normal());
  return pattern;
}

void expect_value(std::string_view what, double actual, double expected) {
  if (std::abs(actual - expected) <= kTolerance * (1 + std::abs(expected))) return;
  fail<Error>("{}: gives {} where the reference gives {}; a kernel this wrong is not timed", what,
              actual, expected);
}

}  // namespace

void Workspace::fill(int array, std::int64_t count, std::uint64_t seed) {
  static const std::vector<float> pattern = normal_pattern();
  const auto total = static_cast<std::size_t>(count);
  if (total > floats_) fail<Error>("a workspace of {} floats cannot hold {}", floats_, total);
  std::size_t offset = static_cast<std::size_t>(seed) * 7919 % kPattern;
  for (std::size_t done = 0; done < total;) {
    const std::size_t part = std::min(total - done, kPattern - offset);
    std::copy_n(pattern.data() + offset, part, data(array) + done);
    done += part;
    offset = 0;
  }
}

void expect_close(std::string_view what, ConstMatrix actual, const reference::Table& expected) {
  for (std::int64_t r = 0; r < actual.rows; ++r) {
    for (std::int64_t c = 0; c < actual.channels; ++c) {
      expect_value(what, static_cast<double>(actual.row(r)[c]), expected.at(r, c));
    }
  }
}

void expect_close(std::string_view what, std::span<const float> actual,
                  std::span<const double> expected) {
  for (std::size_t i = 0; i < actual.size(); ++i) {
    expect_value(what, static_cast<double>(actual[i]), expected[i]);
  }
}

std::vector<ConstMatrix> checked_channels(ConstMatrix matrix) {
  const std::int64_t count = std::min<std::int64_t>(2, matrix.channels);
  return {matrix.channel_range(0, count), matrix.channel_range(matrix.channels - count, count)};
}

std::string shape_text(std::int64_t rows, std::int64_t channels) {
  return fmt::format("{}x{}", rows, channels);
}

std::size_t workspace_floats(bool quick) {
  constexpr std::size_t kQuick = 1 << 20;
  constexpr std::size_t kResNetFirstNorm = std::size_t{64} * 112 * 112 * 64;  // at batch 64
  return quick ? kQuick : kResNetFirstNorm;
}

std::vector<KernelItem> kernel_items(Workspace& workspace) {
  std::vector<KernelItem> items;
  add_norm_items(items, workspace);
  add_elementwise_items(items, workspace);
  add_pooling_items(items, workspace);
  add_training_items(items, workspace);
  add_product_items(items, workspace);
  add_pooled_convolution_items(items, workspace);
  return items;
}

}  // namespace normlab::bench
