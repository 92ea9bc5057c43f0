#include "normlab/base/flush_denormals.h"

#include <limits>

#include <gtest/gtest.h>

#include "normlab/base/thread_pool.h"

namespace normlab {
namespace {

/// Half of the smallest normal number.
float make_denormal() {
  volatile float smallest = std::numeric_limits<float>::min();
  return smallest * 0.5f;
}

TEST(FlushDenormals, LastsAsLongAsItLives) {
  EXPECT_GT(make_denormal(), 0);
  {
    const FlushDenormals flush;
    EXPECT_EQ(make_denormal(), 0);
  }
  EXPECT_GT(make_denormal(), 0);
}

TEST(FlushDenormals, HoldsInEveryThreadOfAPool) {
  const FlushDenormals flush;
  ThreadPool pool(3);
  pool.run(100, [](std::int64_t) { EXPECT_EQ(make_denormal(), 0); });
}

}  // namespace
}  // namespace normlab
