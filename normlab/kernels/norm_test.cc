#include "normlab/kernels/norm.h"

#include <cmath>

#include <gtest/gtest.h>

#include "normlab/base/aligned_buffer.h"
#include "normlab/kernels/matrix_cases.h"
#include "normlab/kernels/reference/activation.h"
#include "normlab/kernels/reference/norm.h"

namespace normlab::kernels {
namespace {

using reference::PerChannel;
using reference::Table;

constexpr double kEps = 1e-3;

std::vector<float> to_float(std::span<const double> values) {
  std::vector<float> result;
  for (const double value : values) result.push_back(static_cast<float>(value));
  return result;
}

std::size_t count_of(std::int64_t channels) {
  return static_cast<std::size_t>(channels);
}

/// A normalization with everything the kernels are given, as floats, and what the reference makes
/// of the same floats.
struct Problem {
  MatrixCase shape;
  Guarded<float> x;
  std::vector<float> gamma;
  std::vector<float> beta;
  std::vector<float> mean;
  std::vector<float> inv_std;
  std::vector<float> scale;
  reference::Statistics statistics;  ///< `mean` and the variance that makes `inv_std`

  Problem(const MatrixCase& matrix_case, double offset)
      : shape(matrix_case),
        x(shape.array(normal_values(shape.size(), 1, offset))),
        gamma(normal_values(shape.channels, 2, 1, 0.5)),
        beta(normal_values(shape.channels, 3)) {
    statistics = reference::batch_statistics(Table(x.matrix()));
    mean = to_float(statistics.mean);
    inv_std = to_float(statistics.inv_std(kEps));
    for (std::size_t c = 0; c < mean.size(); ++c) {
      scale.push_back(gamma[c] * inv_std[c]);
      statistics.mean[c] = static_cast<double>(mean[c]);
      statistics.variance[c] = 1 / std::pow(static_cast<double>(inv_std[c]), 2) - kEps;
    }
  }

  Table expected_norm() const {
    return reference::batch_norm_forward(Table(x.matrix()), statistics, to_double(gamma),
                                         to_double(beta), kEps);
  }
  NormForward saved(ConstMatrix y, Activation activation) const {
    return {x.matrix(),   y,           mean.data(), inv_std.data(), scale.data(),
            gamma.data(), beta.data(), activation};
  }
};

class NormTest : public KernelTest {};

TEST_P(NormTest, ConstantChannelsGiveBeta) {
  for (const MatrixCase& shape : matrix_grid()) {
    for (const float value : {0.1f, -1e-20f, 12345.678f, 3e30f}) {
      const std::string text = fmt::format("{} value={}", shape.text(), value);
      const Guarded<float> x = shape.array(std::vector<float>(count_of(shape.size()), value));
      const std::vector<float> mean(count_of(shape.channels), value);
      const std::vector<float> beta = normal_values(shape.channels, 3);
      const std::vector<float> scale(mean.size(), 1 / std::sqrt(1e-5f));
      const Guarded<float> y = shape.array();
      norm_forward(y.matrix(), x.matrix(), mean.data(), scale.data(), beta.data(), {});
      const std::vector<float> actual = y.values();
      for (std::size_t i = 0; i < actual.size(); ++i) {
        ASSERT_EQ(actual[i], beta[i % beta.size()]) << reproduction(text);
      }
    }
  }
}

TEST_P(NormTest, ForwardAgreesWithTheReference) {
  for (const auto& [shape, activation, text] : activation_grid()) {
    const Problem p(shape, 0.5);
    const Guarded<float> y = shape.array();
    norm_forward(y.matrix(), p.x.matrix(), p.mean.data(), p.scale.data(), p.beta.data(),
                 activation);
    expect_close<float>(y.values(),
                        reference::activation_forward(p.expected_norm(), activation).values,
                        {3e-6, 0, "four roundings of values up to 10"}, text);
    for (const auto* array : {&p.x, &y}) array->expect_intact(text);
    norm_forward(p.x.matrix(), p.x.matrix(), p.mean.data(), p.scale.data(), p.beta.data(),
                 activation);
    ASSERT_EQ(p.x.values(), y.values()) << "in place\n  " << reproduction(text);
  }
}

/// The norm's output plus something else, which an activation then takes.
Table sum_of(const Table& norm, ConstMatrix addend) {
  Table sum = norm;
  const Table more(addend);
  for (std::size_t i = 0; i < sum.values.size(); ++i) sum.values[i] += more.values[i];
  return sum;
}

TEST_P(NormTest, ForwardWithASumAgreesWithTheReference) {
  for (const auto& [shape, activation, text] : activation_grid()) {
    const Problem p(shape, 0.5);
    const Guarded<float> addend = shape.array(normal_values(shape.size(), 5));
    const Guarded<float> y = shape.array();
    norm_add_forward(y.matrix(), p.x.matrix(), addend.matrix(), p.mean.data(), p.scale.data(),
                     p.beta.data(), activation);
    const Table sum = sum_of(p.expected_norm(), addend.matrix());
    expect_close<float>(y.values(), reference::activation_forward(sum, activation).values,
                        {3e-6, 0, "five roundings of values up to 10"}, text);
    for (const auto* array : {&p.x, &addend, &y}) array->expect_intact(text);
    norm_add_forward(addend.matrix(), p.x.matrix(), addend.matrix(), p.mean.data(), p.scale.data(),
                     p.beta.data(), activation);
    ASSERT_EQ(addend.values(), y.values()) << "over the addend\n  " << reproduction(text);
  }
}

TEST_P(NormTest, BackwardBehindASumTakesItsDerivativeFromTheOutput) {
  for (const auto& [shape, activation, text] : activation_grid()) {
    if (activation.derivative_needs_input()) continue;
    const Problem p(shape, 0.5);
    const Guarded<float> addend = shape.array(normal_values(shape.size(), 5));
    const Guarded<float> y = shape.array();
    norm_add_forward(y.matrix(), p.x.matrix(), addend.matrix(), p.mean.data(), p.scale.data(),
                     p.beta.data(), activation);
    const Guarded<float> dy = shape.array(normal_values(shape.size(), 4));
    const Table dn = reference::activation_backward(
        Table(dy.matrix()), sum_of(p.expected_norm(), addend.matrix()), activation);
    const auto expected = reference::batch_norm_backward_eval(dn, Table(p.x.matrix()), p.statistics,
                                                              to_double(p.gamma), kEps);
    NormForward forward = p.saved(y.matrix(), activation);
    forward.after_sum = true;
    const Guarded<double> dgamma(1, shape.channels);
    const Guarded<double> dbeta(1, shape.channels);
    norm_backward_reduce(dgamma.span(), dbeta.span(), dy.matrix(), forward);
    expect_close<float>(dy.values(), dn.values, {3e-6, 0, "roundings of factors up to 5"}, text);
    const Tolerance sum{1e-5 * static_cast<double>(shape.rows), 0,
                        "128 float additions of values of about 1, each part of the sum"};
    expect_close<double>(dgamma.values(), expected.dgamma, sum, text);
    expect_close<double>(dbeta.values(), expected.dbeta, sum, text);
    const std::vector<float> zeros(p.mean.size());
    const Guarded<float> dx = shape.array();
    norm_backward_apply(dx.matrix(), dy.matrix(), forward, zeros.data(), zeros.data());
    expect_close<float>(dx.values(), expected.dx.values, {3e-6, 1e-5, "roundings of the scale"},
                        text);
    for (const auto* array : {&p.x, &y, &dy, &dx}) array->expect_intact(text);
  }
}

TEST_P(NormTest, BackwardReduceAgreesWithTheReference) {
  for (const auto& [shape, activation, text] : activation_grid()) {
    const Problem p(shape, 0.5);
    const Table norm = p.expected_norm();
    const Guarded<float> y =
        shape.array(to_float(reference::activation_forward(norm, activation).values));
    const Guarded<float> dy = shape.array(normal_values(shape.size(), 4));
    const Table dn = reference::activation_backward(Table(dy.matrix()), norm, activation);
    const auto expected = reference::batch_norm_backward_eval(dn, Table(p.x.matrix()), p.statistics,
                                                              to_double(p.gamma), kEps);
    const Guarded<double> dgamma(1, shape.channels);
    const Guarded<double> dbeta(1, shape.channels);
    const bool reads_y =
        activation.kind == ActivationKind::sigmoid || activation.kind == ActivationKind::tanh;
    norm_backward_reduce(dgamma.span(), dbeta.span(), dy.matrix(),
                         p.saved(reads_y ? y.matrix() : Matrix{}, activation));
    if (activation.derivative_needs_input()) {
      expect_close<float>(dy.values(), dn.values, {3e-6, 0, "roundings of factors up to 5"}, text);
    } else {
      ASSERT_EQ(dy.values(), normal_values(shape.size(), 4)) << reproduction(text);
    }
    const Tolerance sum{1e-5 * static_cast<double>(shape.rows), 0,
                        "128 float additions of values of about 1, each part of the sum"};
    expect_close<double>(dgamma.values(), expected.dgamma, sum, text);
    expect_close<double>(dbeta.values(), expected.dbeta, sum, text);
    for (const auto* array : {&p.x, &y, &dy}) array->expect_intact(text);
    for (const auto* array : {&dgamma, &dbeta}) array->expect_intact(text);
  }
}

TEST_P(NormTest, BackwardApplyAgreesWithTheReference) {
  for (const auto& [shape, activation, shape_text] : activation_grid()) {
    const Problem p(shape, 0.5);
    const Table norm = p.expected_norm();
    const Guarded<float> y =
        shape.array(to_float(reference::activation_forward(norm, activation).values));
    const Guarded<float> dy = shape.array(normal_values(shape.size(), 4));
    const Table dn = reference::activation_backward(Table(dy.matrix()), norm, activation);
    // What the reduction leaves of dy.
    const Guarded<float> rest =
        shape.array(activation.derivative_needs_input() ? to_float(dn.values) : dy.values());
    for (const bool train : {true, false}) {
      const std::string text = fmt::format("{} train={}", shape_text, train);
      const auto backward =
          train ? reference::batch_norm_backward_train : reference::batch_norm_backward_eval;
      const auto expected =
          backward(dn, Table(p.x.matrix()), p.statistics, to_double(p.gamma), kEps);
      PerChannel dbeta_mean = expected.dbeta;
      PerChannel dgamma_mean = expected.dgamma;
      for (double& value : dbeta_mean) value *= train ? 1 / static_cast<double>(shape.rows) : 0;
      for (double& value : dgamma_mean) value *= train ? 1 / static_cast<double>(shape.rows) : 0;
      Guarded<float> dx = shape.array();
      norm_backward_apply(dx.matrix(), rest.matrix(), p.saved(y.matrix(), activation),
                          to_float(dbeta_mean).data(), to_float(dgamma_mean).data());
      const float largest =
          std::abs(*std::ranges::max_element(p.scale, {}, [](float s) { return std::abs(s); }));
      expect_close<float>(
          dx.values(), expected.dx.values,
          {5e-6 * static_cast<double>(largest), 0, "some roundings of values up to 5, times scale"},
          text);
      dx.expect_intact(text);
      const Guarded<float> in_place = shape.array(rest.values());
      norm_backward_apply(in_place.matrix(), in_place.matrix(), p.saved(y.matrix(), activation),
                          to_float(dbeta_mean).data(), to_float(dgamma_mean).data());
      ASSERT_EQ(in_place.values(), dx.values()) << "in place\n  " << reproduction(text);
      NormForward behind_relu = p.saved(y.matrix(), activation);
      behind_relu.behind_relu = true;
      norm_backward_apply(dx.matrix(), rest.matrix(), behind_relu, to_float(dbeta_mean).data(),
                          to_float(dgamma_mean).data());
      const std::vector<float> x = p.x.values();
      std::vector<float> masked = in_place.values();
      for (std::size_t i = 0; i < x.size(); ++i) masked[i] = x[i] > 0 ? masked[i] : 0;
      ASSERT_EQ(dx.values(), masked) << "behind a ReLU\n  " << reproduction(text);
    }
  }
}

TEST_P(NormTest, ALargeOutputIsTheSameWrittenPastTheCaches) {
  constexpr std::int64_t kRows = 65'536 + 3;
  constexpr std::int64_t kChannels = 128;
  const std::vector<float> mean = normal_values(kChannels, 2);
  const std::vector<float> scale = normal_values(kChannels, 3);
  const std::vector<float> beta = normal_values(kChannels, 4);
  AlignedBuffer<float> x(kRows * kChannels);
  AlignedBuffer<float> y(kRows * kChannels);
  const std::vector<float> some = normal_values(10'007, 1);
  for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = some[i % some.size()];
  const Matrix all{y.data(), kRows, kChannels, kChannels};
  norm_forward(all, {x.data(), kRows, kChannels, kChannels}, mean.data(), scale.data(), beta.data(),
               {ActivationKind::relu});
  for (std::int64_t first = 0; first < kRows; first += 4096) {
    const std::int64_t count = std::min<std::int64_t>(4096, kRows - first);
    std::vector<float> piece(count_of(count * kChannels));
    norm_forward({piece.data(), count, kChannels, kChannels},
                 {x.data() + first * kChannels, count, kChannels, kChannels}, mean.data(),
                 scale.data(), beta.data(), {ActivationKind::relu});
    ASSERT_TRUE(std::equal(piece.begin(), piece.end(), all.row(first))) << "from row " << first;
  }
}

INSTANTIATE_TEST_SUITE_P(Isas, NormTest, every_isa(), isa_name);

}  // namespace
}  // namespace normlab::kernels
