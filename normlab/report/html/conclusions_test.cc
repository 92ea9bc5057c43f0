#include "normlab/report/html/conclusions.h"

#include <gmock/gmock.h>

#include "normlab/report/html/report_input_test.h"

namespace normlab {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

auto says(Verdict verdict, const std::string& part) {
  return AllOf(Field(&Finding::verdict, verdict), Field(&Finding::text, HasSubstr(part)));
}

TEST(Conclusions, EachMeasureHasItsSentence) {
  MockStudy mock = mock_study({"norm=none", "norm=batch"}, 5);
  const auto findings = shown(make_input(mock));
  EXPECT_THAT(findings,
              Contains(says(Verdict::in_favour, "validation loss after 5 epochs is 0.0")));
  EXPECT_THAT(findings, Contains(says(Verdict::in_favour, "test accuracy")));
  // 0.3 s against 0.2 s for the same steps: half as long again, but for what the seeds do.
  EXPECT_THAT(findings, Contains(says(Verdict::limit, "time per step is 43.0 µs longer [")));
  EXPECT_THAT(findings, Contains(says(Verdict::limit, ": 48 %.")));
}

TEST(Conclusions, WorseIsSaid) {
  MockStudy mock = mock_study({"norm=none", "norm=batch"}, 5);
  for (TrialResult& result : mock.results) {
    if (result.trial.arm == 1) result.record.test->accuracy -= 0.5;
  }
  EXPECT_THAT(shown(make_input(mock)),
              Contains(says(Verdict::against, "test accuracy after 5 epochs is 49")));
}

TEST(Conclusions, TheGapToValidationHasAnInterval) {
  MockStudy mock = mock_study({"norm=none", "norm=batch"}, 5);
  for (TrialResult& result : mock.results) {
    if (result.trial.arm == 1) result.record.epochs.back().train.loss = 0;
  }
  EXPECT_THAT(shown(make_input(mock)), Contains(says(Verdict::limit, "promises more")));
}

TEST(Conclusions, DependenceOnTheBatchIsMeasuredAcrossTheGrid) {
  MockStudy mock = mock_grid({32, 256}, 5);
  EXPECT_THAT(shown(make_input(mock)),
              Contains(says(Verdict::open, "between batch=32 and batch=256")));
  make_worse(mock, 1, 0.2);
  EXPECT_THAT(shown(make_input(mock)),
              Contains(says(Verdict::limit, "larger with the larger batch")));
}

TEST(Conclusions, RunningStatisticsComeFromTheProbe) {
  MockStudy mock = mock_study({"norm=none", "norm=batch"}, 2);
  mock.record(1, 1).probe = mock_probe();
  EXPECT_THAT(shown(make_input(mock)), Contains(says(Verdict::limit, "lies 0.12 standard")));
  mock.record(1, 1).probe->moments.clear();
  EXPECT_THAT(shown(make_input(mock)),
              Not(Contains(says(Verdict::limit, "standard deviations from the mean"))));
}

TEST(Conclusions, LimitsFollowFromTheStudy) {
  const auto findings = not_shown(make_input(mock_study({"norm=none", "norm=batch"}, 5)));
  EXPECT_THAT(findings, Contains(says(Verdict::limit,
                                      "5 seeds for each arm: no difference can be "
                                      "called significant")));
  EXPECT_THAT(findings, Contains(says(Verdict::limit, "One data set, glyphs")));
  EXPECT_THAT(findings, Contains(says(Verdict::limit, "synthetic")));
  EXPECT_THAT(findings, Contains(says(Verdict::limit, "One learning rate, 0.001")));
  EXPECT_THAT(findings, Contains(says(Verdict::limit, "One batch size, 64")));
}

TEST(Conclusions, NoLimitThatTheStudyDoesNotHave) {
  ReportInput input = make_input(mock_grid({32, 256}, 20));
  input.data = {{"mnist", "", false, 48000, 12000, 10000}, {"cifar10", "", false, 1, 1, 1}};
  const auto findings = not_shown(input);
  EXPECT_THAT(findings, Not(Contains(says(Verdict::limit, "seeds for each arm"))));
  EXPECT_THAT(findings, Not(Contains(says(Verdict::limit, "One data set"))));
  EXPECT_THAT(findings, Not(Contains(says(Verdict::limit, "synthetic"))));
  EXPECT_THAT(findings, Not(Contains(says(Verdict::limit, "One batch size"))));
}

TEST(Conclusions, OneTrialShowsNothingAndSaysSoOnlyInItsLimits) {
  const ReportInput input = make_input(mock_study({""}, 1));
  EXPECT_THAT(shown(input), IsEmpty());
  EXPECT_THAT(not_shown(input), Contains(says(Verdict::limit, "One data set")));
}

TEST(Conclusions, FairnessWarningsAreLimits) {
  MockStudy mock = mock_study({"norm=none", "norm=batch"}, 3);
  diverge(mock.record(0, 2));
  EXPECT_THAT(not_shown(make_input(mock)),
              Contains(says(Verdict::limit, "Seeds diverged: 1 of 3")));
}

}  // namespace
}  // namespace normlab
