#include "normlab/train/probe_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace normlab {
namespace {

using testing::ElementsAre;

ProbeStep make_step(std::int64_t step, float value) {
  return {step, {{"dead", {{"2: relu", {{value}}}, {"5: relu", {{value + 1}}}}}}};
}

TEST(ProbeRecord, HasAValueOfEveryLayerForEveryStep) {
  ProbeRecord record;
  add(record, make_step(0, 1));
  add(record, make_step(50, 3));
  EXPECT_THAT(record.steps, ElementsAre(0, 50));
  ASSERT_EQ(layers_of(record, "dead").size(), 2u);
  EXPECT_EQ(layers_of(record, "dead")[1].layer, "5: relu");
  EXPECT_THAT(layers_of(record, "dead")[1].values, ElementsAre(ElementsAre(2), ElementsAre(4)));
  EXPECT_TRUE(layers_of(record, "gamma").empty());
}

TEST(ProbeRecord, OfOtherQuantitiesBeginsAnew) {
  ProbeRecord record{.times = {{"linear", 1}}};
  add(record, make_step(0, 1));
  ProbeStep other = make_step(50, 3);
  other.quantities["norm"] = {{"1: linear 8", {{0.5f}}}};
  add(record, other);
  EXPECT_THAT(record.steps, ElementsAre(50));
  EXPECT_THAT(layers_of(record, "dead")[0].values, ElementsAre(ElementsAre(3)));
  EXPECT_TRUE(record.times.empty()) << "they were those of steps that are no longer told";
}

TEST(ProbeRecord, OfANetworkWithoutSuchLayersHasItsSteps) {
  ProbeRecord record;
  add(record, {0, {}});
  add(record, {7, {}});
  EXPECT_THAT(record.steps, ElementsAre(0, 7));
}

}  // namespace
}  // namespace normlab
