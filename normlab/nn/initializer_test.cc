#include "normlab/nn/initializer.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "normlab/base/moments.h"

namespace normlab {
namespace {

struct Drawn {
  Moments moments;
  double smallest = 0;
  double largest = 0;
};

/// A weight of a layer with 784 inputs and 128 outputs, or its bias.
Drawn draw(const InitOptions& options, ParameterKind kind) {
  std::vector<float> values(kind == ParameterKind::weight ? 784 * 128 : 128);
  ParameterSlice slice{values.data(), nullptr, static_cast<std::int64_t>(values.size())};
  Parameter parameter{.name = "1.weight", .kind = kind, .shape = {}, .fans = {784, 128}};
  parameter.slice = &slice;
  Initializer(options, 3).fill(parameter);
  const std::vector<double> doubles(values.begin(), values.end());
  const auto [low, high] = std::ranges::minmax(doubles);
  return {moments_of(doubles), low, high};
}

struct Expectation {
  InitOptions options;
  double weight_sd;
  double weight_bound;  ///< 0: normal
  double bias_bound;
};

class InitializerTest : public testing::TestWithParam<Expectation> {};

TEST_P(InitializerTest, HasTheDistributionItPromises) {
  const Expectation& expected = GetParam();
  const Drawn weights = draw(expected.options, ParameterKind::weight);
  // Five standard errors of mean and standard deviation over 100,352 draws.
  EXPECT_NEAR(weights.moments.mean, 0, 5 * expected.weight_sd / 316);
  EXPECT_NEAR(weights.moments.standard_deviation(), expected.weight_sd,
              5 * expected.weight_sd / 447);
  if (expected.weight_bound > 0) {
    EXPECT_LE(weights.largest, expected.weight_bound);
    EXPECT_GE(weights.smallest, -expected.weight_bound);
    EXPECT_GT(weights.largest, 0.999 * expected.weight_bound);
    EXPECT_LT(weights.smallest, -0.999 * expected.weight_bound);
  } else {
    EXPECT_GT(weights.largest, 3.5 * expected.weight_sd) << "a normal has tails";
  }
  const Drawn bias = draw(expected.options, ParameterKind::bias);
  EXPECT_LE(bias.largest, expected.bias_bound);
  EXPECT_GE(bias.largest, 0.9 * expected.bias_bound);
}

const double kGlorotBound = std::sqrt(6.0 / (784 + 128));

INSTANTIATE_TEST_SUITE_P(
    Methods, InitializerTest,
    testing::Values(
        Expectation{{}, 1 / std::sqrt(3 * 784.0), 1 / 28.0, 1 / 28.0},
        Expectation{{.method = InitMethod::keras}, kGlorotBound / std::sqrt(3), kGlorotBound, 0},
        Expectation{{.method = InitMethod::he}, std::sqrt(2.0 / 784), 0, 0},
        Expectation{{.method = InitMethod::xavier}, std::sqrt(2.0 / (784 + 128)), 0, 0},
        Expectation{{.method = InitMethod::normal, .sd = 0.05}, 0.05, 0, 0},
        Expectation{{.method = InitMethod::he, .gain = 3}, 3 * std::sqrt(2.0 / 784), 0, 0}));

/// Of a convolution with `inputs` inputs, in PyTorch's order.
std::vector<float> filters(const InitOptions& options, std::int64_t outputs, std::int64_t inputs,
                           std::int64_t side) {
  std::vector<float> values(static_cast<std::size_t>(outputs * inputs * side * side));
  ParameterSlice slice{values.data(), nullptr, std::ssize(values)};
  Parameter parameter{.name = "0.weight",
                      .shape = {outputs, inputs, side, side},
                      .fans = {inputs * side * side, outputs * side * side}};
  parameter.slice = &slice;
  Initializer(options, 3).fill(parameter);
  return values;
}

TEST(InitIdentity, TheFirstFiltersHandTheirInputsOn) {
  const std::vector<float> drawn = filters({.method = InitMethod::he}, 5, 2, 3);
  const std::vector<float> values = filters({.method = InitMethod::he, .identity = true}, 5, 2, 3);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t filter = i / 18;
    if (filter >= 2) {
      EXPECT_EQ(values[i], drawn[i]) << "the others are as without";
    } else {
      EXPECT_EQ(values[i], i % 18 == filter * 9 + 4 ? 1 : 0) << i;
    }
  }
  // As torch.nn.init.dirac_ has it: of an even side the middle is behind the half.
  EXPECT_EQ(filters({.identity = true}, 1, 1, 2), (std::vector<float>{0, 0, 0, 1}));
  EXPECT_EQ(filters({.identity = true}, 1, 2, 1), (std::vector<float>{1, 0}));
}

}  // namespace
}  // namespace normlab
