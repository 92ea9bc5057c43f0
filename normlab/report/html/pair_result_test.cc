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

PairResult whole_result_of(const MockStudy& mock) {
  return pair_result(compare(mock.study, mock.results), 1, Metric::validation_accuracy);
}

PairKind result_of(const MockStudy& mock) {
  return whole_result_of(mock).kind;
}

/// The first trials of an arm learn nothing.
void collapse_first(MockStudy& mock, std::size_t arm, std::uint64_t count) {
  for (std::uint64_t seed = 1; seed <= count; ++seed) collapse(mock.record(arm, seed));
}

TEST(PairResult, WhereAllTrainTheIntervalDecides) {
  MockStudy mock = two_arms();
  EXPECT_EQ(result_of(mock), PairKind::better);
  make_worse(mock, 1, 0.01);
  EXPECT_EQ(result_of(mock), PairKind::open);
  make_worse(mock, 1, 0.1);
  EXPECT_EQ(result_of(mock), PairKind::worse);
}

// 27 of 27 were once called better where 19 were: a cell in which the other arm failed is no win in
// accuracy.
TEST(PairResult, AFailureOfTheOtherArmIsNoWinInAccuracy) {
  MockStudy mock = two_arms();
  collapse_first(mock, 0, 10);
  EXPECT_EQ(result_of(mock), PairKind::only_arm);
  mock = two_arms();
  for (std::uint64_t seed = 1; seed <= 10; ++seed) diverge(mock.record(0, seed));
  EXPECT_EQ(result_of(mock), PairKind::only_arm);
  mock = two_arms();
  collapse_first(mock, 1, 10);
  EXPECT_EQ(result_of(mock), PairKind::only_baseline);
}

TEST(PairResult, NoWinWhereBothAreAtChance) {
  MockStudy mock = two_arms();
  collapse_first(mock, 0, 10);
  collapse_first(mock, 1, 10);
  // By its accuracies, the arm would be the better one.
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    mock.record(0, seed).epochs.back().validation["accuracy"] = 0.09;
  }
  EXPECT_EQ(result_of(mock), PairKind::neither);
  EXPECT_EQ(whole_result_of(mock).verdict, Verdict::open);
}

TEST(PairResult, OneCollapseIsChanceAndManyAreNot) {
  MockStudy mock = two_arms();
  make_worse(mock, 1, 0.01);
  collapse_first(mock, 0, 1);
  EXPECT_EQ(result_of(mock), PairKind::open);
  collapse_first(mock, 0, 6);
  EXPECT_EQ(result_of(mock), PairKind::more_often);
  mock = two_arms();
  make_worse(mock, 1, 0.01);
  collapse_first(mock, 1, 6);
  EXPECT_EQ(result_of(mock), PairKind::less_often);
}

TEST(PairResult, WhatContradictsItselfIsOpen) {
  MockStudy mock = two_arms();
  collapse_first(mock, 1, 6);
  EXPECT_EQ(result_of(mock), PairKind::open) << "better where it trains, but it seldom does";
  make_worse(mock, 1, 0.3);
  EXPECT_EQ(result_of(mock), PairKind::worse) << "worse, and trains less often";
}

// Three seeds may all have failed by chance: told apart, but no verdict.
TEST(PairResult, FewFailuresAreToldApartWithoutAVerdict) {
  MockStudy mock = two_arms(3);
  collapse_first(mock, 0, 3);
  EXPECT_EQ(whole_result_of(mock).kind, PairKind::only_arm);
  EXPECT_EQ(whole_result_of(mock).verdict, Verdict::open);
  mock = two_arms(6);
  collapse_first(mock, 0, 6);
  EXPECT_EQ(whole_result_of(mock).verdict, Verdict::in_favour);
}

// One survivor of ten is no training that works.
TEST(PairResult, ASurvivorIsNotEnough) {
  MockStudy mock = two_arms();
  collapse_first(mock, 0, 10);
  collapse_first(mock, 1, 9);
  EXPECT_EQ(result_of(mock), PairKind::open);
}

TEST(PairResult, NothingRunIsOpen) {
  MockStudy mock = two_arms();
  for (TrialResult& result : mock.results) break_down(result.record, "no memory");
  EXPECT_EQ(result_of(mock), PairKind::open);
}

/// A result whose verdict its kind has at best.
PairResult of(PairKind kind) {
  switch (kind) {
    case PairKind::better:
    case PairKind::only_arm:
    case PairKind::more_often:
      return {kind, Verdict::in_favour};
    case PairKind::worse:
    case PairKind::only_baseline:
    case PairKind::less_often:
      return {kind, Verdict::against};
    default:
      return {kind, Verdict::open};
  }
}

Finding tally_of(const std::vector<PairKind>& kinds) {
  std::vector<PairResult> results;
  for (const PairKind kind : kinds) results.push_back(of(kind));
  return tally(results, "validation accuracy");
}

TEST(Tally, TellsFailuresApart) {
  using enum PairKind;
  const Finding finding = tally_of({better, better, better, only_arm, only_arm, open, neither});
  EXPECT_EQ(finding.text,
            "Of 7 comparisons of arms that differ in the norm alone, batch normalization does "
            "better in 3, worse in 0; only with batch normalization it trains in 2; in 1 nothing "
            "trained either way; in 1 nothing can be told (measured by validation accuracy)");
  EXPECT_EQ(finding.verdict, Verdict::in_favour);
  EXPECT_THAT(tally_of({better, worse}).text,
              AllOf(HasSubstr("better in 1, worse in 1; in 0 nothing"), Not(HasSubstr("only"))));
  EXPECT_EQ(tally_of({better, only_baseline}).verdict, Verdict::open);
  EXPECT_EQ(tally_of({neither, neither, better}).verdict, Verdict::open);
  const PairResult by_few{only_arm, Verdict::open};
  EXPECT_EQ(tally({by_few, by_few}, "x").verdict, Verdict::open) << "few seeds decide nothing";
}

}  // namespace
}  // namespace normlab
