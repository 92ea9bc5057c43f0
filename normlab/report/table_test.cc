#include "normlab/report/table.h"

#include <sstream>

#include <gmock/gmock.h>

#include "normlab/lab/mock_study.h"
#include "normlab/report/snapshot.h"
#include "normlab/report/text_layout.h"

namespace normlab {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::vector<DataFacts> kGlyphs = {{"glyphs", "5eed", true, 48000, 12000, 10000}};

std::string table(const MockStudy& mock, int width = 100) {
  return comparison_table(compare(mock.study, mock.results), kGlyphs, {width});
}

MockStudy two_arms(std::uint64_t seeds) {
  return mock_study({"norm=none", "norm=batch"}, seeds);
}

MockStudy eight_arms() {
  std::vector<std::string> labels;
  for (const char* batch : {"32", "64", "128", "256"}) {
    for (const char* norm : {"none", "batch"}) {
      labels.push_back(std::string("norm=") + norm + " batch=" + batch);
    }
  }
  MockStudy mock = mock_study(labels, 5);
  // Eight arms apart by the mock's step would pass 100 %.
  for (TrialResult& result : mock.results) {
    const auto wobble = (result.trial.settings.seed * 3 + result.trial.arm * 4) % 7;
    result.record = mock_record(result.trial.arm % 3, static_cast<double>(wobble) / 3 - 1);
  }
  return mock;
}

MockStudy with_losses() {
  MockStudy mock = two_arms(5);
  diverge(mock.record(0, 2));
  diverge(mock.record(0, 4));
  break_down(mock.record(1, 1), "disk full");
  return mock;
}

void expect_snapshot(const std::string& name, const std::string& text) {
  EXPECT_EQ(text, snapshot(name, text)) << name;
}

TEST(ComparisonTable, TwoArmsFiveSeeds) {
  expect_snapshot("two_arms.txt", table(two_arms(5)));
}

TEST(ComparisonTable, EightArms) {
  expect_snapshot("eight_arms.txt", table(eight_arms()));
}

TEST(ComparisonTable, DivergedAndFailedTrials) {
  expect_snapshot("diverged.txt", table(with_losses()));
}

TEST(ComparisonTable, OneTrial) {
  expect_snapshot("one_trial.txt", table(mock_study({"norm=batch"}, 1)));
}

TEST(ComparisonTable, EnoughSeedsMarkWhatIsSignificant) {
  expect_snapshot("twelve_seeds.txt", table(two_arms(12)));
}

TEST(ComparisonTable, SaysThatSyntheticDataAreSynthetic) {
  EXPECT_THAT(table(two_arms(2)), HasSubstr("glyphs (synthetic: drawn by this program): 48,000"));
  const MockStudy mock = two_arms(2);
  const std::vector<DataFacts> real = {{"mnist", "5eed", false, 48000, 12000, 10000}};
  EXPECT_THAT(comparison_table(compare(mock.study, mock.results), real),
              Not(HasSubstr("synthetic")));
}

TEST(ComparisonTable, OneSeedShowsNoSpread) {
  const std::string text = table(two_arms(1), 400);
  EXPECT_THAT(text, Not(HasSubstr("±")));
  EXPECT_THAT(text, HasSubstr("One seed: no spread and no interval can be given."));
  EXPECT_THAT(text, HasSubstr("it takes at least 6 seeds"));
}

TEST(ComparisonTable, SaysWhenNothingIsSignificant) {
  MockStudy mock = two_arms(10);
  // Both arms alike but for what the seed does.
  for (TrialResult& result : mock.results) {
    const double wobble = static_cast<double>(result.trial.settings.seed % 3) - 1;
    result.record = mock_record(0, result.trial.arm == 0 ? wobble : -wobble);
  }
  const std::string text = table(mock, 400);
  EXPECT_THAT(text,
              HasSubstr("No difference in validation accuracy, the primary metric, is significant: "
                        "every p > 0.05"));
  EXPECT_THAT(text, Not(HasSubstr("*")));
}

MockStudy with_collapses() {
  MockStudy mock = two_arms(10);
  for (const std::uint64_t seed : {2u, 5u, 7u}) collapse(mock.record(0, seed));
  diverge(mock.record(1, 5));
  return mock;
}

TEST(ComparisonTable, CollapsedTrials) {
  expect_snapshot("collapsed.txt", table(with_collapses()));
}

TEST(ComparisonTable, AllAtChance) {
  MockStudy mock = two_arms(6);
  for (TrialResult& result : mock.results) collapse(result.record);
  const std::string text = table(mock);
  EXPECT_THAT(text, HasSubstr("6 of 6 at"));
  EXPECT_THAT(text, HasSubstr("no baseline trained, so there is nothing to reach"));
  EXPECT_THAT(text, HasSubstr("no pair has a difference in validation accuracy"));
  EXPECT_THAT(text, Not(HasSubstr("*")));
}

// Of four trials three had no loss, and the fourth's stood there as a mean "over 4 seeds".
TEST(ComparisonTable, ValuesThatAreNotFiniteAreCounted) {
  MockStudy mock = two_arms(4);
  for (const std::uint64_t seed : {1u, 2u, 3u}) overflow(mock.record(0, seed));
  const std::string text = table(mock);
  EXPECT_THAT(text, HasSubstr("(3 of 4 not finite)"));
  EXPECT_THAT(text, HasSubstr("over 4 seeds, where all values are finite"));
  expect_snapshot("not_finite.txt", text);
}

TEST(ComparisonTable, EachPairHasItsOwnThreshold) {
  MockStudy mock = mock_study({"none", "batch", "none fast", "batch fast"}, 6);
  for (std::size_t arm = 0; arm < 4; ++arm) {
    TrialSettings& settings = mock.study.arms[arm].settings;
    settings.norm.kind = arm % 2 == 0 ? NormKind::none : NormKind::batch;
    settings.optimizer.lr = arm < 2 ? 0.001 : 0.01;
  }
  expect_snapshot("own_thresholds.txt", table(mock));
}

TEST(ComparisonTable, AGivenThresholdIsSaidAlone) {
  const MockStudy mock = two_arms(6);
  const std::string text =
      comparison_table(compare(mock.study, mock.results, {.threshold = 0.5}), kGlyphs);
  EXPECT_THAT(text, HasSubstr("Steps to 50 % validation accuracy: the median"));
}

TEST(ComparisonTable, ArmsThatDifferInOtherSettingsAreDescribed) {
  MockStudy mock = mock_study({"lr=1", "lr=2"}, 12);
  for (Arm& arm : mock.study.arms) arm.settings.norm.kind = NormKind::batch;
  mock.study.arms[1].settings.optimizer.lr = 2;
  mock.study.arms[1].settings.label_smoothing = 0.1;
  const std::string text = table(mock);
  EXPECT_THAT(text, HasSubstr("no two arms differ in the norm alone"));
  EXPECT_THAT(text, HasSubstr("different functions"));
  EXPECT_THAT(text, Not(HasSubstr("*")));
}

TEST(ComparisonTable, OlderRecordsAreSaidToBe) {
  MockStudy mock = two_arms(2);
  mock.record(0, 1).step_seconds.reset();
  mock.record(0, 1).validation_majority.reset();
  const std::string text = table(mock, 400);
  EXPECT_THAT(text, HasSubstr("Of 1 trial from before medians were kept it is the mean."));
  EXPECT_THAT(text, HasSubstr("whether they are at chance is not known"));
}

TEST(ComparisonTable, SaysWhenNothingFinished) {
  MockStudy mock = two_arms(2);
  for (TrialResult& result : mock.results) break_down(result.record, "disk full");
  const std::string text = table(mock);
  EXPECT_THAT(text, HasSubstr("No trial ran to its end."));
  EXPECT_THAT(text, HasSubstr("2 of 2 failed"));
}

TEST(ComparisonTable, KeepsToTheWidthWhereAColumnFits) {
  for (const int width : {72, 80, 100, 132, 200}) {
    std::istringstream lines(table(eight_arms(), width));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(display_width(line), static_cast<std::size_t>(width)) << line;
    }
  }
}

// Narrower than one column: still every column once, whatever the number.
TEST(ComparisonTable, SurvivesAnyWidth) {
  for (const int width : {-5, 0, 1, 20}) {
    EXPECT_THAT(table(two_arms(5), width), HasSubstr("0.0685 ± 0.0028"));
  }
}

}  // namespace
}  // namespace normlab
