#include "normlab/lab/fairness.h"

#include <gmock/gmock.h>

#include "normlab/lab/mock_study.h"

namespace normlab {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

MockStudy two_arms(std::uint64_t seeds = 3) {
  return mock_study({"norm=none", "norm=batch"}, seeds);
}

std::vector<FairnessWarning> check(const MockStudy& mock) {
  return check_fairness(mock.study, mock.results);
}

auto warns(FairnessIssue issue, const auto&... parts) {
  return ElementsAre(AllOf(Field(&FairnessWarning::issue, issue),
                           Field(&FairnessWarning::text, AllOf(HasSubstr(parts)...))));
}

TEST(Fairness, NothingToSayOfAFairStudy) {
  EXPECT_THAT(check(two_arms()), IsEmpty());
  EXPECT_THAT(check(MockStudy{}), IsEmpty());
}

TEST(Fairness, SettingsOfTheNormBelongToIt) {
  MockStudy mock = two_arms();
  TrialSettings& settings = mock.study.arms[1].settings;
  settings.norm.eps = 1e-3;
  settings.norm.stat_update = 0.01;
  settings.norm.running_var = RunningVariance::biased;
  settings.norm.gamma = AffineMode::fixed;
  settings.norm.beta = AffineMode::off;
  settings.norm.gamma_init = 0.5;
  settings.redundant_bias = RedundantBias::drop;
  EXPECT_THAT(check(mock), IsEmpty());
}

TEST(Fairness, ArmsThatDifferInMoreThanTheNorm) {
  MockStudy mock = two_arms();
  mock.study.arms[1].settings.optimizer.lr = 0.1;
  mock.study.arms[1].settings.epochs = 10;
  EXPECT_THAT(check(mock), warns(FairnessIssue::confounded, "1 of 1 arms", "'norm=none'",
                                 "in epochs, lr:", "Add an arm like 'norm=batch'"));
  mock.study.arms[1].settings.norm.kind = NormKind::none;
  EXPECT_THAT(check(mock), IsEmpty()) << "the same norm: the comparison is of something else";
}

TEST(Fairness, AnArmWithAPartnerOfItsOwnIsNotConfounded) {
  MockStudy mock = mock_study({"n 64", "b 64", "n 32", "b 32"}, 2);
  mock.study.arms[2].settings.norm.kind = NormKind::none;
  for (const std::size_t arm : {2, 3}) mock.study.arms[arm].settings.batch = 32;
  EXPECT_THAT(check(mock), IsEmpty());
}

/// Three learning rates with batch norm; later arms of mock studies do better.
MockStudy rates(const std::vector<double>& rates) {
  MockStudy mock = mock_study(std::vector<std::string>(rates.size(), "lr"), 2);
  for (std::size_t i = 0; i < rates.size(); ++i) {
    mock.study.arms[i].settings.norm.kind = NormKind::batch;
    mock.study.arms[i].settings.optimizer.lr = rates[i];
  }
  return mock;
}

TEST(Fairness, TheBestLearningRateIsAnEdgeOfItsGrid) {
  EXPECT_THAT(check(rates({0.01, 0.1, 1})),
              warns(FairnessIssue::lr_at_edge, "norm=batch does best at lr=1, the largest of 3",
                    "Add larger ones, such as lr=10."));
  EXPECT_THAT(check(rates({1, 0.1, 0.01})),
              warns(FairnessIssue::lr_at_edge, "lr=0.01, the smallest of 3",
                    "Add smaller ones, such as lr=0.001."));
  EXPECT_THAT(check(rates({0.01, 1, 0.1})), IsEmpty());
  EXPECT_THAT(check(rates({0.1, 1})), IsEmpty()) << "two are no grid";
  EXPECT_THAT(check(rates({0.1, 1, 1})), IsEmpty()) << "nor are two of three";
}

TEST(Fairness, EachNormHasItsOwnLearningRates) {
  MockStudy mock = rates({0.01, 1, 0.1, 0.001, 0.01, 0.1});
  for (std::size_t arm = 0; arm < 3; ++arm) {
    mock.study.arms[arm].settings.norm.kind = NormKind::none;
  }
  const auto warnings = check(mock);
  ASSERT_EQ(warnings.size(), 2u);
  EXPECT_EQ(warnings[0].issue, FairnessIssue::confounded);
  EXPECT_EQ(warnings[1].issue, FairnessIssue::lr_at_edge);
  EXPECT_THAT(warnings[1].text, HasSubstr("norm=batch does best at lr=0.1, the largest"));
}

TEST(Fairness, ADivergedRateIsNotTheBest) {
  MockStudy mock = rates({0.01, 0.1, 1});
  for (const std::uint64_t seed : {1, 2}) diverge(mock.record(2, seed));
  EXPECT_THAT(check(mock), warns(FairnessIssue::diverged_seeds, "2 of 2 of 'lr'"));
}

TEST(Fairness, ARateThatSeldomTrainsIsNotTheBest) {
  MockStudy mock = rates({0.01, 0.1, 1});
  diverge(mock.record(2, 1));
  EXPECT_THAT(check(mock), warns(FairnessIssue::diverged_seeds, "1 of 2 of 'lr'"))
      << "its survivor is the best trial of all";
}

TEST(Fairness, OfRatesAtChanceNoneIsTheBest) {
  MockStudy mock = rates({0.01, 0.1, 1});
  for (TrialResult& result : mock.results) collapse(result.record);
  EXPECT_THAT(check(mock), IsEmpty());
}

TEST(Fairness, TestImagesUsedForChoosing) {
  MockStudy mock = two_arms();
  for (Arm& arm : mock.study.arms) arm.settings.validation_is_test = true;
  EXPECT_THAT(check(mock), warns(FairnessIssue::chosen_on_test, "validation=test with 2 arms"));
  mock = mock_study({""}, 3);
  mock.study.arms[0].settings.validation_is_test = true;
  EXPECT_THAT(check(mock), IsEmpty()) << "nothing to choose from";
}

TEST(Fairness, UnequalNumbersOfFinishedSeeds) {
  MockStudy mock = two_arms();
  break_down(mock.record(1, 2), "disk full");
  mock.results.pop_back();
  EXPECT_THAT(check(mock), warns(FairnessIssue::unequal_seeds, "from 1 ('norm=batch') to 3"));
}

TEST(Fairness, ADivergedSeedIsFinishedAndCounted) {
  MockStudy mock = two_arms();
  diverge(mock.record(0, 3));
  EXPECT_THAT(check(mock), warns(FairnessIssue::diverged_seeds, "1 of 3 of 'norm=none'"));
}

TEST(Fairness, ColdRunningStatistics) {
  MockStudy mock = two_arms();
  const auto train = [&](std::int64_t steps) {
    for (TrialResult& result : mock.results) result.record.steps = steps;
  };
  train(30);
  EXPECT_THAT(check(mock), IsEmpty());
  train(29);
  EXPECT_THAT(check(mock), warns(FairnessIssue::cold_statistics, "'norm=batch'",
                                 "29 steps with stat_update=0.1", "about 30."));
  mock.study.arms[1].settings.norm.cumulative = true;
  EXPECT_THAT(check(mock), IsEmpty());
}

TEST(Fairness, ALastBatchMuchSmallerThanTheRest) {
  MockStudy mock = two_arms();
  const auto examples = [&](std::int64_t count) {
    for (TrialResult& result : mock.results) result.record.train_examples = count;
  };
  examples(48015);
  EXPECT_THAT(check(mock),
              warns(FairnessIssue::short_last_batch, "15 examples where the others have 64"));
  for (Arm& arm : mock.study.arms) arm.settings.tail = Tail::drop;
  EXPECT_THAT(check(mock), IsEmpty());
  for (Arm& arm : mock.study.arms) arm.settings.tail = Tail::keep;
  examples(48016);
  EXPECT_THAT(check(mock), IsEmpty()) << "a quarter of a batch";
  examples(15);
  EXPECT_THAT(check(mock), IsEmpty()) << "there is no other batch";
}

}  // namespace
}  // namespace normlab
