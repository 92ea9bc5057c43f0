#include "normlab/nn/planner.h"

#include <gtest/gtest.h>

namespace normlab {
namespace {

constexpr std::int64_t kCount = 12;

/// Two layers: one whose output lies in `output`, one with a gradient for its input.
class LoanTest : public testing::Test {
 protected:
  Planner planner_{NetworkOptions{}, {.max_examples = 4}};
  ArenaSlice<float> output_;
  ArenaSlice<float> gradient_;

  void plan_lender() {
    planner_.begin_layer();
    planner_.reserve(output_, kCount);
    planner_.lend_output(output_, kCount);
  }
  void plan_reader(std::int64_t count) {
    planner_.begin_layer();
    planner_.reserve_input_gradient(gradient_, count);
  }
};

TEST_F(LoanTest, GradientLiesWhereTheInputWasLent) {
  plan_lender();
  plan_reader(kCount);
  const auto arena = planner_.allocate();
  EXPECT_EQ(gradient_.data, output_.data);
}

TEST_F(LoanTest, WhatIsNotLentIsLeftAlone) {
  planner_.begin_layer();
  planner_.reserve(output_, kCount);
  plan_reader(kCount);
  const auto arena = planner_.allocate();
  EXPECT_NE(gradient_.data, nullptr);
  EXPECT_NE(gradient_.data, output_.data);
}

TEST_F(LoanTest, IsToTheNextLayerOnly) {
  plan_lender();
  planner_.begin_layer();  // one that has its output elsewhere
  plan_reader(kCount);
  const auto arena = planner_.allocate();
  EXPECT_NE(gradient_.data, output_.data);
}

TEST_F(LoanTest, IsTakenOnce) {
  plan_lender();
  plan_reader(kCount);
  ArenaSlice<float> another;
  planner_.reserve_input_gradient(another, kCount);
  const auto arena = planner_.allocate();
  EXPECT_EQ(gradient_.data, output_.data);
  EXPECT_NE(another.data, output_.data);
}

TEST_F(LoanTest, OfAnotherSizeIsNotTaken) {
  plan_lender();
  plan_reader(kCount + 1);
  const auto arena = planner_.allocate();
  EXPECT_NE(gradient_.data, output_.data);
}

TEST_F(LoanTest, IsNotForTheGradientOfTheNetworksOutput) {
  plan_lender();
  planner_.begin_layer();
  planner_.reserve_gradient(gradient_, kCount);
  const auto arena = planner_.allocate();
  EXPECT_NE(gradient_.data, output_.data);
}

TEST(Planner, GradientsThatFollowEachOtherLieApart) {
  Planner planner(NetworkOptions{}, {.max_examples = 4});
  ArenaSlice<float> gradients[3];
  for (ArenaSlice<float>& gradient : gradients) planner.reserve_gradient(gradient, kCount);
  const auto arena = planner.allocate();
  EXPECT_NE(gradients[0].data, gradients[1].data);
  EXPECT_EQ(gradients[0].data, gradients[2].data);
}

}  // namespace
}  // namespace normlab
