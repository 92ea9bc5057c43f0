#include "normlab/optim/optimizer.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace normlab {
namespace {

/// One weight, one bias and one gamma of three numbers each, all 1, all gradients 2; a second
/// weight is not trained.
class OptimizerTest : public testing::Test {
 protected:
  OptimizerTest() : parameters_(describe()) {
    for (const Parameter& parameter : parameters_.parameters()) {
      for (int i = 0; i < 3; ++i) {
        parameter.slice->value[i] = 1;
        parameter.slice->gradient[i] = 2;
      }
    }
  }

  float after_step(const OptimizerOptions& options, std::size_t slice) {
    Optimizer optimizer(options, parameters_);
    optimizer.step(options.lr);
    return slices_[slice].value[1];
  }

  std::vector<Parameter> describe() {
    slices_.resize(4);
    std::vector<Parameter> parameters{
        {.name = "0.weight", .kind = ParameterKind::weight, .shape = {3}},
        {.name = "0.bias", .kind = ParameterKind::bias, .shape = {3}},
        {.name = "1.weight", .kind = ParameterKind::gamma, .shape = {3}},
        {.name = "2.weight", .kind = ParameterKind::weight, .shape = {3}, .trained = false}};
    for (std::size_t i = 0; i < 4; ++i) {
      slices_[i].size = 3;
      parameters[i].slice = &slices_[i];
    }
    return parameters;
  }

  std::vector<ParameterSlice> slices_;
  ParameterBuffer parameters_;
};

TEST_F(OptimizerTest, DecayTouchesWeightsOnlyUnlessAsked) {
  OptimizerOptions options{.kind = OptimizerKind::sgd, .lr = 0.1, .weight_decay = 0.5};
  EXPECT_FLOAT_EQ(after_step(options, 0), 1 - 0.1f * 2.5f);
  EXPECT_FLOAT_EQ(slices_[1].value[1], 1 - 0.1f * 2);
  EXPECT_FLOAT_EQ(slices_[2].value[1], 1 - 0.1f * 2);
}

TEST_F(OptimizerTest, DecayOnAllTouchesAll) {
  OptimizerOptions options{.kind = OptimizerKind::sgd, .lr = 0.1, .weight_decay = 0.5};
  options.weight_decay_on = DecayOn::all;
  EXPECT_FLOAT_EQ(after_step(options, 1), 1 - 0.1f * 2.5f);
  EXPECT_FLOAT_EQ(slices_[2].value[1], 1 - 0.1f * 2.5f);
}

TEST_F(OptimizerTest, LeavesUntrainedParametersAlone) {
  EXPECT_EQ(after_step({.kind = OptimizerKind::adamw, .weight_decay = 0.5}, 3), 1);
}

TEST_F(OptimizerTest, AdamsFirstStepIsTheLearningRate) {
  EXPECT_NEAR(after_step({.kind = OptimizerKind::adam, .lr = 0.01}, 0), 0.99, 1e-7);
}

TEST_F(OptimizerTest, ClipsTheNormOfTheWholeTrainedGradient) {
  const double norm = std::sqrt(9 * 4.0);
  EXPECT_NEAR(after_step({.kind = OptimizerKind::sgd, .lr = 1, .clip = 3}, 0), 1 - 2 * 3 / norm,
              1e-6);
}

TEST_F(OptimizerTest, LeavesASmallGradientUnclipped) {
  EXPECT_EQ(after_step({.kind = OptimizerKind::sgd, .lr = 1, .clip = 100}, 0), -1);
}

}  // namespace
}  // namespace normlab
