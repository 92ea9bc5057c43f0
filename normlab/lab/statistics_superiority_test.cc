#include "normlab/lab/statistics_superiority.h"

#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace normlab {
namespace {

struct Published {
  double successes;
  double trials;
  double low;
  double high;
};

// Newcombe 1998, table I, method 3, four decimals.
TEST(Wilson, ReproducesNewcombesTable) {
  for (const Published& row :
       {Published{81, 263, 0.2553, 0.3662}, Published{15, 148, 0.0624, 0.1605},
        Published{0, 20, 0, 0.1611}, Published{1, 29, 0.0061, 0.1718}}) {
    const Interval interval = wilson_interval(row.successes, row.trials);
    EXPECT_NEAR(interval.low, row.low, 5e-5) << row.successes << " of " << row.trials;
    EXPECT_NEAR(interval.high, row.high, 5e-5) << row.successes << " of " << row.trials;
  }
}

TEST(Wilson, EndsExactlyAtZeroAndOne) {
  for (int trials = 1; trials <= 50; ++trials) {
    EXPECT_EQ(wilson_interval(0, trials).low, 0) << trials;
    EXPECT_EQ(wilson_interval(trials, trials).high, 1) << trials;
  }
}

TEST(Superiority, CountsTiesHalf) {
  const double infinity = std::numeric_limits<double>::infinity();
  const Superiority result = superiority(std::vector<double>{0.1, infinity, 0, -infinity});
  EXPECT_EQ(result.probability, 2.5 / 4);
  EXPECT_LT(result.ci95.low, 0.625);
  EXPECT_GT(result.ci95.high, 0.625);
}

}  // namespace
}  // namespace normlab
