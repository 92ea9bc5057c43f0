#include "normlab/train/percentiles.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

namespace normlab {
namespace {

constexpr std::array<double, 5> kShares = {0.05, 0.15, 0.5, 0.85, 0.95};
constexpr std::array<std::size_t, 5> kMedianFirst = {2, 1, 0, 3, 4};

/// floor(count * frac(i * golden ratio)).
std::size_t golden_place(std::size_t i, std::size_t count) {
  constexpr std::uint64_t kGoldenFraction = 0x9E3779B97F4A7C15;  // 2^64 / 1.618...
  const std::uint64_t fraction = (i * kGoldenFraction) >> 32;
  return static_cast<std::size_t>((fraction * count) >> 32);
}

}  // namespace

std::vector<float> percentiles(std::span<float> values) {
  std::vector<float> result(kShares.size(), std::numeric_limits<float>::quiet_NaN());
  if (std::ranges::any_of(values, [](float value) { return std::isnan(value); })) return result;
  // Each selection parts the values, so that the next has only one side to look through.
  std::array<std::size_t, 5> ranks{};
  const auto at = [&](std::size_t rank) {
    return values.begin() + static_cast<std::ptrdiff_t>(rank);
  };
  for (const std::size_t p : kMedianFirst) {
    ranks[p] =
        static_cast<std::size_t>(std::lround(kShares[p] * static_cast<double>(values.size() - 1)));
    const auto first = p > 2 ? at(ranks[p - 1]) : values.begin();
    const auto last = p < 2 ? at(ranks[p + 1]) + 1 : values.end();
    std::nth_element(first, at(ranks[p]), last);
    result[p] = values[ranks[p]];
  }
  return result;
}

std::vector<float> sampled_percentiles(std::span<const float> values) {
  const bool all = values.size() <= kPercentileSample;
  std::vector<float> sample(all ? values.size() : kPercentileSample);
  for (std::size_t i = 0; i < sample.size(); ++i)
    sample[i] = values[all ? i : golden_place(i, values.size())];
  return percentiles(sample);
}

}  // namespace normlab
