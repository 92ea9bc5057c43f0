#include "normlab/report/html/worked_example.h"

#include <cmath>

#include <gmock/gmock.h>

#include "normlab/report/html/report_input_test.h"

namespace normlab {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;

/// Rounding of a few operations in double precision.
constexpr double kRounding = 1e-12;

TEST(WorkedExample, RecomputesTheBatchFromItsRows) {
  NormExample example = mock_probe().example;
  example.batch_mean = 99;
  example.batch_var = 99;
  const WorkedExample worked = work_through(example);
  EXPECT_NEAR(worked.mean, 3, kRounding);
  EXPECT_NEAR(worked.variance, 2.5, kRounding);
  const double deviation = std::sqrt(2.5);
  EXPECT_THAT(worked.normalized, ElementsAre(DoubleNear(-2 / deviation, kRounding),
                                             DoubleNear(-1 / deviation, kRounding),
                                             DoubleNear(1 / deviation, kRounding)));
  EXPECT_NEAR(worked.outputs[0], 2 * (-2 / deviation) + 0.5, kRounding);
  EXPECT_NEAR(worked.evaluated[0], 2 * (1 - 2) / 2.0 + 0.5, kRounding);
}

TEST(WorkedExample, BelievesTheRecordWhenRowsAreMissing) {
  NormExample example = mock_probe().example;
  example.rows = 4000;
  EXPECT_EQ(work_through(example).mean, example.batch_mean);
}

TEST(WorkedExample, LinesShowTheNumbers) {
  const NormExample example = mock_probe().example;
  const Json training = training_formula(&example);
  EXPECT_EQ(training["lines"][0]["text"], "(1 + 2 + 4 + …) / 4 = 3");
  EXPECT_EQ(training["lines"][1]["text"], "((1 − 3)² + (2 − 3)² + (4 − 3)² + …) / 4 = 2.5");
  EXPECT_EQ(training["lines"][2]["text"],
            "(1 − 3) / √(2.5 + 0) = −1.265; the next: −0.6325, 0.6325");
  EXPECT_EQ(training["lines"][3]["text"], "2 · (−1.265) + 0.5 = −2.03; the next: −0.7649, 1.765");
  const Json evaluation = evaluation_formula(&example);
  EXPECT_EQ(evaluation["lines"][2]["text"],
            "2 · (1 − 2) / √(4 + 0) + 0.5 = −0.5; the next: 0.5, 2.5");
}

TEST(WorkedExample, StandsInTheExplanationOfStudiesThatNormalize) {
  MockStudy mock = mock_study({"norm=none", "norm=batch"}, 2);
  mock.record(1, 1).probe = mock_probe();
  const Json with = explanation(make_input(mock));
  EXPECT_THAT(with.dump(), HasSubstr("channel 7 of layer 2: norm"));
  const Json none = explanation(make_input(mock_study({""}, 1)));
  EXPECT_TRUE(none["blocks"].empty()) << "an arm without a norm explains none";
}

}  // namespace
}  // namespace normlab
