#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "normlab/lab/comparison.h"
#include "normlab/report/html/arms.h"
#include "normlab/report/html/finding.h"

namespace normlab {

/// What the pairs of an arm and its baseline say together: how good those are that both trained,
/// and in how many which of the two trained.
enum class PairKind {
  better,         ///< where both trained the arm does better, and it does not train less often
  worse,          ///< the same the other way round
  only_arm,       ///< the arm trained in most pairs, the baseline in none: no win in the metric
  only_baseline,  ///< the same the other way round
  more_often,     ///< the arm trains more often; where both did, nothing can be told
  less_often,     ///< the same the other way round
  neither,        ///< nothing trained
  open,           ///< an interval holds zero, the two contradict each other, or nothing was run
};

struct PairResult {
  PairKind kind = PairKind::open;
  /// For the arm or against it only where a 95 % interval says so, open else.
  Verdict verdict = Verdict::open;
};

/// `metric` is one that training reaches. Requires: `arm` is not 0 and below the number of arms.
PairResult pair_result(const Comparison& comparison, std::size_t arm, Metric metric);

/// The same of each of the pairs.
std::vector<PairResult> pair_results(const Comparison& comparison, std::span<const ArmPair> pairs,
                                     Metric metric);

/// Whether an interval speaks for the arm, against it, or holds zero (open). Absent intervals are
/// open.
Verdict verdict_of(const std::optional<Interval>& ci95, bool larger_better);

/// "Of 4 comparisons of arms that differ in the norm alone, batch normalization does better in 2,
/// worse in 0; only with batch normalization it trains in 1; in 1 nothing can be told (measured by
/// validation loss)". Without a full stop. Requires: not empty.
Finding tally(const std::vector<PairResult>& results, const std::string& measured_by);

}  // namespace normlab
