#include <algorithm>
#include <cmath>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "normlab/base/philox.h"
#include "normlab/nn/network.h"
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

class GradientTest : public testing::TestWithParam<std::tuple<Case, Mode>> {
 protected:
  GradientTest()
      : spec_(parse_model_text(test_case().model)),
        options_(make_options(test_case())),
        network_(spec_, *spec_.input, options_,
                 {.max_examples = test_case().examples, .threads = 2, .input_gradient = true}),
        reference_(spec_, *spec_.input, options_) {
    network_.initialize({}, 5);
    disturb();
    reference_.load(network_.save());
    x_ = random_floats(static_cast<std::size_t>(test_case().examples * network_.input().size()), 1);
    cotangent_ =
        random_floats(static_cast<std::size_t>(test_case().examples * network_.output().size()), 2);
  }

  const Case& test_case() const { return std::get<0>(GetParam()); }
  Mode mode() const { return std::get<1>(GetParam()); }

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
        testing::Values(Mode::training, Mode::evaluation)));

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
        testing::Values(Mode::training, Mode::evaluation)));

}  // namespace
}  // namespace normlab
