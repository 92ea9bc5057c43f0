#include "normlab/bench/rounds.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace normlab::bench {
namespace {

TEST(Rounds, EveryItemHasOneSampleARound) {
  Rounds rounds;
  std::int64_t runs = 0;
  const std::size_t a = rounds.add([&] { ++runs; });
  const std::size_t b = rounds.add([] {});
  std::vector<std::int64_t> seen;
  rounds.run({.seconds = 0, .least = 3, .most = 10, .sample_seconds = 1e-5},
             [&](const Rounds::Progress& progress) { seen.push_back(progress.round); });
  EXPECT_EQ(seen, (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_EQ(rounds.seconds(a).size(), 3u);
  EXPECT_EQ(rounds.seconds(b).size(), 3u);
  EXPECT_GT(runs, 3);
  for (const double seconds : rounds.seconds(a)) EXPECT_GT(seconds, 0);
}

TEST(Rounds, EndWithTheMostThatWasAskedFor) {
  Rounds rounds;
  const std::size_t item = rounds.add([] {});
  rounds.run({.seconds = 1000, .least = 1, .most = 4, .sample_seconds = 1e-6}, [](const auto&) {});
  EXPECT_EQ(rounds.seconds(item).size(), 4u);
}

TEST(Rounds, GoThereAndBack) {
  Rounds rounds;
  std::vector<char> order;
  rounds.add([&] { order.push_back('a'); });
  rounds.add([&] { order.push_back('b'); });
  std::vector<std::string> per_round;
  rounds.run({.seconds = 0, .least = 2, .most = 2, .sample_seconds = 0}, [&](const auto&) {
    per_round.emplace_back(order.begin(), order.end());
    order.clear();
  });
  EXPECT_EQ(per_round.at(0).back(), 'b');
  EXPECT_EQ(per_round.at(1).front(), 'b');
  EXPECT_EQ(per_round.at(1).back(), 'a');
}

TEST(Rounds, GoOverWhatWantsManySamplesSeveralTimes) {
  Rounds rounds;
  std::string order;
  rounds.add([&] { order += '.'; });
  const std::size_t a = rounds.add([&] { order += 'a'; }, {.in_turns = true});
  const std::size_t b = rounds.add([&] { order += 'b'; }, {.in_turns = true});
  std::vector<std::string> per_round;
  rounds.run({.seconds = 0, .least = 3, .most = 3, .sample_seconds = 0, .turns = 3},
             [&](const auto&) {
               // A sample is a warm-up and a run, and more where it was disturbed.
               order.erase(std::unique(order.begin(), order.end()), order.end());
               per_round.push_back(std::exchange(order, {}));
             });
  // The first round begins with runs that find out how long the work takes.
  EXPECT_EQ(per_round.at(1), "ba.aba");
  EXPECT_EQ(per_round.at(2), ".abab");
  EXPECT_EQ(rounds.seconds(a).size(), 9u);
  EXPECT_EQ(rounds.seconds(b).size(), 9u);
}

}  // namespace
}  // namespace normlab::bench
