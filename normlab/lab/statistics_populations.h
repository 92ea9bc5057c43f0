#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "normlab/base/interval.h"
#include "normlab/base/philox.h"

/// Populations of known mean like those that seeds of a network are drawn from, for the simulation
/// of the interval (bench/statistics) and its tests.
namespace normlab {

struct Population {
  std::string name;
  double mean = 0;
  Domain domain;
  std::function<double(Philox&)> draw;
  /// That so many seeds show nothing of one side of the mean: no collapse among them, or nothing
  /// else. An interval made from the seeds alone can hold the mean no more often than they do.
  std::function<double(double n)> unseen = [](double) { return 0.0; };
};

inline constexpr Domain kAnyNumber{};
inline constexpr Domain kAccuracy{{0, 1}};
inline constexpr Domain kAccuracyDifference{{-1, 1}};
inline constexpr Domain kPositive{{0, Domain::kMost}};

/// Uniform in (0, 1), 32 random bits.
inline double uniform(Philox& random) {
  return (random.next() + 0.5) * 0x1p-32;
}

/// How a collapsing arm ends: at 0.95 with a standard deviation of 0.01; a seed that collapses at
/// 0.1, that of guessing among ten classes.
inline double accuracy(Philox& random, bool collapsed) {
  const double value = (collapsed ? 0.1 : 0.95) + 0.01 * random.normal();
  return std::clamp(value, 0.0, 1.0);
}

/// Seeds that scatter evenly, or lean to one side, as losses do.
inline std::vector<Population> smooth_populations() {
  const auto log_normal = [](const char* name, double sigma) {
    return Population{name, std::exp(sigma * sigma / 2), kPositive,
                      [sigma](Philox& random) { return std::exp(sigma * random.normal()); }};
  };
  return {{"normal", 0, kAnyNumber, [](Philox& random) { return random.normal(); }},
          {"uniform", 0.5, kAccuracy, uniform},
          {"student t, 3 degrees", 0, kAnyNumber,
           [](Philox& random) {
             double squares = 0;
             for (int i = 0; i < 3; ++i) squares += std::pow(random.normal(), 2);
             return random.normal() / std::sqrt(squares / 3);
           }},
          {"exponential", 1, kPositive, [](Philox& random) { return -std::log(uniform(random)); }},
          log_normal("log-normal, sigma 0.5", 0.5),
          log_normal("log-normal, sigma 0.75", 0.75)};
}

inline std::string percent(double share) {
  return std::to_string(std::lround(100 * share)) + " %";
}

/// That of n seeds none, or all, are of a kind that has the share `share`.
inline std::function<double(double)> one_kind_unseen(double share) {
  return [share](double n) { return std::pow(1 - share, n) + std::pow(share, n); };
}

/// Accuracies of an arm of which the share `collapsing` collapses, all the way or (`partly`) to
/// anything between 0.1 and 0.9.
inline Population collapsing_arm(double collapsing, bool partly) {
  const double mean = collapsing * (partly ? 0.5 : 0.1) + (1 - collapsing) * 0.95;
  return {percent(collapsing) + (partly ? " collapse partly" : " collapse"), mean, kAccuracy,
          [=](Philox& random) {
            const bool collapsed = uniform(random) < collapsing;
            if (collapsed && partly) return 0.1 + 0.8 * uniform(random);
            return accuracy(random, collapsed);
          },
          one_kind_unseen(collapsing)};
}

/// Differences of accuracy of two arms paired by seed. On the share `together` of the seeds both
/// collapse; on the others the share `arm` of the arm's and `baseline` of the baseline's, each on
/// its own.
inline Population collapsing_pair(std::string name, double arm, double baseline, double together) {
  const double mean = -0.85 * (1 - together) * (arm - baseline);
  const bool one_sided = baseline == 0 && together == 0;
  return {std::move(name), mean, kAccuracyDifference,
          [=](Philox& random) {
            const bool both = uniform(random) < together;
            const bool arm_collapsed = uniform(random) < arm;
            const bool baseline_collapsed = uniform(random) < baseline;
            const double of_arm = accuracy(random, both || arm_collapsed);
            return of_arm - accuracy(random, both || baseline_collapsed);
          },
          one_sided ? one_kind_unseen(arm) : [](double) { return 0.0; }};
}

inline std::vector<Population> collapsing_arms() {
  std::vector<Population> populations;
  for (const bool partly : {false, true}) {
    for (const double share : {0.05, 0.2, 0.5}) {
      populations.push_back(collapsing_arm(share, partly));
    }
  }
  return populations;
}

/// In one arm alone, in both on different seeds, and in both on the same seeds by half or always.
inline std::vector<Population> collapsing_pairs() {
  std::vector<Population> populations;
  for (const double share : {0.05, 0.2, 0.5}) {
    const std::string each = percent(share);
    populations.push_back(collapsing_pair(each + " of one arm", share, 0, 0));
    populations.push_back(collapsing_pair(each + " of both, apart", share, share, 0));
    const double half = share / 2;
    populations.push_back(collapsing_pair(each + " of both, half together", half / (1 - half),
                                          half / (1 - half), half));
    populations.push_back(collapsing_pair(each + " of both, together", 0, 0, share));
  }
  return populations;
}

}  // namespace normlab
