#include "normlab/bench/compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/base/error.h"

namespace normlab::bench {
namespace {

using nlohmann::json;

json output(double seconds, double low, double high, const char* shape = "64x128") {
  return {{"kernels",
           {{{"name", "adam"}, {"shape", shape}, {"seconds", seconds}, {"range", {low, high}}}}},
          {"steps", json::array()}};
}

TEST(Compare, RangesThatMeetAreNoDifference) {
  const auto changes = compare(output(1.0, 0.9, 1.2), "A", output(1.5, 1.1, 1.9), "B");
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].name, "adam 64x128");
  EXPECT_EQ(changes[0].before, 1.0);
  EXPECT_EQ(changes[0].after, 1.5);
  EXPECT_FALSE(changes[0].slower);
  EXPECT_FALSE(changes[0].faster);
}

TEST(Compare, DisjointRangesAre) {
  EXPECT_TRUE(compare(output(1, 0.9, 1.1), "A", output(2, 1.2, 2.2), "B")[0].slower);
  EXPECT_TRUE(compare(output(2, 1.2, 2.2), "A", output(1, 0.9, 1.1), "B")[0].faster);
}

TEST(Compare, StepsAreToldApartByAllTheyDependOn) {
  json before{{"kernels", json::array()}, {"steps", json::array()}};
  json after = before;
  for (const int threads : {1, 2}) {
    for (json* result : {&before, &after}) {
      (*result)["steps"].push_back({{"model", "m"},
                                    {"batch", 32},
                                    {"optimizer", "adam"},
                                    {"norm", "batch"},
                                    {"threads", threads},
                                    {"seconds", threads},
                                    {"range", {threads, threads}}});
    }
  }
  const auto changes = compare(before, "A", after, "B");
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0].name, "step m batch=32 adam norm=batch precision=float threads=1");
  EXPECT_FALSE(changes[0].slower);
  EXPECT_FALSE(changes[1].slower);
}

TEST(Compare, RefusesWhatIsNotABenchmark) {
  EXPECT_THROW(compare(json::object(), "A", output(1, 1, 1), "B"), RequestError);
  EXPECT_THROW(compare(json::array(), "A", output(1, 1, 1), "B"), RequestError);
  EXPECT_THROW(compare(output(1, 1, 1), "A", output(1, 1, 1, "other"), "B"), RequestError);
}

}  // namespace
}  // namespace normlab::bench
