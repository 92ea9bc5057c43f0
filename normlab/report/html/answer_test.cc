#include "normlab/report/html/answer.h"

#include <gmock/gmock.h>

#include "normlab/report/html/report_input_test.h"

namespace normlab {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Finding headline(MockStudy mock) {
  return answer(make_input(std::move(mock))).front();
}

TEST(Answer, BatchNormalizationBetter) {
  const ReportInput input = make_input(mock_study({"norm=none", "norm=batch"}, 5));
  const Finding finding = answer(input).front();
  EXPECT_EQ(finding.verdict, Verdict::in_favour);
  const auto& contrast = input.comparison.contrasts[3];
  ASSERT_EQ(contrast.metric, Metric::validation_accuracy);
  EXPECT_THAT(finding.text,
              StartsWith("With batch normalization, validation accuracy after 5 epochs is "));
  // One point on average, by construction, but for what the seeds do.
  EXPECT_THAT(finding.text, HasSubstr(" points higher ["));
  EXPECT_NEAR(*contrast.difference, 0.01, 0.003);
  EXPECT_THAT(finding.text, HasSubstr("], 5 paired seeds; "));
}

TEST(Answer, BatchNormalizationWorse) {
  MockStudy mock = mock_study({"norm=none", "norm=batch"}, 5);
  make_worse(mock, 1, 0.3);
  const Finding finding = headline(mock);
  EXPECT_EQ(finding.verdict, Verdict::against);
  EXPECT_THAT(finding.text, HasSubstr(" points lower ["));
  EXPECT_THAT(finding.text, HasSubstr("most of its trials never reach 95 %, and those without it "
                                      "do after 3 epochs (median)"));
}

TEST(Answer, NothingCanBeToldWhenTheIntervalHoldsZero) {
  MockStudy mock = mock_study({"norm=none", "norm=batch"}, 5);
  make_worse(mock, 1, 0.01);
  const Finding finding = headline(mock);
  EXPECT_EQ(finding.verdict, Verdict::open);
  EXPECT_THAT(finding.text, HasSubstr("the interval holds zero, so nothing can be told"));
  EXPECT_THAT(finding.text, Not(HasSubstr("higher")));
}

TEST(Answer, OnePairMayBeChance) {
  const Finding finding = headline(mock_study({"norm=none", "norm=batch"}, 1));
  EXPECT_EQ(finding.verdict, Verdict::open);
  EXPECT_THAT(finding.text, HasSubstr("may be chance"));
}

TEST(Answer, OneArmIsDescribedAndComparedWithNothing) {
  const Finding finding = headline(mock_study({""}, 5));
  EXPECT_EQ(finding.verdict, Verdict::fact);
  EXPECT_THAT(finding.text, AllOf(StartsWith("Validation accuracy after 5 epochs is "),
                                  HasSubstr("5 seeds"), HasSubstr("no second arm")));
  EXPECT_THAT(headline(mock_study({""}, 1)).text, HasSubstr("one trial shows no spread"));
}

TEST(Answer, AllDiverged) {
  MockStudy mock = mock_study({"norm=none", "norm=batch"}, 2);
  for (TrialResult& result : mock.results) diverge(result.record);
  const Finding finding = headline(mock);
  EXPECT_EQ(finding.verdict, Verdict::open);
  EXPECT_EQ(finding.text,
            "With batch normalization, 0 of 2 trials trained (2 diverged); without it 0 of 2 (2 "
            "diverged).");

  MockStudy single = mock_study({""}, 2);
  for (TrialResult& result : single.results) diverge(result.record);
  EXPECT_EQ(headline(single).text, "No trial ran to its end: 2 of 2 diverged, 0 failed.");
}

TEST(Answer, NobodyWinsWhereNothingTrained) {
  MockStudy mock = mock_study({"norm=none", "norm=batch"}, 10);
  for (TrialResult& result : mock.results) collapse(result.record);
  const Finding finding = headline(mock);
  EXPECT_EQ(finding.verdict, Verdict::open);
  EXPECT_EQ(finding.text,
            "With batch normalization, 0 of 10 trials trained (10 at chance); without it 0 of 10 "
            "(10 at chance).");

  MockStudy single = mock_study({""}, 2);
  for (TrialResult& result : single.results) collapse(result.record);
  EXPECT_THAT(headline(single).text, HasSubstr("; 2 of 2 are at chance"));
}

// A few seeds of ten collapse: the mean of all would say 25 points, which no pair shows.
TEST(Answer, CollapsesAreToldApartFromTheDifference) {
  MockStudy mock = mock_study({"norm=none", "norm=batch"}, 10);
  for (const std::uint64_t seed : {2u, 5u, 7u}) collapse(mock.record(0, seed));
  const ReportInput input = make_input(mock);
  const Finding finding = answer(input).front();
  EXPECT_EQ(finding.verdict, Verdict::in_favour);
  EXPECT_NEAR(*find_contrast(input.comparison, 1, Metric::validation_accuracy).difference, 0.01,
              0.003);
  EXPECT_THAT(finding.text,
              AllOf(HasSubstr("7 of 10 paired seeds, those that both trained"),
                    HasSubstr(" With batch normalization, 10 of 10 trials trained; without it 7 of "
                              "10 (3 at chance): the share that trained ")));
}

TEST(Answer, BetterWhereItTrainsButSeldomIsNoVerdict) {
  MockStudy mock = mock_study({"norm=none", "norm=batch"}, 10);
  for (std::uint64_t seed = 1; seed <= 6; ++seed) diverge(mock.record(1, seed));
  const Finding finding = headline(mock);
  EXPECT_EQ(finding.verdict, Verdict::open);
  EXPECT_THAT(finding.text, AllOf(HasSubstr("points higher ["), HasSubstr("(6 diverged)"),
                                  HasSubstr("the share that trained is 60 points lower [")));
}

TEST(Answer, ThePrimaryMetricDecides) {
  ReportInput input = make_input(mock_study({"norm=none", "norm=batch"}, 6));
  input.comparison = compare(input.study, input.results, {.primary = Metric::test_loss});
  EXPECT_THAT(answer(input).front().text, HasSubstr("test loss after 5 epochs is 0."));
  input = make_input(mock_grid({32, 64}, 5));
  input.comparison = compare(input.study, input.results, {.primary = Metric::test_loss});
  EXPECT_THAT(answer(input).front().text, HasSubstr("(measured by test loss)"));
}

TEST(Answer, ValuesThatAreNotFiniteAreSaid) {
  MockStudy mock = mock_study({"norm=none", "norm=batch"}, 5);
  overflow(mock.record(0, 1));
  ReportInput input = make_input(mock);
  input.comparison = compare(input.study, input.results, {.primary = Metric::test_loss});
  EXPECT_THAT(answer(input).front().text,
              HasSubstr("4 of 5 paired seeds, 1 had a value that is not finite"));
}

TEST(Answer, DivergenceWithoutBatchNormalizationSpeaksForIt) {
  MockStudy mock = mock_study({"norm=none", "norm=batch"}, 8);
  for (TrialResult& result : mock.results) {
    if (result.trial.arm == 0) diverge(result.record);
  }
  const Finding finding = headline(mock);
  EXPECT_EQ(finding.verdict, Verdict::in_favour);
  EXPECT_THAT(finding.text, HasSubstr("8 of 8 trials trained; without it 0 of 8 (8 diverged)"));
  EXPECT_THAT(finding.text, HasSubstr("the share that trained is 100 points higher [26, 100]"));
}

TEST(Answer, FailedTrialsLeaveNothingToCompare) {
  MockStudy mock = mock_study({"norm=none", "norm=batch"}, 2);
  for (TrialResult& result : mock.results) break_down(result.record, "no memory");
  const Finding finding = headline(mock);
  EXPECT_EQ(finding.verdict, Verdict::open);
  EXPECT_THAT(finding.text, HasSubstr("no pair of trials has results"));
}

TEST(Answer, GridsAreCountedPairByPair) {
  MockStudy mock = mock_grid({32, 64}, 5);
  make_worse(mock, 3, 0.3);
  const auto findings = answer(make_input(std::move(mock)));
  ASSERT_EQ(findings.size(), 3u);
  EXPECT_EQ(findings[0].verdict, Verdict::open);
  EXPECT_THAT(findings[0].text, HasSubstr("better in 1, worse in 1; in 0 nothing can be told"));
  EXPECT_THAT(findings[1].text, StartsWith("With batch normalization (batch=32), "));
  EXPECT_EQ(findings[1].verdict, Verdict::in_favour);
  EXPECT_EQ(findings[2].verdict, Verdict::against);
}

// The headline once said 27 of 27 where 19 cells were better by their own intervals: in the others
// the arm without had failed.
TEST(Answer, AGridTellsFailedCellsApart) {
  MockStudy mock = mock_grid({32, 64, 128, 256}, 8);
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    diverge(mock.record(0, seed));
    collapse(mock.record(2, seed));
    collapse(mock.record(4, seed));
    collapse(mock.record(5, seed));
  }
  make_worse(mock, 6, 0.1);
  const Finding finding = headline(mock);
  EXPECT_THAT(finding.text,
              HasSubstr("better in 1, worse in 0; only with batch normalization it trains in 2; in "
                        "1 nothing trained either way; in 0 nothing can be told"));
}

TEST(Answer, OfDifferentFunctionsNoneIsTheBest) {
  MockStudy mock = mock_study({"a", "b", "c"}, 3);
  for (Arm& arm : mock.study.arms) arm.settings.norm.kind = NormKind::none;
  mock.study.arms[2].settings.label_smoothing = 0.1;
  ReportInput input = make_input(mock);
  input.comparison = compare(input.study, input.results, {.primary = Metric::train_loss});
  EXPECT_THAT(answer(input).front().text, HasSubstr("none is called the best"));
}

TEST(Answer, OtherSettingsSayNothingOfBatchNormalization) {
  MockStudy mock = mock_study({"lr=0.1", "lr=0.01", "lr=0.001"}, 5);
  double rate = 0.1;
  for (Arm& arm : mock.study.arms) {
    arm.settings.norm.kind = NormKind::none;
    arm.settings.optimizer.lr = rate;
    rate /= 10;
  }
  const auto findings = answer(make_input(std::move(mock)));
  for (const Finding& finding : findings) EXPECT_EQ(finding.verdict, Verdict::fact);
  EXPECT_THAT(findings[0].text, AllOf(HasSubstr("Of 3 arms, lr=0.001 has the highest"),
                                      HasSubstr("looks better than it is")));
  EXPECT_THAT(findings[1].text, AllOf(StartsWith("With lr=0.01, "), HasSubstr("than with lr=0.1")));
}

}  // namespace
}  // namespace normlab
