#include "normlab/report/html/thinning.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <gmock/gmock.h>

namespace normlab {
namespace {

using testing::Contains;
using testing::ElementsAre;

TEST(Thinning, KeepsEverythingThatFits) {
  EXPECT_THAT(thin(std::vector<double>{3, 1, 2}, 4), ElementsAre(0, 1, 2));
  EXPECT_THAT(thin(std::vector<double>{}, 4), ElementsAre());
}

TEST(Thinning, KeepsEverySpikeAndTheEnds) {
  std::vector<float> values(100000);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = std::sin(static_cast<float>(i) / 1000);
  }
  const std::vector<std::size_t> spikes = {17, 33333, 33340, 99990};
  for (const std::size_t spike : spikes) values[spike] = spike % 2 == 0 ? -50.0f : 50.0f;
  const auto kept = thin(values, 200);
  EXPECT_LE(kept.size(), 200u);
  EXPECT_GE(kept.size(), 150u);
  EXPECT_TRUE(std::ranges::is_sorted(kept)) << "in the order of the series";
  EXPECT_EQ(std::ranges::adjacent_find(kept), kept.end()) << "each once";
  EXPECT_EQ(kept.front(), 0u);
  EXPECT_EQ(kept.back(), values.size() - 1);
  for (const std::size_t spike : spikes) EXPECT_THAT(kept, Contains(spike));
}

TEST(Thinning, LeavesOutWhatIsNotFinite) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_THAT(thin(std::vector<double>{nan, 1, infinity, 2, nan}, 4), ElementsAre(1, 3));
}

}  // namespace
}  // namespace normlab
