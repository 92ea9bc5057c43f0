#include "normlab/lab/statistics_survival.h"

#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace normlab {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

std::vector<Duration> arrivals(const std::vector<double>& times) {
  std::vector<Duration> durations;
  for (const double time : times) durations.push_back({time, true});
  return durations;
}

// Remission of leukaemia in weeks (Freireich et al. 1963), the standard example: medians 23 and 8.
TEST(KaplanMeier, ReproducesFreireichsMedians) {
  std::vector<Duration> treated = arrivals({6, 6, 6, 7, 10, 13, 16, 22, 23});
  for (const double time : {6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35}) {
    treated.push_back({time, false});
  }
  EXPECT_EQ(kaplan_meier_median(treated), 23);
  EXPECT_EQ(kaplan_meier_median(
                arrivals({1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23})),
            8);
}

// The estimate printed with the same data in textbooks: 0.857 from week 6, 0.807 from 7, ...,
// 0.448.
TEST(KaplanMeier, ReproducesFreireichsCurve) {
  std::vector<Duration> treated = arrivals({6, 6, 6, 7, 10, 13, 16, 22, 23});
  for (const double time : {6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35}) {
    treated.push_back({time, false});
  }
  const std::vector<SurvivalStep> curve = kaplan_meier_curve(treated);
  const std::vector<double> published = {0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448};
  ASSERT_EQ(curve.size(), published.size());
  for (std::size_t i = 0; i < curve.size(); ++i) {
    EXPECT_NEAR(curve[i].waiting, published[i], 0.0005) << "as printed, three digits";
  }
  EXPECT_EQ(curve[4].time, 16);
}

TEST(KaplanMeier, IsTheMedianWhenAllArrive) {
  EXPECT_EQ(kaplan_meier_median(arrivals({5, 1, 3})), 3);
  EXPECT_EQ(kaplan_meier_median(arrivals({4, 1, 2, 8})), 3);
  EXPECT_EQ(kaplan_meier_median(arrivals({7})), 7);
}

TEST(KaplanMeier, CountsThoseWhoNeverArrive) {
  std::vector<Duration> durations = arrivals({10, 20, 30});
  durations.push_back({kNever, false});
  durations.push_back({40, false});
  EXPECT_EQ(kaplan_meier_median(durations), 30) << "third of five";
  durations.push_back({40, false});
  EXPECT_EQ(kaplan_meier_median(durations), 30) << "exactly half arrived, and nothing follows";
  durations.push_back({kNever, false});
  EXPECT_EQ(kaplan_meier_median(durations), std::nullopt) << "three of seven";
}

TEST(KaplanMeier, IsAbsentWithoutArrivals) {
  EXPECT_EQ(kaplan_meier_median({}), std::nullopt);
  EXPECT_EQ(kaplan_meier_median(std::vector<Duration>{{5, false}}), std::nullopt);
}

}  // namespace
}  // namespace normlab
