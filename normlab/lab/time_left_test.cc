#include "normlab/lab/time_left.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "normlab/base/philox.h"

namespace normlab {
namespace {

Study study_of(std::size_t arms, std::size_t seeds) {
  Study study;
  study.arms.resize(arms);
  for (std::size_t i = 0; i < arms * seeds; ++i) study.trials.push_back({"", i / seeds, {}});
  return study;
}

/// A trainer on a simulated clock, whose trials take known times: `jobs` at once, the most costly
/// first, a hundred steps each. Calls `look(now)` after every step.
template <class Look>
double simulate(TimeLeft& left, const std::vector<double>& costs,
                const std::vector<double>& seconds, std::size_t jobs, Look&& look) {
  constexpr int kSteps = 100;
  std::vector<std::size_t> queue(costs.size());
  std::iota(queue.begin(), queue.end(), std::size_t{0});
  std::ranges::stable_sort(queue, [&](auto a, auto b) { return costs[a] > costs[b]; });
  struct Job {
    std::size_t trial;
    int step;
  };
  std::multimap<double, Job> events;  // the next step of each job, by its time
  std::size_t next = 0;
  const auto start = [&](double now) {
    if (next == queue.size()) return;
    const std::size_t trial = queue[next++];
    left.start_trial(trial, now);
    events.emplace(now + seconds[trial] / kSteps, Job{trial, 1});
  };
  for (std::size_t i = 0; i < jobs; ++i) start(0);
  double now = 0;
  while (!events.empty()) {
    const auto [time, job] = *events.begin();
    events.erase(events.begin());
    now = time;
    left.count_step(job.trial, job.step, kSteps, now);
    if (job.step < kSteps) {
      events.emplace(now + seconds[job.trial] / kSteps, Job{job.trial, job.step + 1});
    } else {
      left.end_trial(job.trial, now);
      start(now);
    }
    look(now);
  }
  return now;
}

/// From a tenth of the work on, the estimate is within a fifth of the time that is really left (or
/// of 2 % of the whole, near the end), although arms are up to 1.25 times dearer or cheaper than
/// expected and single trials wobble by 5 %.
TEST(TimeLeft, IsRightWithinAFifthAfterATenthOfTheWork) {
  for (const std::size_t jobs : {1u, 2u, 3u, 8u}) {
    for (std::uint32_t draw = 0; draw < 20; ++draw) {
      const Study study = study_of(8, 5);
      Philox random(draw, Purpose::test, 0);
      const auto between = [&](double low, double high) {
        return low + (high - low) * static_cast<double>(random.uniform());
      };
      std::vector<double> expected_rate(8), costs, seconds;
      std::vector<double> arm_cost(8), arm_rate(8);
      for (std::size_t arm = 0; arm < 8; ++arm) {
        arm_cost[arm] = between(1, 3);
        arm_rate[arm] = 0.7 * between(1, 1.25);
      }
      for (const Trial& trial : study.trials) {
        costs.push_back(arm_cost[trial.arm]);
        seconds.push_back(arm_cost[trial.arm] * arm_rate[trial.arm] * between(0.95, 1.05));
      }
      TimeLeft left(study, costs, static_cast<int>(jobs));
      std::vector<std::pair<double, double>> estimates;  // time, estimate
      const double end = simulate(left, costs, seconds, jobs, [&](double now) {
        if (left.share_done() < 0.1) return;
        ASSERT_TRUE(left.seconds());
        estimates.emplace_back(now, *left.seconds());
      });
      for (const auto& [now, estimate] : estimates) {
        const double truth = end - now;
        ASSERT_LE(std::abs(estimate - truth), 0.2 * truth + 0.02 * end)
            << fmt::format("jobs {} draw {} at {:.2f} of {:.2f}", jobs, draw, now, end);
      }
    }
  }
}

/// Steps 1 to `steps` of 100, a second each.
void take_steps(TimeLeft& left, std::size_t trial, int steps) {
  left.start_trial(trial, 0);
  for (int step = 1; step <= steps; ++step) left.count_step(trial, step, 100, step);
}

TEST(TimeLeft, KnowsNothingBeforeTheFirstStepAndIsZeroInTheEnd) {
  const Study study = study_of(1, 2);
  TimeLeft left(study, std::vector<double>{1, 1}, 1);
  left.start_trial(0, 5);
  EXPECT_FALSE(left.seconds());
  EXPECT_EQ(left.share_done(), 0);
  left.count_step(0, 10, 10, 15);
  left.end_trial(0, 15);
  EXPECT_DOUBLE_EQ(left.share_done(), 0.5);
  left.reuse_trial(1);
  EXPECT_EQ(left.seconds(), 0);
  EXPECT_DOUBLE_EQ(left.share_done(), 1);
}

TEST(TimeLeft, WhatAnEarlierRunDidTookNoTime) {
  const Study study = study_of(1, 3);
  TimeLeft left(study, std::vector<double>{1, 1, 1}, 1);
  left.reuse_trial(2);
  left.start_trial(0, 0);
  left.count_step(0, 51, 100, 1);  // goes on from step 50
  left.count_step(0, 60, 100, 10);
  EXPECT_NEAR(left.seconds().value(), 40 + 100, 1e-9) << "a second for each step";
}

TEST(TimeLeft, ADivergedTrialLeavesNothingToDo) {
  const Study study = study_of(1, 2);
  TimeLeft left(study, std::vector<double>{1, 1}, 1);
  take_steps(left, 0, 10);
  left.end_trial(0, 10);
  EXPECT_NEAR(left.seconds().value(), 100, 1e-9);
}

TEST(TimeLeft, TheLastTrialIsNotSharedAmongJobs) {
  const Study study = study_of(1, 3);
  TimeLeft left(study, std::vector<double>{1, 1, 1}, 2);
  take_steps(left, 0, 50);
  take_steps(left, 1, 50);
  EXPECT_NEAR(left.seconds().value(), 50 + 100, 1e-9);
}

}  // namespace
}  // namespace normlab
