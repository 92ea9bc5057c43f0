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
  EXPECT_THAT(finding.text, HasSubstr("2 of 2 trials diverged; without 2 of 2"));

  MockStudy single = mock_study({""}, 2);
  for (TrialResult& result : single.results) diverge(result.record);
  EXPECT_EQ(headline(single).text, "No trial ran to its end: 2 of 2 diverged, 0 failed.");
}

TEST(Answer, DivergenceWithoutBatchNormalizationSpeaksForIt) {
  MockStudy mock = mock_study({"norm=none", "norm=batch"}, 8);
  for (TrialResult& result : mock.results) {
    if (result.trial.arm == 0) diverge(result.record);
  }
  const Finding finding = headline(mock);
  EXPECT_EQ(finding.verdict, Verdict::in_favour);
  EXPECT_THAT(finding.text, HasSubstr("0 of 8 trials diverged; without 8 of 8"));
  EXPECT_THAT(finding.text, HasSubstr("in 100 % of pairs"));
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
