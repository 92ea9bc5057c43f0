#include <cmath>
#include <functional>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "normlab/base/philox.h"
#include "normlab/kernels/reference/activation.h"
#include "normlab/kernels/reference/norm.h"

/// The references' gradients against central differences of L = sum(r * y) with a random cotangent
/// r. (With r = 1 the check would be blind: the sum of a normalized batch does not depend on x.)
namespace normlab::reference {
namespace {

constexpr double kEps = 1e-5;

Table random_table(std::int64_t rows, std::int64_t channels, std::uint64_t seed, double mean = 0) {
  Philox random(seed, Purpose::test, 0);
  Table table(rows, channels);
  for (double& value : table.values) value = mean + random.normal();
  return table;
}

double dot(const Table& a, const Table& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.values.size(); ++i) sum += a.values[i] * b.values[i];
  return sum;
}

/// Step 1e-5: the third derivatives' part is about 1e-10, rounding's 1e-16 / 1e-5 * |L|, about
/// 1e-10 as well.
constexpr double kStep = 1e-5;
constexpr double kAllowed = 1e-7;

/// dL/dv for every v of `values`, which `loss` reads.
std::vector<double> central_differences(std::vector<double>& values,
                                        const std::function<double()>& loss) {
  std::vector<double> gradient;
  for (double& value : values) {
    const double kept = value;
    value = kept + kStep;
    const double above = loss();
    value = kept - kStep;
    const double below = loss();
    value = kept;
    gradient.push_back((above - below) / (2 * kStep));
  }
  return gradient;
}

void expect_equal(const std::vector<double>& analytic, const std::vector<double>& numeric,
                  const std::string& what) {
  ASSERT_EQ(analytic.size(), numeric.size()) << what;
  for (std::size_t i = 0; i < analytic.size(); ++i) {
    const double difference = std::abs(analytic[i] - numeric[i]);
    ASSERT_TRUE(difference <= kAllowed * (1 + std::abs(numeric[i]))) << fmt::format(
        "{}[{}]: formula {}, central difference {}", what, i, analytic[i], numeric[i]);
  }
}

struct Problem {
  Table x;
  Table cotangent;
  PerChannel gamma;
  PerChannel beta;

  Problem(std::int64_t rows, std::int64_t channels)
      : x(random_table(rows, channels, 1, 0.5)),
        cotangent(random_table(rows, channels, 2)),
        gamma(random_table(1, channels, 3, 1).values),
        beta(random_table(1, channels, 4).values) {}
};

TEST(ReferenceNormTest, TrainingGradientsAreTheDerivatives) {
  for (const std::int64_t rows : {2, 3, 7}) {
    for (const std::int64_t channels : {1, 3, 17}) {
      Problem p(rows, channels);
      const auto loss = [&] {
        return dot(batch_norm_forward(p.x, batch_statistics(p.x), p.gamma, p.beta, kEps),
                   p.cotangent);
      };
      const auto gradients =
          batch_norm_backward_train(p.cotangent, p.x, batch_statistics(p.x), p.gamma, kEps);
      const std::string shape = fmt::format(" at {}x{}", rows, channels);
      // Two rows apart by d have a third derivative of the order eps / d^3: kept small by their
      // distance.
      expect_equal(gradients.dx.values, central_differences(p.x.values, loss), "dx" + shape);
      expect_equal(gradients.dgamma, central_differences(p.gamma, loss), "dgamma" + shape);
      expect_equal(gradients.dbeta, central_differences(p.beta, loss), "dbeta" + shape);
    }
  }
}

TEST(ReferenceNormTest, EvaluationGradientsAreTheDerivatives) {
  Problem p(5, 3);
  const Statistics running{{0.1, -2, 30}, {1, 0.25, 4}};
  const auto loss = [&] {
    return dot(batch_norm_forward(p.x, running, p.gamma, p.beta, kEps), p.cotangent);
  };
  const auto gradients = batch_norm_backward_eval(p.cotangent, p.x, running, p.gamma, kEps);
  expect_equal(gradients.dx.values, central_differences(p.x.values, loss), "dx");
  expect_equal(gradients.dgamma, central_differences(p.gamma, loss), "dgamma");
  expect_equal(gradients.dbeta, central_differences(p.beta, loss), "dbeta");
}

TEST(ReferenceNormTest, NormalizedBatchHasMeanBetaAndDeviationGamma) {
  const Problem p(50, 3);
  const Table y = batch_norm_forward(p.x, batch_statistics(p.x), p.gamma, p.beta, 0);
  const Statistics statistics = batch_statistics(y);
  for (std::size_t c = 0; c < 3; ++c) {
    EXPECT_NEAR(statistics.mean[c], p.beta[c], 1e-12);
    EXPECT_NEAR(statistics.variance[c], p.gamma[c] * p.gamma[c], 1e-12);
  }
}

TEST(ReferenceActivationTest, DerivativesAreTheDerivatives) {
  for (const auto kind :
       {ActivationKind::identity, ActivationKind::relu, ActivationKind::leaky_relu,
        ActivationKind::sigmoid, ActivationKind::tanh, ActivationKind::gelu}) {
    const Activation activation{kind, 0.2f};
    for (double x = -5.95; x < 6; x += 0.1) {  // never within a step of the kinks at 0
      const double numeric = (reference::activation(activation, x + kStep) -
                              reference::activation(activation, x - kStep)) /
                             (2 * kStep);
      ASSERT_NEAR(activation_derivative(activation, x), numeric, 1e-9)
          << "activation " << static_cast<int>(kind) << " at " << x;
    }
  }
}

TEST(ReferenceActivationTest, KnownValues) {
  const auto at = [](ActivationKind kind, double x) {
    return reference::activation({kind, 0.01f}, x);
  };
  EXPECT_NEAR(at(ActivationKind::gelu, 1), 0.8413447460685429, 1e-15);  // Phi(1)
  EXPECT_NEAR(at(ActivationKind::sigmoid, 2), 0.8807970779778823, 1e-15);
  EXPECT_NEAR(at(ActivationKind::tanh, 0.5), 0.46211715726000973, 1e-15);
  EXPECT_EQ(at(ActivationKind::relu, -3), 0);
  EXPECT_NEAR(at(ActivationKind::leaky_relu, -3), -0.03, 1e-8);
  EXPECT_EQ(at(ActivationKind::identity, -3), -3);
}

}  // namespace
}  // namespace normlab::reference
