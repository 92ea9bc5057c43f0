#include <algorithm>
#include <cmath>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "normlab/base/philox.h"
#include "normlab/nn/network_test.h"
#include "normlab/nn/reference_network.h"

/// Forward and backward passes against the double-precision oracle: outputs directly, gradients
/// through central differences of L = sum(r * y) with a random r (the plain sum of a batch norm's
/// output has no gradient at all).
namespace normlab {
namespace {

struct Case {
  std::string model;  ///< with its input shape
  std::int64_t examples;
  NormKind norm = NormKind::batch;
  RedundantBias redundant_bias = RedundantBias::keep;
};

/// For the test's name.
std::ostream& operator<<(std::ostream& out, const Case& test) {
  return out << test.model << (test.norm == NormKind::none ? ", empty slots" : "")
             << (test.redundant_bias == RedundantBias::drop ? ", bias dropped" : "");
}
std::vector<float> random_floats(std::size_t count, std::uint64_t stream) {
  Philox random(11, Purpose::test, stream);
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(random.normal());
  return values;
}

class GradientTest : public testing::TestWithParam<std::tuple<Case, bool>> {
 protected:
  GradientTest()
      : spec_(parse_model_text(test_case().model)),
        options_(make_options(test_case())),
        network_(spec_, *spec_.input, options_,
                 {.max_examples = test_case().examples, .input_gradient = true}, test_team(2)),
        reference_(spec_, *spec_.input, options_) {
    network_.initialize({}, 5);
    disturb();
    reference_.load(network_.save());
    x_ = random_floats(static_cast<std::size_t>(test_case().examples * network_.input().size()), 1);
    cotangent_ =
        random_floats(static_cast<std::size_t>(test_case().examples * network_.output().size()), 2);
  }

  const Case& test_case() const { return std::get<0>(GetParam()); }
  Mode mode() const { return std::get<1>(GetParam()) ? Mode::training : Mode::evaluation; }

  static NetworkOptions make_options(const Case& test) {
    NetworkOptions options;
    options.norm.kind = test.norm;
    options.redundant_bias = test.redundant_bias;
    return options;
  }

  /// Gammas, betas and running statistics away from their neutral starts.
  void disturb() {
    std::uint64_t stream = 100;
    for (const Parameter& parameter : network_.parameters().parameters()) {
      const auto noise = random_floats(static_cast<std::size_t>(parameter.slice->size), ++stream);
      for (std::size_t i = 0; i < noise.size(); ++i)
        parameter.slice->values()[i] += 0.3f * noise[i];
    }
    for (const StateTensor& tensor : network_.state()) {
      const auto noise = random_floats(tensor.values.size(), ++stream);
      for (std::size_t i = 0; i < noise.size(); ++i) {
        tensor.values[i] += tensor.initial == 0 ? noise[i] : 0.4f * std::abs(noise[i]);
      }
    }
  }

  double loss(const std::vector<double>& x) const {
    const std::vector<double> y =
        reference_.forward(x, test_case().examples, mode() == Mode::training);
    double sum = 0;
    // Outputs are flat or 1x1 images here, so both layouts agree.
    for (std::size_t i = 0; i < y.size(); ++i) sum += static_cast<double>(cotangent_[i]) * y[i];
    return sum;
  }

  /// dL/d(values along direction), by central differences in double; `values` must be what `loss`
  /// reads.
  template <class Loss>
  static double derivative(std::vector<double>& values, const std::vector<double>& direction,
                           Loss loss) {
    // Small enough not to cross the kinks of relu and maxpool, large enough for 1e-9 of rounding
    // error.
    constexpr double kStep = 1e-6;
    const std::vector<double> start = values;
    const auto at = [&](double step) {
      for (std::size_t i = 0; i < values.size(); ++i) values[i] = start[i] + step * direction[i];
      return loss();
    };
    const double difference = (at(kStep) - at(-kStep)) / (2 * kStep);
    values = start;
    return difference;
  }

  /// Single elements for small tensors (every one), random directions for all.
  template <class Loss>
  static void expect_gradient(std::vector<double>& values, const std::vector<double>& gradient,
                              Loss loss, const std::string& what) {
    // Terms near 1 may cancel to almost nothing, as under a norm of two examples; their rounding
    // stays.
    double largest = 0.05;
    for (const double g : gradient) largest = std::max(largest, std::abs(g));
    const auto check = [&](const std::vector<double>& direction, const std::string& where) {
      double expected = derivative(values, direction, loss);
      double actual = 0;
      double weight = 0;
      for (std::size_t i = 0; i < gradient.size(); ++i) {
        actual += gradient[i] * direction[i];
        weight += std::abs(direction[i]);
      }
      // Single precision through a handful of layers: 2e-4 of the largest gradient, for each
      // element moved (in the root mean square sense).
      const double tolerance = 2e-4 * largest * std::sqrt(weight);
      EXPECT_TRUE(std::abs(actual - expected) <= tolerance)
          << what << " " << where << ": " << actual << ", expected " << expected << " +- "
          << tolerance;
    };
    for (std::size_t i = 0; i < std::min<std::size_t>(values.size(), 12); ++i) {
      std::vector<double> direction(values.size());
      direction[i * 7919 % values.size()] = 1;
      check(direction, "element " + std::to_string(i * 7919 % values.size()));
    }
    const auto random = random_floats(values.size(), 77);
    check({random.begin(), random.end()}, "along a random direction");
  }

  ModelSpec spec_;
  NetworkOptions options_;
  Network network_;
  ReferenceNetwork reference_;
  std::vector<float> x_;
  std::vector<float> cotangent_;
};

TEST_P(GradientTest, OutputsAndGradientsMatchTheReference) {
  SCOPED_TRACE("model \"" + test_case().model + "\", " + std::to_string(test_case().examples) +
               " examples");
  std::vector<double> x(x_.begin(), x_.end());
  const std::int64_t examples = test_case().examples;
  const ConstMatrix y = network_.forward(x_.data(), examples, mode());
  const std::vector<double> expected = reference_.forward(x, examples, mode() == Mode::training);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    ASSERT_TRUE(std::abs(static_cast<double>(y.data[i]) - expected[i]) <=
                2e-5 * (1 + std::abs(expected[i])))
        << "output " << i << ": " << y.data[i] << ", expected " << expected[i];
  }

  std::copy(cotangent_.begin(), cotangent_.end(), network_.output_gradient().data);
  const float* dx = network_.backward();
  const auto loss_here = [&] { return loss(x); };
  expect_gradient(x, {dx, dx + x.size()}, loss_here, "input");
  for (const Parameter& parameter : network_.parameters().parameters()) {
    std::vector<double> gradient(static_cast<std::size_t>(parameter.slice->size));
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      const auto at = static_cast<std::int64_t>(i);
      gradient[i] = parameter.slice->gradient[parameter.position ? parameter.position(at) : at];
    }
    expect_gradient(reference_.tensors.at(parameter.name), gradient, loss_here, parameter.name);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Layers, GradientTest,
    testing::Combine(
        testing::Values(
            Case{"17: linear 3", 5}, Case{"3: linear 300", 3}, Case{"600: linear 5", 4},
            Case{"3: norm", 2}, Case{"1: linear 1, norm", 2}, Case{"5: linear 17, norm", 7},
            Case{"5: linear 17, norm, relu, linear 3", 9},
            Case{"5: linear 17, relu, norm, linear 3", 9},
            Case{"5: linear 9, norm, leaky_relu slope 0.2, linear 3", 6},
            Case{"5: linear 9, leaky_relu, norm, linear 3", 6},
            Case{"5: linear 9, sigmoid, linear 3", 6},
            Case{"5: linear 9, norm, sigmoid, linear 3", 6},
            Case{"5: linear 9, sigmoid, norm, linear 3", 6}, Case{"5: linear 9, tanh, linear 3", 6},
            Case{"5: linear 9, norm, tanh, linear 3", 6}, Case{"5: linear 9, gelu, linear 3", 6},
            Case{"5: linear 9, norm, gelu, linear 3", 6},
            Case{"5: linear 9, gelu, norm, linear 3", 6},
            Case{"5: linear 9, gelu, norm, relu, norm, gelu, linear 3", 6},
            Case{"5: relu, linear 3", 6}, Case{"5: gelu, norm, tanh, linear 3", 6},
            Case{"5: linear 17, norm, relu, linear 3", 9, NormKind::none},
            Case{"5: linear 17, norm, relu, linear 3", 9, NormKind::batch, RedundantBias::drop}),
        testing::Bool()));

INSTANTIATE_TEST_SUITE_P(
    Blocks, GradientTest,
    testing::Combine(
        testing::Values(
            Case{"4: residual(linear 4), linear 3", 5},
            Case{"4: residual(linear 9, norm, relu, linear 4, norm), relu, linear 3", 7},
            Case{"4: linear 6, residual(norm, relu, linear 9 bias off, norm, tanh, linear 6), "
                 "linear 3",
                 7},
            Case{"4: residual(linear 6, norm | linear 6 bias off), sigmoid, linear 3", 7},
            Case{"4: residual(linear 6, relu | linear 6, norm), leaky_relu, linear 3", 7},
            Case{"4: residual(linear 6, gelu | linear 6), relu, linear 3", 7},
            Case{"4: residual(linear 6, norm, tanh | linear 6), gelu, linear 3", 7},
            Case{"4: linear 5, residual(relu, linear 5, scale 0.3), relu, linear 3", 6},
            Case{"4: linear 5, scale -2, relu, scale 0.5 , linear 3", 6},
            Case{"4: linear 5, norm gamma 0.2, scale 2, linear 3", 6},
            Case{"4: linear 5, residual(norm), linear 3", 6},
            Case{"4: linear 5, residual(norm), relu, linear 3", 6, NormKind::none},
            Case{"4: linear 5, residual(relu), residual(relu | norm), linear 3", 6},
            Case{"4: linear 5, residual(residual(linear 5, norm), relu, residual(relu, linear 5)), "
                 "linear 3",
                 6},
            Case{
                "4: linear 5, 3 x (residual(linear 5, norm, relu, linear 5 bias off, norm), relu), "
                "linear 3",
                9},
            // A value that is added in two blocks, one inside the other: its gradient waits where the
            // outer one left it, while layers with more values than it go back.
            Case{"4: linear 8, relu, 2 x (residual(residual(linear 11, gelu, linear 18, sigmoid, "
                 "linear 8 bias off, scale 0.7), linear 14 bias off, tanh, linear 8 bias off), "
                 "gelu), "
                 "linear 3",
                 40},
            Case{"6x6x3: conv 4 3x3 pad same bias off, norm, relu, residual(conv 4 3x3 pad same "
                 "bias "
                 "off, norm, relu, conv 4 3x3 pad same bias off, norm), relu, residual(conv 6 3x3 "
                 "stride 2 pad 1, norm, relu, conv 6 3x3 pad same, norm | conv 6 1x1 stride 2 bias "
                 "off, norm), relu, global_avgpool, flatten, linear 3",
                 5},
            Case{
                "6x6x3: conv 4 3x3 pad same, residual(relu, conv 4 3x3 pad same, scale 0.2), relu, "
                "flatten, linear 3",
                5, NormKind::none},
            Case{"6x6x3: residual(conv 3 3x3 pad same, relu, norm), sigmoid, maxpool 2, "
                 "residual(avgpool 3 | maxpool 3), flatten, linear 3",
                 4},
            Case{"5x5x2: residual(conv 2 3x3 pad same, norm, residual(norm, relu, conv 2 1x1)), "
                 "tanh, flatten, linear 3",
                 4},
            // A ragged last piece: 7 examples of a large convolution, in pieces of 4.
            Case{"32x32x2: conv 32 3x3 pad same, norm, relu, global_avgpool, flatten, linear 2",
                 7}),
        testing::Bool()));

INSTANTIATE_TEST_SUITE_P(
    Images, GradientTest,
    testing::Combine(
        testing::Values(
            Case{"1x1x1: conv 3 1x1, norm, relu, flatten, linear 2", 3},
            Case{"1x1x3: conv 17 1x1, norm, flatten", 5},
            Case{"5x4x3: conv 17 3x3 pad same, norm, relu, flatten, linear 3", 3},
            Case{"7x6x1: conv 3 3x3 stride 2 pad 1, relu, norm, flatten, linear 3", 4},
            Case{"9x9x2: conv 5 5x5 stride 3 pad 2, flatten, linear 2", 2},
            Case{"6x6x3: conv 4 3x3, gelu, norm, maxpool 2, flatten, linear 3", 3},
            Case{"7x5x3: maxpool 3 stride 2, conv 3 2x2, norm, tanh, global_avgpool, flatten", 3},
            Case{"6x5x17: avgpool 2, norm, flatten, linear 3", 4},
            Case{"6x6x1: conv 3 3x3, norm, relu, maxpool 2, conv 17 2x2, norm, relu, flatten, "
                 "linear 9, norm, relu, "
                 "linear 4",
                 20},
            Case{"8x8x1: conv 8 3x3, relu, norm, maxpool 2, flatten, linear 16, relu, norm, linear "
                 "10",
                 33},
            Case{"4x4x2: flatten, norm, linear 3", 4},
            Case{"5x4x3: conv 17 3x3 pad same, norm, relu, flatten, linear 3", 3, NormKind::none},
            Case{"5x4x3: conv 17 3x3 pad same, norm, relu, flatten, linear 3", 3, NormKind::batch,
                 RedundantBias::drop}),
        testing::Bool()));

}  // namespace
}  // namespace normlab
