#include "normlab/train/predictions.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace normlab {
namespace {

using testing::ElementsAre;
using testing::FloatEq;

TEST(Predictions, AreTheFirstLargestLogitAndItsSoftmax) {
  // One value to the right is padding.
  const std::vector<float> logits = {0, 0, 0, 99, 1000, 1000.5f, -1000, 99, -2, -1, -1, 99};
  Predictions predictions;
  append_predictions(predictions, {logits.data(), 2, 3, 4});
  append_predictions(predictions, {logits.data() + 8, 1, 3, 4});
  EXPECT_THAT(predictions.labels, ElementsAre(0, 1, 1));
  EXPECT_THAT(predictions.probabilities,
              ElementsAre(FloatEq(1.0f / 3), FloatEq(0.62245935f), FloatEq(0.42231882f)));
}

}  // namespace
}  // namespace normlab
