#include "normlab/data/channel_moments.h"

#include <array>

#include <gtest/gtest.h>

namespace normlab {
namespace {

/// Two images of two pixels with two channels.
const ImageSet kImages{{0, 255, 10, 255, 20, 255, 30, 255}, {0, 1}};

TEST(ChannelMoments, AreTakenForEachChannel) {
  const auto moments = channel_moments(kImages, 2);
  ASSERT_EQ(moments.size(), 2u);
  EXPECT_EQ(moments[0].count, 4);
  EXPECT_EQ(moments[0].mean, 15);
  EXPECT_EQ(moments[0].biased_variance(), 125);
  EXPECT_EQ(moments[1].mean, 255);
  EXPECT_EQ(moments[1].biased_variance(), 0);
}

TEST(ChannelMoments, AreTakenOverTheChosenImages) {
  const auto moments = channel_moments(kImages, 2, std::array{1u});
  EXPECT_EQ(moments[0].mean, 25);
  EXPECT_EQ(moments[0].biased_variance(), 25);
}

}  // namespace
}  // namespace normlab
