#include "normlab/train/batches.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/base/error.h"

namespace normlab {
namespace {

using testing::ElementsAre;

std::vector<std::int64_t> sizes(const BatchPlan& plan) {
  std::vector<std::int64_t> sizes;
  for (std::int64_t i = 0; i < plan.batches(); ++i) sizes.push_back(plan.batch(i).count);
  return sizes;
}

TEST(Batches, TailPolicies) {
  EXPECT_THAT(sizes({10, 4, Tail::keep}), ElementsAre(4, 4, 2));
  EXPECT_THAT(sizes({10, 4, Tail::drop}), ElementsAre(4, 4));
  EXPECT_THAT(sizes({10, 4, Tail::merge}), ElementsAre(4, 6));
  EXPECT_THAT(sizes({10, 4, Tail::wrap}), ElementsAre(4, 4, 4));
  for (const Tail tail : {Tail::keep, Tail::drop, Tail::merge, Tail::wrap}) {
    EXPECT_THAT(sizes({8, 4, tail}), ElementsAre(4, 4));
  }
}

TEST(Batches, ABatchLargerThanTheData) {
  EXPECT_THAT(sizes({3, 4, Tail::keep}), ElementsAre(3));
  EXPECT_THAT(sizes({3, 4, Tail::merge}), ElementsAre(3));
  EXPECT_THAT(sizes({3, 8, Tail::wrap}), ElementsAre(8));
  EXPECT_THROW(BatchPlan(3, 4, Tail::drop), RequestError);
}

TEST(Batches, WrapRepeatsTheBeginningOfTheEpoch) {
  const std::vector<std::uint32_t> images{5, 6, 7};
  std::vector<std::uint32_t> order;
  BatchPlan(3, 8, Tail::wrap).order(order, images, 1, 0, false);
  EXPECT_THAT(order, ElementsAre(5, 6, 7, 5, 6, 7, 5, 6));
}

TEST(Batches, OrderIsFixedBySeedAndEpoch) {
  std::vector<std::uint32_t> images(100);
  std::iota(images.begin(), images.end(), 0u);
  const BatchPlan plan(100, 10, Tail::keep);
  const auto order = [&](std::uint64_t seed, std::int64_t epoch) {
    std::vector<std::uint32_t> result;
    plan.order(result, images, seed, epoch, true);
    return result;
  };
  EXPECT_EQ(order(1, 0), order(1, 0));
  EXPECT_NE(order(1, 0), order(1, 1));
  EXPECT_NE(order(1, 0), order(2, 0));
  std::vector<std::uint32_t> sorted = order(1, 0);
  std::ranges::sort(sorted);
  EXPECT_EQ(sorted, images);
}

TEST(Split, IsAPartitionThatTheSeedFixes) {
  const Split split = split_images(1000, 0.2, 4);
  EXPECT_EQ(split.validation.size(), 200u);
  EXPECT_EQ(split.train.size(), 800u);
  std::vector<std::uint32_t> all = split.train;
  all.insert(all.end(), split.validation.begin(), split.validation.end());
  std::ranges::sort(all);
  for (std::uint32_t i = 0; i < 1000; ++i) ASSERT_EQ(all[i], i);
  EXPECT_EQ(split_images(1000, 0.2, 4).validation, split.validation);
  EXPECT_NE(split_images(1000, 0.2, 5).validation, split.validation);
}

TEST(Split, ALargerSubsetHasAllOfASmallerOneAndTheSameValidation) {
  const Split all = split_images(1000, 0.2, 7);
  Split larger = all;
  for (const std::int64_t subset : {799, 300, 10, 1}) {
    const Split split = split_images(1000, 0.2, 7, subset);
    EXPECT_EQ(split.validation, all.validation);
    EXPECT_EQ(std::ssize(split.train), subset);
    EXPECT_TRUE(std::ranges::is_sorted(split.train));
    EXPECT_TRUE(std::ranges::includes(larger.train, split.train)) << subset;
    larger = split;
  }
  EXPECT_EQ(split_images(1000, 0.2, 7, 800).train, all.train);
  EXPECT_NE(split_images(1000, 0.2, 8, 10).train, split_images(1000, 0.2, 7, 10).train);
}

}  // namespace
}  // namespace normlab
