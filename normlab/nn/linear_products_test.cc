#include "normlab/nn/linear_products.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "normlab/base/error.h"
#include "normlab/base/philox.h"
#include "normlab/kernels/isa.h"
#include "normlab/kernels/reference/bf16.h"
#include "normlab/nn/network_test.h"

namespace normlab {
namespace {

constexpr std::int64_t kExamples = 50;

std::vector<float> normal_values(std::int64_t count, std::uint64_t seed) {
  Philox random(seed, Purpose::test, 0);
  std::vector<float> values(static_cast<std::size_t>(count));
  for (float& value : values) value = static_cast<float>(random.normal());
  return values;
}

Network make_precise_network(const std::string& text, Precision precision, int threads = 1) {
  const ModelSpec model = parse_model_text(text);
  NetworkOptions options;
  options.precision = precision;
  Network network(model, *model.input, options, {.max_examples = kExamples, .input_gradient = true},
                  test_team(threads));
  network.initialize({}, 1);
  return network;
}

/// What one pass forward and one back give.
struct Results {
  std::vector<float> outputs;
  std::vector<float> gradients;
  std::vector<float> input_gradient;

  friend bool operator==(const Results&, const Results&) = default;
};

Results run(Network& network) {
  const std::vector<float> x = normal_values(kExamples * network.input().size(), 2);
  const ConstMatrix y = network.forward(x.data(), kExamples, Mode::training);
  Results results;
  results.outputs.assign(y.data, y.data + y.rows * y.channels);
  const std::vector<float> dy = normal_values(std::ssize(results.outputs), 3);
  std::ranges::copy(dy, network.output_gradient().data);
  const float* dx = network.backward();
  results.input_gradient.assign(dx, dx + std::ssize(x));
  const float* gradients = network.parameters().gradients();
  results.gradients.assign(gradients, gradients + network.parameters().size());
  return results;
}

/// Whether oneDNN has products of bf16 here. The networks promise them from AVX-512 on, and an
/// error below.
bool has_products() {
  try {
    Network network = make_precise_network("3: linear 2", Precision::bf16);
    run(network);
    return true;
  } catch (const RequestError&) {
    throw;
  } catch (const Error&) {
    EXPECT_NE(supported_isas().back(), Isa::avx512);
    return false;
  }
}

/// A matrix given by its elements.
using Element = std::function<double(std::int64_t, std::int64_t)>;

/// actual = a * b, up to the rounding of `depth` sums in float.
void expect_product(const float* actual, std::int64_t rows, std::int64_t channels,
                    std::int64_t depth, const Element& a, const Element& b) {
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t c = 0; c < channels; ++c) {
      double sum = 0;
      double magnitudes = 0;
      for (std::int64_t k = 0; k < depth; ++k) {
        sum += a(r, k) * b(k, c);
        magnitudes += std::abs(a(r, k) * b(k, c));
      }
      const double error = std::abs(static_cast<double>(actual[r * channels + c]) - sum);
      ASSERT_TRUE(error <= static_cast<double>(depth) * 0x1p-24 * magnitudes)
          << "row " << r << ", channel " << c << " is off by " << error;
    }
  }
}

/// The second is cut along its inputs, its two parts being added up.
class LinearProductsTest : public testing::TestWithParam<std::pair<std::int64_t, std::int64_t>> {};

TEST_P(LinearProductsTest, MultiplyRoundedOperands) {
  if (!has_products()) return;
  const auto [inputs, units] = GetParam();
  Network network =
      make_precise_network(fmt::format("{}: linear {}", inputs, units), Precision::bf16);
  const auto& parameters = network.parameters().parameters();
  std::ranges::fill(parameters[1].slice->values(), 0.0f);  // the bias
  const Results results = run(network);

  const auto matrix = [](std::vector<float> values, std::int64_t channels) {
    return [values = std::move(values), channels](std::int64_t r, std::int64_t c) {
      const float value = values[static_cast<std::size_t>(r * channels + c)];
      return reference::to_double(reference::to_bf16(value));
    };
  };
  const auto turned = [](const Element& m) {
    return [m](std::int64_t r, std::int64_t c) { return m(c, r); };
  };
  const auto values = parameters[0].slice->values();
  const Element weights = matrix({values.begin(), values.end()}, units);
  const Element x = matrix(normal_values(kExamples * inputs, 2), inputs);
  const Element dz = matrix(normal_values(kExamples * units, 3), units);
  expect_product(results.outputs.data(), kExamples, units, inputs, x, weights);
  expect_product(results.input_gradient.data(), kExamples, inputs, units, dz, turned(weights));
  expect_product(parameters[0].slice->gradient, inputs, units, kExamples, turned(x), dz);
}

INSTANTIATE_TEST_SUITE_P(Sizes, LinearProductsTest,
                         testing::Values(std::pair{37, 150}, std::pair{2100, 9}));

double distance(const std::vector<float>& a, const std::vector<float>& b) {
  double difference = 0;
  double size = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference += std::pow(static_cast<double>(a[i]) - static_cast<double>(b[i]), 2);
    size += std::pow(static_cast<double>(b[i]), 2);
  }
  return std::sqrt(difference / size);
}

/// Smooth: where a ReLU's input changes its sign, a gradient comes or goes as a whole.
const std::string kDeepModel = "20: linear 64, norm, tanh, linear 64, norm, tanh, linear 10";

TEST(Bf16Network, IsNearTheFloatOne) {
  if (!has_products()) return;
  Network exact = make_precise_network(kDeepModel, Precision::float32);
  Network rounded = make_precise_network(kDeepModel, Precision::bf16);
  const Results expected = run(exact);
  const Results actual = run(rounded);
  // Three products on the way there and three back, each of two operands rounded by up to 2^-8.
  constexpr double kAllowed = 12 * 0x1p-8;
  for (const auto member : {&Results::outputs, &Results::gradients, &Results::input_gradient}) {
    const double error = distance(actual.*member, expected.*member);
    EXPECT_TRUE(error <= kAllowed) << error;
    EXPECT_GT(error, 0x1p-12) << "nothing was rounded";
  }
}

TEST(Bf16Network, BitsDoNotDependOnThreads) {
  if (!has_products()) return;
  for (const std::string& model : {kDeepModel, std::string("2100: linear 300, relu, linear 9")}) {
    Network one = make_precise_network(model, Precision::bf16);
    const Results expected = run(one);
    for (const int threads : {2, 3}) {
      Network many = make_precise_network(model, Precision::bf16, threads);
      EXPECT_TRUE(run(many) == expected) << model << " with " << threads << " threads";
    }
  }
}

/// Weights are rounded as they are at every pass, and stay in float themselves.
TEST(Bf16Network, SeesWeightsThatHaveChanged) {
  if (!has_products()) return;
  Network network = make_precise_network("3: linear 2", Precision::bf16);
  const Results first = run(network);
  const auto weights = network.parameters().parameters()[0].slice->values();
  for (float& weight : weights) weight *= 1 + 0x1p-12f;  // less than bf16 can tell
  const std::vector<float> before(weights.begin(), weights.end());
  run(network);
  EXPECT_TRUE(std::ranges::equal(before, weights));
  for (float& weight : weights) weight *= 2;
  EXPECT_FALSE(run(network) == first);
}

}  // namespace
}  // namespace normlab
