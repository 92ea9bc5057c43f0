#include "normlab/kernels/optimizer.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "normlab/kernels/kernel_test.h"
#include "normlab/kernels/optimizer_golden.h"
#include "normlab/kernels/reference/optimizer.h"

namespace normlab::kernels {
namespace {

constexpr std::int64_t kSizes[] = {1, 3, 7, 8, 15, 16, 17, 33, 64, 1000};
constexpr std::int64_t kMisalignments[] = {0, 1, 5};

constexpr Tolerance kStep = {2e-7, 5e-7, "a handful of float roundings of numbers up to 4"};

/// One parameter vector with an optimizer's state, in float and in double.
struct Parameters {
  Guarded<float> weights;
  Guarded<float> first;
  Guarded<float> second;
  Guarded<float> gradient;
  std::vector<double> weights_expected;
  std::vector<double> first_expected;
  std::vector<double> second_expected;
  std::vector<double> gradient_expected;

  Parameters(std::int64_t size, std::int64_t misalignment)
      : weights(1, size, 0, misalignment),
        first(1, size, 0, misalignment),
        second(1, size, 0, misalignment),
        gradient(1, size, 0, misalignment) {
    std::vector<float> squares = normal_values(size, 3);
    for (float& square : squares) square *= square;
    weights.assign(normal_values(size, 1));
    first.assign(normal_values(size, 2));
    second.assign(squares);
    gradient.assign(normal_values(size, 4));
    weights_expected = to_double(weights.values());
    first_expected = to_double(first.values());
    second_expected = to_double(second.values());
    gradient_expected = to_double(gradient.values());
  }

  std::size_t size() const { return weights_expected.size(); }
  void step(const SgdStep& s) {
    sgd_step(weights.data(), first.data(), gradient.data(), size(), s);
    reference::sgd_step(weights_expected, first_expected, gradient_expected, s);
  }
  void step(const AdamStep& s) {
    adam_step(weights.data(), first.data(), second.data(), gradient.data(), size(), s);
    reference::adam_step(weights_expected, first_expected, second_expected, gradient_expected, s);
  }
  void expect_as_reference(const std::string& test_case) {
    expect_close<float>(weights.values(), weights_expected, kStep, "weights " + test_case);
    expect_close<float>(first.values(), first_expected, kStep, "first state " + test_case);
    expect_close<float>(second.values(), second_expected, kStep, "second state " + test_case);
    weights.expect_intact(test_case);
    first.expect_intact(test_case);
    second.expect_intact(test_case);
    gradient.expect_intact(test_case);
  }
};

class OptimizerTest : public KernelTest {};
INSTANTIATE_TEST_SUITE_P(Isas, OptimizerTest, every_isa(), isa_name);

const SgdStep kSgdSteps[] = {
    {.lr = 0.1f},
    {.lr = 0.1f, .weight_decay = 0.3f, .gradient_scale = 0.5f},
    {.lr = 0.1f, .momentum = 0.9f},
    {.lr = 0.1f, .momentum = 0.9f, .first = true},
    {.lr = 0.1f, .momentum = 0.9f, .weight_decay = 0.3f, .nesterov = true},
    {.lr = 0.1f, .momentum = 0.5f, .nesterov = true, .first = true, .gradient_scale = 2},
};

const AdamStep kAdamSteps[] = {
    {.lr = 0.1f, .correction1 = 0.1, .correction2 = 0.001},
    {.lr = 0.1f, .weight_decay = 0.3f, .correction1 = 0.19, .gradient_scale = 0.5f},
    {.lr = 0.1f, .gradient_scale = 0.5f},
    {.lr = 0.1f, .weight_decay = 0.3f},
    {.lr = 0.1f, .beta1 = 0.5, .beta2 = 0.75, .eps = 0.1f, .weight_decay = 0.3f, .decoupled = true},
};

TEST_P(OptimizerTest, StepsAsTheReference) {
  const auto run = [](const auto& steps, const std::string& name) {
    for (const std::int64_t size : kSizes) {
      for (const std::int64_t misalignment : kMisalignments) {
        for (std::size_t i = 0; i < std::size(steps); ++i) {
          Parameters parameters(size, misalignment);
          parameters.step(steps[i]);
          parameters.expect_as_reference(
              fmt::format("{} step {}, size {}, misalignment {}", name, i, size, misalignment));
        }
      }
    }
  };
  run(kSgdSteps, "sgd");
  run(kAdamSteps, "adam");
}

TEST_P(OptimizerTest, AlignmentDoesNotChangeBits) {
  Parameters aligned(1000, 0);
  Parameters misaligned(1000, 3);
  for (Parameters* parameters : {&aligned, &misaligned}) {
    parameters->step(kSgdSteps[4]);
    parameters->step(kAdamSteps[1]);
  }
  EXPECT_EQ(aligned.weights.values(), misaligned.weights.values());
}

TEST_P(OptimizerTest, PlainSgdNeedsNoVelocity) {
  float weight = 1;
  const float gradient = 2;
  sgd_step(&weight, nullptr, &gradient, 1, {.lr = 0.25f});
  EXPECT_EQ(weight, 0.5f);
}

TEST_P(OptimizerTest, FirstStepDoesNotReadTheVelocity) {
  std::vector<float> weights(40, 1.0f);
  std::vector<float> velocity(40, std::numeric_limits<float>::quiet_NaN());
  const std::vector<float> gradient(40, 2.0f);
  sgd_step(weights.data(), velocity.data(), gradient.data(), 40,
           {.lr = 0.25f, .momentum = 0.5f, .first = true});
  EXPECT_EQ(weights, std::vector<float>(40, 0.5f));
  EXPECT_EQ(velocity, gradient);
}

TEST_P(OptimizerTest, AdamUpdateIsWithinTwoUlpOfWhatItsMomentsSay) {
  constexpr std::int64_t kSize = 20'000;
  const bool fused = GetParam() != Isa::sse4;
  for (int t = 1; t <= 8; ++t) {
    // From zero weights: then the weight is the update, and nothing cancels.
    Parameters parameters(kSize, 0);
    parameters.weights.assign(std::vector<float>(kSize));
    AdamStep step{.lr = 1e-3f};
    step.correction1 = 1 - std::pow(step.beta1, t);
    step.correction2 = 1 - std::pow(step.beta2, t);
    adam_step(parameters.weights.data(), parameters.first.data(), parameters.second.data(),
              parameters.gradient.data(), kSize, step);
    std::vector<double> expected;
    for (std::int64_t i = 0; i < kSize; ++i) {
      const auto first = static_cast<double>(parameters.first.data()[i]);
      const auto second = static_cast<double>(parameters.second.data()[i]);
      expected.push_back(-static_cast<double>(step.lr) * (first / step.correction1) /
                         (std::sqrt(second / step.correction2) + static_cast<double>(step.eps)));
    }
    expect_close<float>(
        parameters.weights.values(), expected,
        {0, (fused ? 2 : 2.5) * 0x1p-23, "without fused multiply-adds two roundings more"},
        fmt::format("step {}", t));
  }
}

TEST_P(OptimizerTest, AdamIsExactlyStillWithoutGradients) {
  for (const float eps : {1e-8f, 0.0f}) {
    Parameters parameters(33, 0);
    const std::vector<float> zeros(33);
    const std::vector<float> before = parameters.weights.values();
    for (Guarded<float>* values : {&parameters.first, &parameters.second, &parameters.gradient}) {
      values->assign(zeros);
    }
    parameters.step(AdamStep{.lr = 0.1f, .eps = eps, .correction1 = 0.1, .correction2 = 0.001});
    EXPECT_EQ(parameters.weights.values(), before) << reproduction(fmt::format("eps {}", eps));
    EXPECT_EQ(parameters.first.values(), zeros);
    EXPECT_EQ(parameters.second.values(), zeros);
  }
}

TEST_P(OptimizerTest, AdamTakesDenormalMoments) {
  for (const float tiny : {1e-45f, 1e-42f, 1e-38f, 1e-30f}) {
    Parameters parameters(33, 0);
    for (Guarded<float>* values : {&parameters.first, &parameters.second, &parameters.gradient}) {
      values->assign(std::vector<float>(33, tiny));
    }
    for (auto* values :
         {&parameters.first_expected, &parameters.second_expected, &parameters.gradient_expected}) {
      values->assign(33, static_cast<double>(tiny));
    }
    for (const float eps : {1e-8f, 0.0f}) {
      parameters.step(AdamStep{.lr = 0.1f, .eps = eps, .correction1 = 0.5, .correction2 = 0.5});
      parameters.expect_as_reference(fmt::format("moments {}, eps {}", tiny, eps));
    }
  }
}

TEST_P(OptimizerTest, AdamSurvivesAGradientWhoseSquareOverflows) {
  Parameters parameters(33, 0);
  parameters.gradient.assign(std::vector<float>(33, 1e25f));
  for (int step = 0; step < 2; ++step) {
    adam_step(parameters.weights.data(), parameters.first.data(), parameters.second.data(),
              parameters.gradient.data(), 33, {.lr = 0.1f});
    EXPECT_TRUE(all_finite(parameters.weights.data(), 33));
  }
}

/// `step(weights, gradient, t)` on the golden problem, from start to end.
template <class T, class Step>
std::vector<T> descend(const Step& step) {
  std::vector<T> weights(golden::kStart.begin(), golden::kStart.end());
  for (int t = 1; t <= golden::kSteps; ++t) {
    std::vector<T> gradient(weights.size());
    for (std::size_t i = 0; i < weights.size(); ++i) {
      gradient[i] =
          static_cast<T>(golden::kCurvature[i]) * (weights[i] - static_cast<T>(golden::kTarget[i]));
    }
    step(weights, gradient, t);
  }
  return weights;
}

constexpr Tolerance kGolden = {2e-6, 0, "ten steps in float on numbers up to 2"};

/// Of the reference, where a rate such as 0.01 is a float here and a double there.
Tolerance golden_in_double(double lr) {
  if (lr != static_cast<double>(static_cast<float>(lr)))
    return {5e-7, 0, "0.01 as a float is off by 2e-8 of itself, in each of ten steps"};
  return {1e-12, 0, "ten steps in double"};
}

SgdStep step_of(const golden::Sgd& options, int t) {
  return {.lr = static_cast<float>(options.lr),
          .momentum = static_cast<float>(options.momentum),
          .weight_decay = static_cast<float>(options.weight_decay),
          .nesterov = options.nesterov,
          .first = t == 1};
}

AdamStep step_of(const golden::Adam& options, bool decoupled, int t) {
  return {.lr = static_cast<float>(options.lr),
          .beta1 = options.beta1,
          .beta2 = options.beta2,
          .eps = static_cast<float>(options.eps),
          .weight_decay = static_cast<float>(options.weight_decay),
          .decoupled = decoupled,
          .correction1 = 1 - std::pow(options.beta1, t),
          .correction2 = 1 - std::pow(options.beta2, t)};
}

TEST_P(OptimizerTest, SgdEndsWherePyTorchEnds) {
  for (std::size_t i = 0; i < golden::kSgd.size(); ++i) {
    const golden::Sgd& options = golden::kSgd[i];
    std::vector<float> velocity(5);
    const auto end = descend<float>([&](auto& weights, const auto& gradient, int t) {
      sgd_step(weights.data(), velocity.data(), gradient.data(), 5, step_of(options, t));
    });
    expect_close<float>(end, options.end, kGolden, fmt::format("kSgd[{}]", i));
  }
}

TEST_P(OptimizerTest, AdamEndsWherePyTorchEnds) {
  for (std::size_t i = 0; i < golden::kAdam.size(); ++i) {
    const golden::Adam& options = golden::kAdam[i];
    for (const bool decoupled : {false, true}) {
      std::vector<float> first(5);
      std::vector<float> second(5);
      const auto end = descend<float>([&](auto& weights, const auto& gradient, int t) {
        adam_step(weights.data(), first.data(), second.data(), gradient.data(), 5,
                  step_of(options, decoupled, t));
      });
      expect_close<float>(end, decoupled ? options.adamw_end : options.adam_end, kGolden,
                          fmt::format("kAdam[{}], decoupled {}", i, decoupled));
    }
  }
}

TEST(OptimizerReferenceTest, EndsWherePyTorchEnds) {
  for (const golden::Sgd& options : golden::kSgd) {
    std::vector<double> velocity(5);
    const auto end = descend<double>([&](auto& weights, const auto& gradient, int t) {
      reference::sgd_step(weights, velocity, gradient, step_of(options, t));
    });
    expect_close<double>(end, options.end, golden_in_double(options.lr),
                         fmt::format("lr {}", options.lr));
  }
  for (const golden::Adam& options : golden::kAdam) {
    for (const bool decoupled : {false, true}) {
      std::vector<double> first(5);
      std::vector<double> second(5);
      const auto end = descend<double>([&](auto& weights, const auto& gradient, int t) {
        reference::adam_step(weights, first, second, gradient, step_of(options, decoupled, t));
      });
      expect_close<double>(end, decoupled ? options.adamw_end : options.adam_end,
                           golden_in_double(options.lr),
                           fmt::format("lr {}, decoupled {}", options.lr, decoupled));
    }
  }
}

TEST_P(OptimizerTest, SumOfSquaresOfSmallIntegersIsExact) {
  for (const std::int64_t size : {1, 3, 7, 8, 15, 16, 17, 33, 1000, 4096, 4097, 9001}) {
    for (const std::int64_t misalignment : kMisalignments) {
      Guarded<float> values(1, size, 0, misalignment);
      double expected = 0;
      for (std::int64_t i = 0; i < size; ++i) {
        const double value = static_cast<double>(i % 7 - 3);
        values.data()[i] = static_cast<float>(value);
        expected += value * value;
      }
      EXPECT_EQ(sum_of_squares(values.data(), static_cast<std::size_t>(size)), expected)
          << reproduction(fmt::format("size {}, misalignment {}", size, misalignment));
    }
  }
}

TEST_P(OptimizerTest, SumOfSquaresAddsChunksInDouble) {
  // In float, the first chunk's 2^36 would swallow the second's 4096 and the third's 1.
  std::vector<float> values(2 * 4096 + 1, 1.0f);
  std::fill_n(values.begin(), 4096, 4096.0f);
  EXPECT_EQ(sum_of_squares(values.data(), values.size()), 0x1p36 + 4097);
}

TEST_P(OptimizerTest, AllFiniteSeesEveryPlace) {
  using Limits = std::numeric_limits<float>;
  for (const std::int64_t size : {1, 3, 7, 8, 15, 16, 17, 33, 200}) {
    Guarded<float> values(1, size, 0, 1);
    const auto n = static_cast<std::size_t>(size);
    std::fill_n(values.data(), size, Limits::max());
    values.data()[size / 2] = Limits::denorm_min();
    EXPECT_TRUE(all_finite(values.data(), n)) << reproduction(fmt::format("size {}", size));
    for (std::int64_t place = 0; place < size; ++place) {
      for (const float bad : {Limits::infinity(), -Limits::infinity(), Limits::quiet_NaN()}) {
        const float before = std::exchange(values.data()[place], bad);
        EXPECT_FALSE(all_finite(values.data(), n))
            << reproduction(fmt::format("{} at {} of {}", bad, place, size));
        values.data()[place] = before;
      }
    }
  }
  EXPECT_TRUE(all_finite(nullptr, 0));
}

}  // namespace
}  // namespace normlab::kernels
