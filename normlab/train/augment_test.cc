#include "normlab/train/augment.h"

#include <algorithm>
#include <map>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/base/error.h"

namespace normlab {
namespace {

using kernels::Placement;

Dataset images_of(std::int32_t side) {
  Dataset data;
  data.name = "noise";
  data.height = side;
  data.width = side;
  data.channels = 3;
  return data;
}

std::vector<std::uint32_t> first_images(std::size_t count) {
  std::vector<std::uint32_t> images(count);
  std::iota(images.begin(), images.end(), 0u);
  return images;
}

bool same(const Placement& a, const Placement& b) {
  return a.down == b.down && a.right == b.right && a.mirrored == b.mirrored;
}

TEST(Augmenter, WithoutOptionsImagesAreAsTheyAre) {
  Augmenter augmenter({}, 1, 4);
  EXPECT_TRUE(augmenter.place(first_images(4), 0).empty());
}

TEST(Augmenter, EveryMoveAndBothSidesComeEquallyOften) {
  constexpr std::size_t kImages = 8100;
  Augmenter augmenter({.crop = 4, .flip = Flip::random}, 1, kImages);
  std::map<int, int> downs;
  std::map<int, int> rights;
  int mirrored = 0;
  for (const Placement& p : augmenter.place(first_images(kImages), 3)) {
    ++downs[p.down];
    ++rights[p.right];
    mirrored += p.mirrored ? 1 : 0;
  }
  for (const auto& moves : {downs, rights}) {
    ASSERT_EQ(moves.size(), 9u);
    EXPECT_EQ(moves.begin()->first, -4);
    // 900 each; five standard deviations of a count are 141.
    for (const auto& [move, count] : moves) EXPECT_NEAR(count, 900, 141) << move;
  }
  EXPECT_NEAR(mirrored, 4050, 225);
}

TEST(Augmenter, AnImageIsSeenTheSameInAnyBatchAndAnewInEveryEpoch) {
  Augmenter augmenter({.crop = 4, .flip = Flip::random}, 7, 100);
  const auto all = augmenter.place(first_images(100), 2);
  const std::vector<Placement> seen(all.begin(), all.end());
  const std::vector<std::uint32_t> some = {42, 7};
  const auto again = augmenter.place(some, 2);
  EXPECT_TRUE(same(again[0], seen[42]) && same(again[1], seen[7]));
  const auto later = augmenter.place(first_images(100), 3);
  int equal = 0;
  for (std::size_t i = 0; i < 100; ++i) equal += same(later[i], seen[i]) ? 1 : 0;
  EXPECT_LT(equal, 10);
}

TEST(Augmenter, AlternateFlipsShowBothSidesInTwoEpochs) {
  constexpr std::size_t kImages = 1000;
  Augmenter augmenter({.crop = 1, .flip = Flip::alternate}, 7, kImages);
  Augmenter random({.crop = 1, .flip = Flip::random}, 7, kImages);
  const auto sides = [](std::span<const Placement> placements) {
    std::vector<bool> mirrored;
    for (const Placement& p : placements) mirrored.push_back(p.mirrored);
    return mirrored;
  };
  const std::vector<bool> first = sides(augmenter.place(first_images(kImages), 0));
  EXPECT_EQ(first, sides(random.place(first_images(kImages), 0)));
  // Five standard deviations.
  EXPECT_NEAR(static_cast<double>(std::ranges::count(first, true)), 500, 79);
  for (std::int64_t epoch = 1; epoch < 5; ++epoch) {
    std::vector<bool> expected = first;
    if (epoch % 2 != 0) expected.flip();
    EXPECT_EQ(sides(augmenter.place(first_images(kImages), epoch)), expected) << epoch;
  }
}

TEST(Augmenter, RefusesAMoveThatLeavesNothing) {
  EXPECT_THROW(check_augment({.crop = 8}, images_of(8)), RequestError);
  EXPECT_NO_THROW(check_augment({.crop = 7}, images_of(8)));
}

}  // namespace
}  // namespace normlab
