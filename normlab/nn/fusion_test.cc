#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "normlab/nn/network_test.h"

namespace normlab {
namespace {

/// Gammas of either sign and zero: a pooling behind the norm then picks maxima, minima, or the
/// first of equal values.
void vary_gammas(Network& network) {
  for (const Parameter& parameter : network.parameters().parameters()) {
    for (std::int64_t i = 0; i < parameter.slice->size; ++i) {
      if (parameter.kind == ParameterKind::gamma) {
        parameter.slice->value[i] = static_cast<float>(i % 3 - 1);
      } else if (parameter.kind == ParameterKind::beta) {
        parameter.slice->value[i] = 0.1f * static_cast<float>(i % 5 - 1);
      }
    }
  }
}

class FusionTest : public testing::TestWithParam<std::tuple<NormKind, bool, std::string>> {};

TEST_P(FusionTest, ChangesResultsByRoundingOnly) {
  NetworkOptions options;
  options.norm.kind = std::get<NormKind>(GetParam());
  const std::string model = std::get<std::string>(GetParam());
  Network fused = make_network(model, {.max_examples = 24}, options);
  Network plain = make_network(model, {.max_examples = 24, .fuse = false}, options);
  // Few, so that no ReLU and no pooling is at a kink that rounding decides.
  constexpr std::int64_t kExamples = 8;
  const std::vector<float> x = random_input(fused, kExamples);
  for (Network* network : {&fused, &plain}) {
    vary_gammas(*network);
    const ConstMatrix y = network->forward(
        x.data(), kExamples, std::get<bool>(GetParam()) ? Mode::training : Mode::evaluation, 7);
    std::copy_n(y.data, kExamples * 5, network->output_gradient().data);
    network->backward();
  }
  // Sums of at most some hundred floats of order one, added in another order.
  constexpr float kTolerance = 2e-4f;
  for (std::size_t i = 0; i < fused.state().size(); ++i) {
    const StateTensor& tensor = fused.state()[i];
    for (std::size_t c = 0; c < tensor.values.size(); ++c)
      ASSERT_NEAR(tensor.values[c], plain.state()[i].values[c], kTolerance) << tensor.name;
  }
  const auto parameters = fused.parameters().parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const ParameterSlice& a = *parameters[i].slice;
    const ParameterSlice& b = *plain.parameters().parameters()[i].slice;
    for (std::int64_t j = 0; j < a.size; ++j) {
      const float scale = 1 + std::abs(a.gradient[j]);
      ASSERT_NEAR(a.gradient[j], b.gradient[j], kTolerance * scale) << parameters[i].name;
    }
  }
}

// From the third on, convolution, normalization and pooling run in one: with rests of rows and
// columns in no window, several strips to an image (the last of 11 rows without a window), padding,
// a stride, the norm on either side.
INSTANTIATE_TEST_SUITE_P(
    Networks, FusionTest,
    testing::Combine(
        testing::Values(NormKind::none, NormKind::batch), testing::Bool(),
        testing::Values(
            "9x9x2: conv 8 3x3, norm, relu, maxpool 2, conv 12 2x2, gelu, norm, flatten, "
            "linear 150, norm, tanh, dropout 0.3, linear 5",
            "9x9x1: conv 16 3x3, norm, gelu, maxpool 3 stride 2, flatten, linear 5",
            "28x28x1: conv 32 3x3, relu, norm, maxpool 2, flatten, linear 5",
            "13x9x3: conv 48 3x3 pad 1, norm, relu, maxpool 2, flatten, linear 5",
            "11x9x3: conv 48 3x3 pad 1, relu, norm, maxpool 2, flatten, linear 5",
            "31x17x2: conv 64 3x3 stride 2 pad 1, relu, norm, relu, maxpool 3, conv 4 2x2, norm, "
            "flatten, linear 5",
            "12x11x1: conv 16 3x3, norm, maxpool 2, flatten, linear 5",
            // Several pieces, whose loops the stage behind does, a sum's among them; smaller images
            // come in larger pieces.
            "32x32x2: conv 32 3x3 pad 1, norm, tanh, residual(conv 32 3x3 pad 1, norm, tanh, "
            "conv 32 3x3 pad 1, norm | conv 32 1x1, norm), tanh, conv 16 3x3 stride 2, norm, tanh, "
            "residual(conv 16 3x3 pad 1, norm), conv 8 3x3, gelu, norm, global_avgpool, linear 5",
            // Cut along its inputs.
            "2500: linear 100, norm, relu, linear 5")));

}  // namespace
}  // namespace normlab
