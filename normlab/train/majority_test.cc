#include "normlab/train/majority.h"

#include <vector>

#include <gtest/gtest.h>

namespace normlab {
namespace {

TEST(MajorityShare, CountsTheImagesItIsGiven) {
  ImageSet set;
  set.labels = {2, 0, 2, 1, 2, 9};
  EXPECT_EQ(majority_share(set, std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5}), 0.5);
  EXPECT_EQ(majority_share(set, std::vector<std::uint32_t>{1, 3, 5}), 1.0 / 3);
  EXPECT_EQ(majority_share(set, std::vector<std::uint32_t>{5, 5}), 1);
  EXPECT_EQ(majority_share(set, {}), 0);
}

}  // namespace
}  // namespace normlab
