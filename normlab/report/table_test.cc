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
  const std::string text = table(two_arms(1));
  EXPECT_THAT(text, Not(HasSubstr("±")));
  EXPECT_THAT(text, HasSubstr("One seed: no spread and no interval can be given."));
  EXPECT_THAT(text, HasSubstr("it takes at least 9 seeds"));
}

TEST(ComparisonTable, SaysWhenNothingIsSignificant) {
  MockStudy mock = two_arms(10);
  // Both arms alike but for what the seed does.
  for (TrialResult& result : mock.results) {
    const double wobble = static_cast<double>(result.trial.settings.seed % 3) - 1;
    result.record = mock_record(0, result.trial.arm == 0 ? wobble : -wobble);
  }
  const std::string text = table(mock);
  EXPECT_THAT(text, HasSubstr("No difference is significant: every p > 0.05"));
  EXPECT_THAT(text, Not(HasSubstr("*")));
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

TEST(ComparisonTable, SaysWherePatienceEndedTrials) {
  MockStudy mock = two_arms(3);
  EXPECT_THAT(table(mock, 500), Not(HasSubstr("Patience")));
  for (const std::uint64_t seed : {1, 3}) {
    mock.record(1, seed).stopped_early = true;
    mock.record(1, seed).epochs.resize(seed == 1 ? 2 : 3);
  }
  EXPECT_THAT(table(mock, 500),
              HasSubstr("Patience ended trials early: 2 of 3 (norm=batch) after 2 to 3 epochs."));
}

}  // namespace
}  // namespace normlab
