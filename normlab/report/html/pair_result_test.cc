#include "normlab/report/html/pair_result.h"

#include <gmock/gmock.h>

#include "normlab/report/html/report_input_test.h"

namespace normlab {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

MockStudy two_arms(std::uint64_t seeds = 10) {
  return mock_study({"norm=none", "norm=batch"}, seeds);
}

PairResult result_of(const MockStudy& mock, Metric metric = Metric::validation_accuracy) {
  return pair_result(compare(mock.study, mock.results), 1, metric);
}

/// The first trials of an arm learn nothing.
void collapse_first(MockStudy& mock, std::size_t arm, std::uint64_t count) {
  for (std::uint64_t seed = 1; seed <= count; ++seed) collapse(mock.record(arm, seed));
}

TEST(PairResult, WhereAllTrainTheIntervalDecides) {
  MockStudy mock = two_arms();
  EXPECT_EQ(result_of(mock), PairResult::better);
  make_worse(mock, 1, 0.01);
  EXPECT_EQ(result_of(mock), PairResult::open);
  make_worse(mock, 1, 0.1);
  EXPECT_EQ(result_of(mock), PairResult::worse);
}

// 27 of 27 were once called better where 19 were: a cell in which the other arm failed is no win in
// accuracy.
TEST(PairResult, AFailureOfTheOtherArmIsNoWinInAccuracy) {
  MockStudy mock = two_arms();
  collapse_first(mock, 0, 10);
  EXPECT_EQ(result_of(mock), PairResult::only_arm);
  mock = two_arms();
  for (std::uint64_t seed = 1; seed <= 10; ++seed) diverge(mock.record(0, seed));
  EXPECT_EQ(result_of(mock), PairResult::only_arm);
  mock = two_arms();
  collapse_first(mock, 1, 10);
  EXPECT_EQ(result_of(mock), PairResult::only_baseline);
}

TEST(PairResult, NoWinWhereBothAreAtChance) {
  MockStudy mock = two_arms();
  collapse_first(mock, 0, 10);
  collapse_first(mock, 1, 10);
  // By its accuracies, the arm would be the better one.
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    mock.record(0, seed).epochs.back().validation.accuracy = 0.09;
  }
  EXPECT_EQ(result_of(mock), PairResult::neither);
  EXPECT_EQ(verdict_of(PairResult::neither), Verdict::open);
}

TEST(PairResult, OneCollapseIsChanceAndManyAreNot) {
  MockStudy mock = two_arms();
  make_worse(mock, 1, 0.01);
  collapse_first(mock, 0, 1);
  EXPECT_EQ(result_of(mock), PairResult::open);
  collapse_first(mock, 0, 6);
  EXPECT_EQ(result_of(mock), PairResult::more_often);
  mock = two_arms();
  make_worse(mock, 1, 0.01);
  collapse_first(mock, 1, 6);
  EXPECT_EQ(result_of(mock), PairResult::less_often);
}

TEST(PairResult, WhatContradictsItselfIsOpen) {
  MockStudy mock = two_arms();
  collapse_first(mock, 1, 6);
  EXPECT_EQ(result_of(mock), PairResult::open) << "better where it trains, but it seldom does";
  make_worse(mock, 1, 0.3);
  EXPECT_EQ(result_of(mock), PairResult::worse) << "worse, and trains less often";
}

TEST(PairResult, NothingRunIsOpen) {
  MockStudy mock = two_arms();
  for (TrialResult& result : mock.results) break_down(result.record, "no memory");
  EXPECT_EQ(result_of(mock), PairResult::open);
}

TEST(Tally, TellsFailuresApart) {
  using enum PairResult;
  const Finding finding =
      tally({better, better, better, only_arm, only_arm, open, neither}, "validation accuracy");
  EXPECT_EQ(finding.text,
            "Of 7 comparisons of arms that differ in the norm alone, batch normalization does "
            "better in 3, worse in 0; only with batch normalization it trains in 2; in 1 nothing "
            "trained either way; in 1 nothing can be told (measured by validation accuracy)");
  EXPECT_EQ(finding.verdict, Verdict::in_favour);
  EXPECT_THAT(tally({better, worse}, "x").text,
              AllOf(HasSubstr("better in 1, worse in 1; in 0 nothing"), Not(HasSubstr("only"))));
  EXPECT_EQ(tally({better, only_baseline}, "x").verdict, Verdict::open);
  EXPECT_EQ(tally({neither, neither, better}, "x").verdict, Verdict::open);
}

}  // namespace
}  // namespace normlab
