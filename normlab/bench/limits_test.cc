#include "normlab/bench/limits.h"

#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "normlab/base/aligned_buffer.h"
#include "normlab/bench/limit_loops.h"

namespace normlab::bench {
namespace {

TEST(LimitLoops, ReachEveryFloat) {
  constexpr std::size_t kCount = 4096;
  AlignedBuffer<float> a(kCount);
  AlignedBuffer<float> b(kCount);
  write_floats(a.data(), kCount, 2);
  EXPECT_EQ(read_floats(a.data(), kCount), 2 * kCount);
  for (const bool streaming : {false, true}) {
    write_floats(b.data(), kCount, 0);
    copy_floats(b.data(), a.data(), kCount, streaming);
    EXPECT_EQ(read_floats(b.data(), kCount), 2 * kCount);
  }
  update_floats(b.data(), a.data(), kCount);
  EXPECT_EQ(read_floats(b.data(), kCount), 4 * kCount);
}

TEST(LimitLoops, MultiplyAddsAreDone) {
  // Each chain is v = v / 2 + 1, which tends to 2.
  EXPECT_EQ(multiply_add(100) * 2, multiply_add_flops() * 2);
}

TEST(MachineLimits, InterpolatesBetweenMeasuredSizes) {
  Rounds rounds;
  AlignedBuffer<float> memory(1 << 16);
  MachineLimits limits(rounds, memory.span());
  const std::size_t peak = limits.add_peak(false);
  rounds.run({.seconds = 0, .least = 1, .most = 1, .sample_seconds = 1e-5}, [](const auto&) {});
  EXPECT_GT(limits.flops_per_second(), 0);
  EXPECT_EQ(limits.largest(), 4.0 * (1 << 16));
  const auto measured = limits.bandwidths();
  double smallest = 0;
  for (const Bandwidth& b : measured) {
    EXPECT_GT(b.bytes_per_second, 0);
    EXPECT_NEAR(limits.bytes_per_second(b.mix, b.working_set), b.bytes_per_second,
                1e-9 * b.bytes_per_second);
    if (b.mix == Mix::read && smallest == 0) smallest = b.bytes_per_second;
  }
  EXPECT_EQ(limits.bytes_per_second(Mix::read, 1), smallest) << "clamped below the smallest";
  const double at_peak = limits.seconds_at_peak(1e9, peak).at(0);
  EXPECT_NEAR(limits.seconds_at_peak(2e9, peak).at(0), 2 * at_peak, 1e-9 * at_peak);
  EXPECT_GT(at_peak, 0);
}

}  // namespace
}  // namespace normlab::bench
