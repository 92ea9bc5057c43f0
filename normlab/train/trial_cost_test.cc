#include "normlab/train/trial_cost.h"

#include <gtest/gtest.h>

#include "normlab/train/test_data.h"

namespace normlab {
namespace {

/// 6x6x3 inputs; 80 images train, 20 validate, 30 test.
TrialSettings settings() {
  TrialSettings settings;
  settings.model = "flatten, linear 8, norm, relu, linear 3";
  settings.batch = 8;
  settings.epochs = 2;
  return settings;
}

TrialCost cost_of(const TrialSettings& settings, const Dataset& data) {
  return trial_cost(plan_trial(settings, data), data);
}

TEST(TrialCost, CountsTheOperationsOfTrainingAndEvaluation) {
  const Dataset data = make_test_data(100, 30);
  const double first = 2.0 * static_cast<double>(data.image_size()) * 8;
  const double second = 2.0 * 8 * 3;
  EXPECT_DOUBLE_EQ(cost_of(settings(), data).flops,
                   2 * 80 * (2 * first + 3 * second) + (2 * 20 + 30) * (first + second));
}

TEST(TrialCost, MirroredImagesAreEvaluatedOnTop) {
  const Dataset data = make_test_data(100, 30);
  TrialSettings flipped = settings();
  flipped.eval_flip = true;
  EXPECT_DOUBLE_EQ(cost_of(flipped, data).flops - cost_of(settings(), data).flops,
                   (2 * 20 + 30) * plan_trial(flipped, data).summary.flops);
}

TEST(TrialCost, GrowsWithStepsAndShrinksWithTheBatch) {
  const Dataset data = make_test_data(100, 30);
  TrialSettings longer = settings();
  longer.epochs = 4;
  TrialSettings larger = settings();
  larger.batch = 40;
  const TrialCost base = cost_of(settings(), data);
  EXPECT_GT(cost_of(longer, data).reference_seconds, 1.5 * base.reference_seconds);
  EXPECT_LT(cost_of(larger, data).reference_seconds, base.reference_seconds);
  EXPECT_DOUBLE_EQ(cost_of(larger, data).flops, base.flops);
}

TEST(TrialCost, ATrialCutShortByStepsCostsItsShare) {
  const Dataset data = make_test_data(100, 30);
  TrialSettings cut = settings();
  cut.steps = 5;  // half an epoch
  const double per_step = 8 * training_flops(plan_trial(cut, data).summary);
  const double evaluation = 50 * plan_trial(cut, data).summary.flops;
  EXPECT_DOUBLE_EQ(cost_of(cut, data).flops, 5 * per_step + evaluation);
}

TEST(TrialCost, TheProbesNetworkTakesMemoryToo) {
  const Dataset data = make_test_data(100, 30);
  TrialSettings plain = settings();
  plain.probe = 0;
  TrialSettings probed = settings();
  probed.probe = 10;
  const std::int64_t parameters = data.image_size() * 8 + 8 + 16 + 24 + 3;
  // Values and gradients, and at the least the images of a batch.
  EXPECT_GE(cost_of(probed, data).bytes - cost_of(plain, data).bytes,
            8 * parameters + 4 * 8 * data.image_size());
  EXPECT_EQ(plan_trial(plain, data).probe_bytes, 0);
  // A probe looks at no more images than there are to validate on.
  probed.batch = 40;
  TrialSettings larger = probed;
  larger.batch = 80;
  EXPECT_EQ(plan_trial(probed, data).probe_bytes, plan_trial(larger, data).probe_bytes);
}

}  // namespace
}  // namespace normlab
