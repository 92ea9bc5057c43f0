#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "normlab/base/interval.h"
#include "normlab/lab/fairness.h"
#include "normlab/lab/learning.h"
#include "normlab/lab/metric.h"
#include "normlab/lab/statistics_superiority.h"
#include "normlab/lab/trial.h"

/// What a study's trials say, as numbers: every metric of every arm over the seeds, and every arm
/// against its baseline. The methods are those of DESIGN section 7 and are documented in
/// lab/statistics_*.h.
namespace normlab {

struct CompareOptions {
  /// Validation accuracy that steps_to_accuracy waits for, (0, 1]. Absent: what each pair's own
  /// baseline ends with (lab/threshold.h).
  std::optional<double> threshold = {};
  /// What the study is decided by, an outcome (is_outcome); all other metrics are described.
  Metric primary = Metric::validation_accuracy;
};

/// One metric of one arm over its seeds. For steps_to_accuracy mean, sd, iqm and ci95 are absent as
/// soon as one trial never arrived: a mean over survivors misleads.
struct MetricSummary {
  /// One per seed of ArmSummary::seeds. Absent: the trial diverged or failed, the value is not
  /// finite, or (steps_to_accuracy) it never arrived.
  std::vector<std::optional<double>> values;
  std::size_t n = 0;             ///< values that are there: what mean, sd, iqm and ci95 are over
  std::size_t not_finite = 0;    ///< values that trials which ran to their end have, not finite
  std::optional<double> mean;    ///< absent when n = 0
  std::optional<double> sd;      ///< absent when n < 2
  std::optional<double> iqm;     ///< interquartile mean; absent when n = 0
  std::optional<Interval> ci95;  ///< of the mean; absent when n < 2
  std::size_t censored = 0;      ///< steps_to_accuracy only: trials that never arrived
  /// steps_to_accuracy only: Kaplan-Meier. Absent when fewer than half arrived.
  std::optional<double> median;
};

struct ArmSummary {
  std::string id;
  std::string label;
  std::size_t n = 0;  ///< trials that ran to their end, diverged ones not counted
  std::size_t diverged = 0;
  std::size_t failed = 0;
  std::size_t at_chance = 0;  ///< of the n, those that learnt nothing (lab/learning.h)
  std::size_t not_known = 0;  ///< of the n, those of which that cannot be told
  /// After how many epochs `patience` ended trials, ascending; of the others there is none.
  std::vector<std::size_t> stopped_after;
  std::vector<std::uint64_t> seeds;  ///< of all the arm's results, failed ones included, ascending
  std::vector<Learning> learning;    ///< one per seed
  /// That the arm's steps_to_accuracy waits for: the given one; else what the arm ends with that it
  /// is set against, or it itself when others are set against it. Absent when no trial of that arm
  /// trained.
  std::optional<double> threshold;
  std::map<Metric, MetricSummary> metrics;  ///< of each of Comparison::metrics

  /// Trials that trained, of trained + at_chance + diverged; those of which it is not known count.
  std::size_t trained() const { return n - at_chance; }

  const MetricSummary& operator[](Metric metric) const { return metrics.at(metric); }
};

/// One arm against its baseline (lab/baseline.h) in one metric, paired by seed, over the pairs of
/// which both trials trained; in how many they did is Comparison::trained. Times are over all pairs
/// that have them.
struct Contrast {
  std::size_t baseline = 0;  ///< index into Comparison::arms
  std::size_t arm = 0;       ///< index into Comparison::arms
  Metric metric = Metric::train_loss;
  std::size_t n = 0;           ///< pairs of which both values are there
  std::size_t not_finite = 0;  ///< pairs left out because a value is not finite
  /// Whether the metric is the same quantity in both arms (lab/same_quantity.h). If not, all below
  /// is absent.
  bool comparable = true;
  /// Mean of arm minus baseline. Absent when n = 0 or, for steps_to_accuracy, a trial never
  /// arrived.
  std::optional<double> difference;
  std::optional<double> sd;      ///< of the differences; absent when n < 2
  std::optional<Interval> ci95;  ///< of the mean difference; absent when n < 2
  /// Whether it is one of the family that is tested: the study's primary metric, in arms that
  /// differ in the norm alone.
  bool family = false;
  std::optional<double> p_unadjusted;  ///< sign-flip permutation; of the family only
  std::optional<double> p;             ///< the same, Holm-corrected over the family
  /// That the arm does better than the baseline under the same seed; outcomes only. A trial that
  /// did not train, or never arrived, counts as worse than every other; two of those are a tie.
  /// Failed trials are left out.
  std::optional<Superiority> superiority;
  bool significant = false;  ///< p <= 0.05, which takes six pairs at least
};

/// In how many pairs of an arm and its baseline which of the two trained. Pairs with a failed trial
/// are left out.
struct TrainedPairs {
  std::size_t baseline = 0;  ///< index into Comparison::arms
  std::size_t arm = 0;       ///< index into Comparison::arms
  std::size_t both = 0;
  std::size_t arm_only = 0;
  std::size_t baseline_only = 0;
  std::size_t neither = 0;
  /// Share of the pairs in which the arm trained minus that in which the baseline did. Absent
  /// without a pair.
  std::optional<double> difference;
  /// Exact (share_interval()): it leaves zero out when only one of the two trained in all pairs,
  /// from six pairs on. Absent without a pair.
  std::optional<Interval> ci95;

  std::size_t total() const { return both + arm_only + baseline_only + neither; }
  std::size_t of_arm() const { return both + arm_only; }
  std::size_t of_baseline() const { return both + baseline_only; }
};

struct Comparison {
  Metric primary = Metric::validation_accuracy;
  std::vector<Metric> metrics;        ///< all_metrics()
  std::optional<double> threshold;    ///< the given one
  std::vector<ArmSummary> arms;       ///< as in Study::arms
  std::vector<Contrast> contrasts;    ///< arm by arm, metrics in order; empty for one arm
  std::vector<TrainedPairs> trained;  ///< of every arm but the first, in order
  std::size_t family = 0;             ///< contrasts that belong to the family
  std::size_t tests = 0;  ///< those of them that have a p, which Holm's correction counts
  /// Fewest seeds with which any of the tests could be significant; 0 when there are none.
  std::size_t seeds_needed = 0;
  std::size_t mean_step_times = 0;        ///< trials whose time per step is a mean, not a median
  std::vector<FairnessWarning> warnings;  ///< what check_fairness() finds
};

/// Throws RequestError when the threshold lies outside (0, 1] or the primary metric is no outcome:
/// what compare() would refuse, to be asked before hours of training.
void check_options(const CompareOptions& options);

/// Compares the arms of `study` by the `results` of its trials, in any order; trials without a
/// result are not counted.
///
/// A diverged or failed trial has no losses, accuracies or times: it is counted in ArmSummary and
/// leaves its pairs out of the differences, whose n says so. For steps_to_accuracy a diverged trial
/// that had not arrived never will. Throws RequestError as check_options() does, when a result
/// belongs to no arm of the study, or an arm has two results of one seed. The same results give the
/// same numbers, bit by bit. Safe to call from several threads.
Comparison compare(const Study& study, std::span<const TrialResult> results,
                   const CompareOptions& options = {});

/// The contrast of an arm in one metric. Requires: `arm` is not 0 and below the number of arms.
const Contrast& find_contrast(const Comparison& comparison, std::size_t arm, Metric metric);

/// What became of the pairs of an arm and its baseline. Requires as find_contrast().
const TrainedPairs& find_trained(const Comparison& comparison, std::size_t arm);

}  // namespace normlab
