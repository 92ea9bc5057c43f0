#include "normlab/optim/optimizer.h"

#include <algorithm>
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
    slices_[0].given_in_backward = true;
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

TEST_F(OptimizerTest, DecayTouchesTheKindsItIsOn) {
  OptimizerOptions options{.kind = OptimizerKind::sgd, .lr = 0.1, .weight_decay = 0.5};
  options.decays[ParameterKind::weight] = false;
  options.decays[ParameterKind::gamma] = true;
  EXPECT_FLOAT_EQ(after_step(options, 0), 1 - 0.1f * 2);
  EXPECT_FLOAT_EQ(slices_[1].value[1], 1 - 0.1f * 2);
  EXPECT_FLOAT_EQ(slices_[2].value[1], 1 - 0.1f * 2.5f);
}

TEST_F(OptimizerTest, EachKindHasItsMultipleOfTheRate) {
  for (const OptimizerKind kind : {OptimizerKind::sgd, OptimizerKind::adamw}) {
    OptimizerOptions options{.kind = kind, .lr = 0.01, .weight_decay = 0.5};
    options.decays[ParameterKind::gamma] = true;
    const float weight = after_step(options, 0);
    const float bias = slices_[1].value[1];
    const float gamma = slices_[2].value[1];
    for (const ParameterSlice& slice : slices_) std::ranges::fill(slice.values(), 1.0f);
    options.lr_multiplier[ParameterKind::bias] = 8;
    options.lr_multiplier[ParameterKind::gamma] = 0;
    EXPECT_EQ(after_step(options, 0), weight);
    EXPECT_NEAR(1 - slices_[1].value[1], 8 * (1 - bias), 1e-6);
    EXPECT_EQ(slices_[2].value[1], 1) << "not even decay moves it";
    EXPECT_LT(gamma, 1);
    for (const ParameterSlice& slice : slices_) std::ranges::fill(slice.values(), 1.0f);
  }
}

TEST_F(OptimizerTest, DecayOnAllTouchesAll) {
  OptimizerOptions options{.kind = OptimizerKind::sgd, .lr = 0.1, .weight_decay = 0.5};
  options.decays.values.fill(true);
  EXPECT_FLOAT_EQ(after_step(options, 1), 1 - 0.1f * 2.5f);
  EXPECT_FLOAT_EQ(slices_[2].value[1], 1 - 0.1f * 2.5f);
}

TEST_F(OptimizerTest, TakesInPiecesWhatAStepDoesAtOnce) {
  const OptimizerOptions options{.kind = OptimizerKind::adam, .lr = 0.1, .weight_decay = 0.5};
  Optimizer at_once(options, parameters_);
  for (int i = 0; i < 2; ++i) at_once.step(0.1);
  const std::vector<float> expected(parameters_.values(),
                                    parameters_.values() + parameters_.size());

  for (const ParameterSlice& slice : slices_) std::ranges::fill(slice.values(), 1.0f);
  Optimizer in_pieces(options, parameters_);
  const std::vector<float> gradient(3, 2.0f);
  std::fill_n(slices_[0].gradient, 3, 1000.0f);  // not to be read
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(in_pieces.begin_step(0.1));
    in_pieces.take(slices_[0], 1, 2, gradient.data());
    in_pieces.take(slices_[0], 0, 1, gradient.data());
    in_pieces.finish_step();
  }
  EXPECT_EQ(expected,
            std::vector<float>(parameters_.values(), parameters_.values() + parameters_.size()));
}

TEST_F(OptimizerTest, WaitsForTheWholeGradientToClipIt) {
  Optimizer optimizer({.kind = OptimizerKind::sgd, .lr = 1, .clip = 3}, parameters_);
  EXPECT_FALSE(optimizer.begin_step(1));
  optimizer.finish_step();
  EXPECT_NEAR(slices_[0].value[0], 1 - 2 * 3 / std::sqrt(9 * 4.0), 1e-6);
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
