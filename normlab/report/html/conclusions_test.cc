#include "normlab/report/html/conclusions.h"

#include <algorithm>

#include <gmock/gmock.h>

#include "normlab/report/html/answer.h"
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
  EXPECT_THAT(findings, Contains(says(Verdict::fact, "a step took 43.0 µs more (48 %)")));
}

// Arms ran one after the other on a machine that was busy for the first half: no verdict.
TEST(Conclusions, ATimeIsDescribedAndNeverDecided) {
  for (MockStudy mock :
       {mock_study({"norm=none", "norm=batch"}, 10), mock_grid({32, 64, 128}, 10)}) {
    for (TrialResult& result : mock.results) {
      if (result.trial.settings.norm.kind == NormKind::none) *result.record.step_seconds *= 7;
    }
    const ReportInput input = make_input(mock);
    int sentences = 0;
    for (const Finding& finding : shown(input)) {
      if (finding.text.find("a step took") == std::string::npos) continue;
      ++sentences;
      EXPECT_EQ(finding.verdict, Verdict::fact);
      EXPECT_THAT(finding.text, HasSubstr("ran one after the other"));
    }
    EXPECT_EQ(sentences, 1);
    for (const Finding& finding : answer(input)) EXPECT_THAT(finding.text, Not(HasSubstr("µs")));
  }
}

TEST(Conclusions, LossesThatAreDifferentFunctionsAreInNoSentence) {
  for (const bool baseline_too : {false, true}) {
    MockStudy mock = mock_study({"norm=none", "norm=batch"}, 5);
    mock.study.arms[1].settings.label_smoothing = 0.1;
    if (baseline_too) mock.study.arms[0].settings.label_smoothing = 0.1;
    const ReportInput input = make_input(mock);
    const auto findings = shown(input);
    EXPECT_THAT(findings, Not(Contains(Field(&Finding::text, HasSubstr("the gap from")))));
    EXPECT_THAT(findings, Contains(Field(&Finding::text, HasSubstr("validation loss after"))));
    EXPECT_EQ(std::ranges::any_of(findings,
                                  [](const Finding& finding) {
                                    return finding.text.find("training loss") != std::string::npos;
                                  }),
              baseline_too)
        << "the same function in both arms may be compared";
    EXPECT_THAT(not_shown(input), Contains(says(Verdict::limit, "label smoothing")));
  }
}

TEST(Conclusions, TheGapIsThatOfTrialsThatTrained) {
  MockStudy mock = mock_study({"norm=none", "norm=batch"}, 5);
  for (const std::uint64_t seed : {1u, 2u, 3u, 4u}) collapse(mock.record(0, seed));
  EXPECT_THAT(shown(make_input(mock)),
              Not(Contains(Field(&Finding::text, HasSubstr("the gap from")))))
      << "one pair that trained has no interval";
}

TEST(Conclusions, WorseIsSaid) {
  MockStudy mock = mock_study({"norm=none", "norm=batch"}, 5);
  for (TrialResult& result : mock.results) {
    if (result.trial.arm == 1) result.record.test->at("accuracy") -= 0.5;
  }
  EXPECT_THAT(shown(make_input(mock)),
              Contains(says(Verdict::against, "test accuracy after 5 epochs is 49")));
}

TEST(Conclusions, TheGapToValidationHasAnInterval) {
  MockStudy mock = mock_study({"norm=none", "norm=batch"}, 5);
  for (TrialResult& result : mock.results) {
    if (result.trial.arm == 1) result.record.epochs.back().train["loss"] = 0;
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
  mock.record(1, 1).probe->quantities.clear();
  EXPECT_THAT(shown(make_input(mock)),
              Not(Contains(says(Verdict::limit, "standard deviations from the mean"))));
}

TEST(Conclusions, LimitsFollowFromTheStudy) {
  const auto findings = not_shown(make_input(mock_study({"norm=none", "norm=batch"}, 5)));
  EXPECT_THAT(findings, Contains(says(Verdict::limit,
                                      "5 seeds for each arm: no difference in validation accuracy "
                                      "can be called significant; that takes at least 6 seeds.")));
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
