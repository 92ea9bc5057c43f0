#include "normlab/train/quantity.h"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "normlab/train/tally.h"

namespace normlab {
namespace {

TEST(Quantity, EachHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (const Quantity* quantity : quantities()) {
    EXPECT_TRUE(names.insert(quantity->name).second) << quantity->name;
    EXPECT_FALSE(quantity->noun.empty()) << quantity->name;
    EXPECT_LT(quantity->range.low, quantity->range.high) << quantity->name;
    EXPECT_TRUE(!quantity->is_score || quantity->larger_is_better) << quantity->name;
  }
}

TEST(Quantity, TheScoreIsTheAccuracy) {
  EXPECT_EQ(score_of({{"loss", 0.25}, {"accuracy", 0.75}}), 0.75);
  EXPECT_FALSE(score_of({{"loss", 0.25}}));
}

TEST(Tally, MeansAreOverExamplesAndNotOverBatches) {
  Tally tally;
  tally.add({{.loss = 6, .correct = 2}, 3});
  tally.add({{.loss = 4, .correct = 0}, 1});
  EXPECT_EQ(tally.evaluation(), (Evaluation{{"loss", 2.5}, {"accuracy", 0.5}}));
}

TEST(Tally, ALossThatIsNoNumberStaysOne) {
  Tally tally;
  tally.add({{.loss = std::nan(""), .correct = 1}, 2});
  EXPECT_TRUE(std::isnan(tally.evaluation().at("loss")));
  EXPECT_EQ(tally.evaluation().at("accuracy"), 0.5);
}

}  // namespace
}  // namespace normlab
