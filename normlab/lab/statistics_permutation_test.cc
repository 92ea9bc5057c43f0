#include "normlab/lab/statistics_permutation.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "normlab/base/philox.h"
#include "normlab/lab/statistics_golden.h"
#include "normlab/lab/statistics_holm.h"

namespace normlab {
namespace {

// Darwin's cross- and self-fertilized maize, eighths of an inch (Fisher 1935, section 21): 863 of
// the 32,768 patterns reach a sum of 314, so both tails together are 2 * 863 / 32,768.
TEST(SignFlip, ReproducesFishersCount) {
  const std::vector<double> darwin = {49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48};
  EXPECT_EQ(sign_flip_p(darwin), 863.0 / 16384);
}

TEST(SignFlip, AgreesWithScipy) {
  for (const golden::Sample& sample : golden::kSamples) {
    const bool exact = sample.values.size() <= 16;
    // Sampled: five standard errors of a share of 0.02 of 65,536.
    EXPECT_NEAR(sign_flip_p(sample.values), sample.sign_flip_p, exact ? 1e-12 : 0.0028)
        << sample.name;
  }
}

TEST(SignFlip, HasItsSmallestValueWhenAllDifferencesAgree) {
  EXPECT_EQ(sign_flip_p(std::vector<double>{}), 1);
  EXPECT_EQ(sign_flip_p(std::vector<double>{2}), 1);
  EXPECT_EQ(sign_flip_p(std::vector<double>{1, 2, 3, 4, 5}), 0.0625);
  EXPECT_EQ(sign_flip_p(std::vector<double>{1, 2, 3, 4, 5, 6}), 0.03125);
  EXPECT_EQ(sign_flip_p(std::vector<double>(16, -1)), 0x1p-15);
  EXPECT_EQ(sign_flip_p(std::vector<double>(40, -1)), 0x1p-16) << "the observed pattern alone";
  EXPECT_EQ(sign_flip_p(std::vector<double>(8, 0)), 1);
}

// 0.1 + 0.2 - 0.3 is not zero in floating point; its patterns must tie all the same.
TEST(SignFlip, CountsRoundingAsEqual) {
  EXPECT_EQ(sign_flip_p(std::vector<double>{0.1, 0.2, -0.3}), 1);
  EXPECT_EQ(sign_flip_p(std::vector<double>{0.1, 0.2, 0.3, -0.3}),
            sign_flip_p(std::vector<double>{1, 2, 3, -3}));
}

TEST(SignFlip, FalsePositivesAreAtMostFivePercent) {
  struct Case {
    std::size_t n;
    int samples;
  };
  for (const Case& setup : {Case{6, 4000}, Case{10, 4000}, Case{20, 200}}) {
    Philox random(11, Purpose::test, setup.n);
    int positives = 0;
    for (int i = 0; i < setup.samples; ++i) {
      std::vector<double> differences(setup.n);
      for (double& difference : differences) difference = std::pow(random.normal(), 3);
      positives += sign_flip_p(differences) <= 0.05 ? 1 : 0;
    }
    // The true rate is at most 5 %: three standard errors above it.
    const double allowed = 0.05 + 3 * std::sqrt(0.05 * 0.95 / setup.samples);
    EXPECT_LE(positives, allowed * setup.samples) << "n = " << setup.n;
    EXPECT_GE(positives, 0.01 * setup.samples) << "n = " << setup.n << ": it never rejects";
  }
}

TEST(SignFlip, AfterHolmAStudyIsWrongAtMostFivePercentOfTheTime) {
  constexpr int kStudies = 1000;
  constexpr int kTests = 8;
  Philox random(12, Purpose::test, 0);
  int wrong = 0;
  for (int study = 0; study < kStudies; ++study) {
    std::vector<double> p_values;
    for (int test = 0; test < kTests; ++test) {
      std::vector<double> differences(10);
      for (double& difference : differences) difference = random.normal();
      p_values.push_back(sign_flip_p(differences));
    }
    bool any = false;
    for (const double p : holm(p_values)) any |= p <= 0.05;
    wrong += any ? 1 : 0;
  }
  // Three standard errors above 5 %.
  EXPECT_LE(wrong, 0.071 * kStudies);
  EXPECT_GE(wrong, 0.005 * kStudies) << "it never rejects";
}

}  // namespace
}  // namespace normlab
