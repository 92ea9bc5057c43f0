#include "normlab/kernels/activation.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "normlab/kernels/matrix_cases.h"
#include "normlab/kernels/reference/activation.h"

namespace normlab::kernels {
namespace {

using reference::PerChannel;
using reference::Table;

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

/// activation(x) of every value of `x`.
std::vector<float> forward(const std::vector<float>& x, const Activation& activation) {
  std::vector<float> y(x.size());
  const auto size = std::ssize(x);
  activation_forward({y.data(), 1, size, size}, {x.data(), 1, size, size}, activation);
  return y;
}

/// activation' at every value of `x`.
std::vector<float> derivative(const std::vector<float>& x, const Activation& activation) {
  const std::vector<float> saved = activation.derivative_needs_input() ? x : forward(x, activation);
  std::vector<float> dx(x.size(), 1);
  const auto size = std::ssize(x);
  const Matrix in_place{dx.data(), 1, size, size};
  activation_backward(in_place, in_place, {saved.data(), 1, size, size}, activation);
  return dx;
}

class ActivationTest : public KernelTest {};

TEST_P(ActivationTest, AccurateFromTailToTail) {
  std::vector<float> x;
  for (int i = -20000; i <= 20000; ++i) x.push_back(static_cast<float>(i) * 1e-3f);
  for (const float far : {1e-30f, 1e-8f, 50.0f, 88.0f, 89.0f, 103.0f, 105.0f, 1e10f, 3e38f}) {
    x.push_back(far);
    x.push_back(-far);
  }
  for (const auto& [activation, name] : kActivations) {
    std::vector<double> expected_y;
    std::vector<double> expected_slope;
    for (const float value : x) {
      expected_y.push_back(reference::activation(activation, static_cast<double>(value)));
      expected_slope.push_back(
          reference::activation_derivative(activation, static_cast<double>(value)));
    }
    const std::string text = fmt::format("x=-20..20 activation={}", name);
    expect_close<float>(
        forward(x, activation), expected_y,
        {2e-7, 4e-7, "a few units in the last place; gelu's tail is fitted to 2e-7"}, text);
    expect_close<float>(derivative(x, activation), expected_slope,
                        {4e-7, 4e-7, "as forward, then one or two roundings of y near 1"}, text);
  }
}

TEST_P(ActivationTest, NonFiniteValuesGiveLimitsOrNan) {
  // A vector's worth of each, so that every lane of every instruction set sees it.
  const std::vector<float> nans(35, kNan);
  const std::vector<float> plus(35, kInfinity);
  const std::vector<float> minus(35, -kInfinity);
  for (const auto& [activation, name] : kActivations) {
    const std::string text = reproduction(fmt::format("x=nan,inf,-inf activation={}", name));
    const bool bounded =
        activation.kind == ActivationKind::sigmoid || activation.kind == ActivationKind::tanh;
    const bool linear_below = activation.kind == ActivationKind::identity ||
                              activation.kind == ActivationKind::leaky_relu;
    const float below = linear_below                              ? -kInfinity
                        : activation.kind == ActivationKind::tanh ? -1
                                                                  : 0;
    for (const float y : forward(nans, activation)) ASSERT_TRUE(std::isnan(y)) << text;
    for (const float y : forward(plus, activation)) ASSERT_EQ(y, bounded ? 1 : kInfinity) << text;
    for (const float y : forward(minus, activation)) ASSERT_EQ(y, below) << text;
    for (const float slope : derivative(plus, activation))
      ASSERT_EQ(slope, bounded ? 0 : 1) << text;
    const float slope_below = activation.kind == ActivationKind::identity     ? 1
                              : activation.kind == ActivationKind::leaky_relu ? 0.1f
                                                                              : 0;
    for (const float slope : derivative(minus, activation)) ASSERT_EQ(slope, slope_below) << text;
  }
  for (const float slope : derivative(nans, {ActivationKind::gelu, 0}))
    ASSERT_TRUE(std::isnan(slope));
}

TEST_P(ActivationTest, EveryShapeForwardAndBackward) {
  for (const auto& [shape, activation, text] : activation_grid()) {
    const Guarded<float> x = shape.array(normal_values(shape.size(), 1));
    const Guarded<float> dy = shape.array(normal_values(shape.size(), 2));
    const Guarded<float> y = shape.array();
    activation_forward(y.matrix(), x.matrix(), activation);
    ASSERT_EQ(y.values(), forward(x.values(), activation)) << reproduction(text);
    const Guarded<float> dx = shape.array();
    const Guarded<float>& saved = activation.derivative_needs_input() ? x : y;
    activation_backward(dx.matrix(), dy.matrix(), saved.matrix(), activation);
    expect_close<float>(
        dx.values(),
        reference::activation_backward(Table(dy.matrix()), Table(x.matrix()), activation).values,
        {2e-6, 0, "slopes to 4e-7, times dy up to 5"}, text);
    for (const auto* array : {&x, &dy, &y, &dx}) array->expect_intact(text);
    activation_forward(x.matrix(), x.matrix(), activation);
    ASSERT_EQ(x.values(), y.values()) << "in place\n  " << reproduction(text);
  }
}

TEST_P(ActivationTest, BiasIsAddedFirst) {
  for (const auto& [shape, activation, text] : activation_grid()) {
    const Guarded<float> x = shape.array(normal_values(shape.size(), 1));
    const std::vector<float> bias = normal_values(shape.channels, 2);
    const Table sum = reference::add_bias(Table(x.matrix()), to_double(bias));
    const Guarded<float> y = shape.array();
    bias_activation_forward(y.matrix(), x.matrix(), bias.data(), activation);
    expect_close<float>(y.values(), reference::activation_forward(sum, activation).values,
                        {1e-6, 4e-7, "the rounding of a sum up to 8, and the activation's"}, text);
    for (const auto* array : {&x, &y}) array->expect_intact(text);
    bias_activation_forward(x.matrix(), x.matrix(), bias.data(), activation);
    ASSERT_EQ(x.values(), y.values()) << "in place\n  " << reproduction(text);
  }
}

TEST_P(ActivationTest, ColumnSums) {
  for (const MatrixCase& shape : matrix_grid()) {
    Guarded<float> x = shape.array(normal_values(shape.size(), 1, 1));
    Guarded<double> sums(1, shape.channels);
    column_sums(sums.span(), x.matrix());
    expect_close<double>(
        sums.values(), reference::column_sums(Table(x.matrix())),
        {1e-5 * static_cast<double>(shape.rows), 0, "128 float additions of values of about 1"},
        shape.text());
    sums.expect_intact(shape.text());
    x.expect_intact(shape.text());
  }
}

INSTANTIATE_TEST_SUITE_P(Isas, ActivationTest, every_isa(), isa_name);

TEST_P(ActivationTest, SumsAgreeWithTheReference) {
  for (const auto& [shape, activation, text] : activation_grid()) {
    const Guarded<float> x = shape.array(normal_values(shape.size(), 1));
    const Guarded<float> addend = shape.array(normal_values(shape.size(), 2));
    const Guarded<float> y = shape.array();
    add_activation_forward(y.matrix(), x.matrix(), addend.matrix(), activation);
    Table sum(x.matrix());
    const Table more(addend.matrix());
    for (std::size_t i = 0; i < sum.values.size(); ++i) sum.values[i] += more.values[i];
    expect_close<float>(y.values(), reference::activation_forward(sum, activation).values,
                        {2e-6, 0, "a rounding of a sum up to 8, then of the function"}, text);
    for (const auto* array : {&x, &addend, &y}) array->expect_intact(text);
    add_activation_forward(x.matrix(), x.matrix(), addend.matrix(), activation);
    ASSERT_EQ(x.values(), y.values()) << "in place\n  " << reproduction(text);
  }
}

}  // namespace
}  // namespace normlab::kernels
