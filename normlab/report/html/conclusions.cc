#include "normlab/report/html/conclusions.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "normlab/base/moments.h"
#include "normlab/lab/learning.h"
#include "normlab/lab/metric_value.h"
#include "normlab/lab/same_quantity.h"
#include "normlab/lab/statistics_interval.h"
#include "normlab/report/html/answer.h"
#include "normlab/report/html/number_phrases.h"
#include "normlab/report/html/pair_result.h"
#include "normlab/report/number_text.h"

namespace normlab {
namespace {

/// More pairs than this are counted, not told one by one.
constexpr std::size_t kMostPairsInFull = 2;
constexpr std::size_t kFewSeeds = 6;

using Findings = std::vector<Finding>;

/// The record of each seed of an arm, of those that trained.
std::map<std::uint64_t, const TrialRecord*> trained_of(const ReportInput& input, std::size_t arm) {
  std::map<std::uint64_t, const TrialRecord*> records;
  for (const TrialResult& result : input.results) {
    if (result.trial.arm == arm && counts_as_trained(learning_of(result.record))) {
      records.emplace(result.trial.settings.seed, &result.record);
    }
  }
  return records;
}

/// One number for each seed of which both arms trained: by(arm) - by(baseline).
template <class By>
std::vector<double> paired(const ReportInput& input, const ArmPair& pair, By&& by) {
  std::vector<double> differences;
  const auto baselines = trained_of(input, pair.baseline);
  for (const auto& [seed, record] : trained_of(input, pair.arm)) {
    const auto baseline = baselines.find(seed);
    if (baseline != baselines.end()) differences.push_back(by(*record) - by(*baseline->second));
  }
  return differences;
}

bool all_finite(const std::vector<double>& values) {
  return std::ranges::all_of(values, [](double value) { return std::isfinite(value); });
}

constexpr const char* kOneAfterTheOther =
    "trials ran one after the other, so this describes the run and decides nothing (normlab bench "
    "times in turns)";

/// What a step took more or less than with the baseline, as a share of it. Absent without pairs.
std::optional<double> time_change(const ReportInput& input, const ArmPair& pair) {
  const Contrast& contrast = find_contrast(input.comparison, pair.arm, Metric::step_seconds);
  const auto& base = input.comparison.arms[pair.baseline][Metric::step_seconds].mean;
  if (!contrast.difference || !base || !(*base > 0)) return std::nullopt;
  return *contrast.difference / *base;
}

/// What a step took: no verdict.
std::optional<Finding> cost(const ReportInput& input, const ArmPair& pair) {
  const auto change = time_change(input, pair);
  if (!change) return std::nullopt;
  const Contrast& contrast = find_contrast(input.comparison, pair.arm, Metric::step_seconds);
  return Finding{fmt::format("{}, a step took {} µs {} ({} %), {}: {}.", with_arm(input, pair),
                             fixed(std::abs(*contrast.difference) * 1e6, 1),
                             *contrast.difference < 0 ? "less" : "more", fixed(*change * 100, 0),
                             counted(contrast.n, "paired seed"), kOneAfterTheOther),
                 Verdict::fact};
}

/// The same for many pairs.
std::optional<Finding> costs(const ReportInput& input, std::span<const ArmPair> pairs) {
  std::vector<double> changes;
  for (const ArmPair& pair : pairs) {
    if (const auto change = time_change(input, pair)) changes.push_back(*change);
  }
  if (changes.empty()) return std::nullopt;
  const auto [least, most] = std::ranges::minmax(changes);
  return Finding{fmt::format("With batch normalization a step took from {} to {} % more than "
                             "without, in {} of arms that differ in the norm alone: {}.",
                             fixed(least * 100, 0), fixed(most * 100, 0),
                             counted(changes.size(), "comparison"), kOneAfterTheOther),
                 Verdict::fact};
}

/// How much more the validation loss exceeds the training loss of the last epoch.
/// Absent when the two are different functions.
std::optional<Finding> gap(const ReportInput& input, const ArmPair& pair) {
  if (!has_one_loss(input.study.arms[pair.arm].settings) ||
      !has_one_loss(input.study.arms[pair.baseline].settings)) {
    return std::nullopt;
  }
  const std::vector<double> gaps = paired(input, pair, [](const TrialRecord& record) {
    if (record.epochs.empty()) return std::nan("");
    const EpochRecord& last = record.epochs.back();
    return last.validation.at("loss") - last.train.at("loss");
  });
  if (gaps.size() < 2 || !all_finite(gaps)) return std::nullopt;
  const auto ci95 = mean_interval(gaps, {});
  const Verdict verdict = verdict_of(ci95, false);
  Finding finding;
  finding.text = fmt::format(
      "{}, the gap from training loss to validation loss after the last epoch changes by {}, {}",
      with_arm(input, pair), with_interval(moments_of(gaps).mean, ci95, 1, 4),
      counted(gaps.size(), "paired seed"));
  if (verdict == Verdict::open) {
    return Finding{finding.text + ": the interval holds zero, so nothing can be told.", verdict};
  }
  if (verdict == Verdict::in_favour) {
    finding.text += ": its training loss tells more of its loss on new images.";
  } else {
    finding.text +=
        ": its training loss promises more than new images keep. Part of that need not be learning "
        "by heart: in training each batch is normalized by its own statistics, in evaluation by "
        "the running ones.";
  }
  finding.verdict = pair.norm_alone && verdict == Verdict::against ? Verdict::limit : verdict;
  if (!pair.norm_alone) finding.verdict = Verdict::fact;
  return finding;
}

/// The running statistics of the probed trials at their end.
std::optional<Finding> running_statistics(const ReportInput& input) {
  double distance = 0;
  std::size_t norms = 0;
  std::size_t trials = 0;
  for (const TrialResult& result : input.results) {
    if (!result.record.probe) continue;
    const auto layers = layers_of(*result.record.probe, "mean_distance");
    if (!layers.empty()) ++trials;
    for (const ProbedLayer& layer : layers) {
      distance += static_cast<double>(layer.values.back().at(0));
      ++norms;
    }
  }
  if (norms == 0 || !std::isfinite(distance)) return std::nullopt;
  distance /= static_cast<double>(norms);
  return Finding{
      fmt::format("At the end of training the running mean that evaluation uses lies {} standard "
                  "deviations from the mean of one batch, averaged over the channels of {} in {}: "
                  "that is how far training and evaluation see different networks.",
                  fixed(distance, justified_decimals(distance, 3)),
                  norms == trials ? "one norm" : "all norms", counted(trials, "probed trial")),
      Verdict::limit};
}

/// The pairs with the smallest and the largest batch, all else equal.
std::optional<std::pair<ArmPair, ArmPair>> batch_ends(const ReportInput& input) {
  const std::vector<ArmPair> pairs = arm_pairs(input.study);
  if (pairs.size() < 2 || !pairs[0].norm_alone) return std::nullopt;
  const auto batch = [&](const ArmPair& pair) { return input.study.arms[pair.arm].settings.batch; };
  const auto [small, large] = std::ranges::minmax_element(pairs, {}, batch);
  if (batch(*small) == batch(*large)) return std::nullopt;
  const std::vector<std::string> keys = varied_keys(input.study);
  const bool only_batch = std::ranges::all_of(
      keys, [](const std::string& key) { return key == "batch" || key == "norm"; });
  if (!only_batch) return std::nullopt;
  return std::pair(*small, *large);
}

/// What the gain in accuracy can be in a pair of arms.
Domain accuracy_gain_domain(const ReportInput& input, const ArmPair& pair) {
  const auto of_arm = [&](std::size_t arm) {
    std::vector<const TrialResult*> results;
    for (const TrialResult& result : input.results) {
      if (result.trial.arm == arm) results.push_back(&result);
    }
    return domain_of(results, Metric::validation_accuracy);
  };
  return difference(of_arm(pair.arm), of_arm(pair.baseline));
}

/// How the gain in accuracy differs between the largest and the smallest batch.
std::optional<Finding> batch_dependence(const ReportInput& input) {
  const auto ends = batch_ends(input);
  if (!ends) return std::nullopt;
  std::map<std::uint64_t, double> sums;
  std::map<std::uint64_t, int> counts;
  const auto add = [&](std::size_t arm, double sign) {
    const ArmSummary& summary = input.comparison.arms[arm];
    for (std::size_t i = 0; i < summary.seeds.size(); ++i) {
      const auto& value = summary[Metric::validation_accuracy].values[i];
      if (!value || !counts_as_trained(summary.learning[i])) continue;
      sums[summary.seeds[i]] += sign * *value;
      ++counts[summary.seeds[i]];
    }
  };
  add(ends->second.arm, 1);
  add(ends->second.baseline, -1);
  add(ends->first.arm, -1);
  add(ends->first.baseline, 1);
  std::vector<double> differences;
  for (const auto& [seed, sum] : sums) {
    if (counts[seed] == 4) differences.push_back(sum);
  }
  if (differences.size() < 2) return std::nullopt;
  const auto ci95 =
      mean_interval(differences, difference(accuracy_gain_domain(input, ends->second),
                                            accuracy_gain_domain(input, ends->first)));
  const Verdict verdict = verdict_of(ci95, true);
  Finding finding;
  finding.verdict = verdict == Verdict::open ? Verdict::open : Verdict::limit;
  finding.text = fmt::format(
      "The gain in validation accuracy from batch normalization differs by {} points between {} "
      "and "
      "{}, {}{}.",
      with_interval(moments_of(differences).mean, ci95, 100, 2),
      arm_context(input.study, ends->first.arm), arm_context(input.study, ends->second.arm),
      counted(differences.size(), "seed"),
      verdict == Verdict::open
          ? ": the interval holds zero, so nothing can be told of the batch size's influence"
          : fmt::format(": it is larger with the {} batch, so it holds for the batch size it was "
                        "measured at",
                        verdict == Verdict::in_favour ? "larger" : "smaller"));
  return finding;
}

void add(Findings& findings, std::optional<Finding> finding) {
  if (finding) findings.push_back(std::move(*finding));
}

constexpr std::array<Metric, 4> kOutcomes = {Metric::validation_accuracy, Metric::validation_loss,
                                             Metric::train_loss, Metric::test_accuracy};

/// Those of kOutcomes that the answer does not speak of.
std::vector<Metric> secondary_outcomes(const ReportInput& input) {
  std::vector<Metric> metrics(kOutcomes.begin(), kOutcomes.end());
  std::erase(metrics, input.comparison.primary);
  return metrics;
}

void add_pair(const ReportInput& input, const ArmPair& pair, Findings& findings) {
  for (const Metric metric : secondary_outcomes(input)) {
    auto finding = difference_finding(input, pair, metric);
    if (finding) finding->text += ".";
    add(findings, std::move(finding));
  }
  add(findings, gap(input, pair));
  add(findings, cost(input, pair));
}

void add_tallies(const ReportInput& input, const std::vector<ArmPair>& pairs, Findings& findings) {
  for (const Metric metric : secondary_outcomes(input)) {
    const bool any = std::ranges::any_of(pairs, [&](const ArmPair& pair) {
      return find_contrast(input.comparison, pair.arm, metric).difference.has_value();
    });
    if (!any) continue;
    findings.push_back(tally(pair_results(input.comparison, pairs, metric), phrase(metric).noun));
    findings.back().text += ".";
  }
  add(findings, costs(input, pairs));
}

/// What keeps the study from calling anything significant.
void add_seeds(const ReportInput& input, Findings& findings) {
  const Comparison& comparison = input.comparison;
  if (comparison.arms.size() < 2) return;
  if (comparison.family == 0) {
    findings.push_back(
        {"No two arms differ in the norm alone: nothing is called significant.", Verdict::limit});
    return;
  }
  std::size_t most = 0;
  for (const ArmSummary& arm : comparison.arms) most = std::max(most, arm.n + arm.diverged);
  if (most >= std::max(kFewSeeds, comparison.seeds_needed)) return;
  const std::string noun = phrase(comparison.primary).noun;
  std::string text = fmt::format("{} for each arm", counted(most, "seed"));
  if (comparison.seeds_needed == 0) {
    text += fmt::format(": no difference in {} can be tested", noun);
  } else {
    text += fmt::format(
        ": no difference in {} can be called significant; that takes at least {} "
        "seeds{}",
        noun, comparison.seeds_needed,
        comparison.tests == 1 ? "" : fmt::format(" where {} arms are tested", comparison.tests));
  }
  findings.push_back({text + ".", Verdict::limit});
}

void add_other_losses(const ReportInput& input, Findings& findings) {
  const auto smooths = [](const Arm& arm) { return !has_one_loss(arm.settings); };
  if (std::ranges::none_of(input.study.arms, smooths)) return;
  findings.push_back(
      {"With label smoothing the training loss is another function than without, "
       "and than the validation loss: the two are not set against each other.",
       Verdict::limit});
}

void add_data(const ReportInput& input, Findings& findings) {
  if (input.data.size() == 1) {
    findings.push_back({fmt::format("One data set, {}: nothing here says how it is on others.",
                                    input.data[0].name),
                        Verdict::limit});
  }
  for (const DataFacts& data : input.data) {
    if (!data.synthetic) continue;
    findings.push_back({fmt::format("{} is synthetic, drawn by the program: its images are easier "
                                    "and more alike than photographs or handwriting.",
                                    data.name),
                        Verdict::limit});
  }
}

void add_settings(const ReportInput& input, Findings& findings) {
  const std::vector<std::string> keys = varied_keys(input.study);
  const auto varied = [&](const char* key) { return std::ranges::find(keys, key) != keys.end(); };
  const TrialSettings& settings = input.study.arms[0].settings;
  if (varied("norm") && !varied("lr")) {
    findings.push_back(
        {fmt::format("One learning rate, {:g}, for all arms: whether batch normalization allows a "
                     "larger one, and which arm would win with its own best one, was not asked.",
                     settings.optimizer.lr),
         Verdict::limit});
  }
  if (varied("norm") && !varied("batch")) {
    findings.push_back({fmt::format("One batch size, {}: batch statistics are noisier in smaller "
                                    "batches, and how much that matters was not measured.",
                                    settings.batch),
                        Verdict::limit});
  }
}

}  // namespace

std::vector<Finding> shown(const ReportInput& input) {
  Findings findings;
  const std::vector<ArmPair> pairs = arm_pairs(input.study);
  if (pairs.size() <= kMostPairsInFull) {
    for (const ArmPair& pair : pairs) add_pair(input, pair, findings);
  } else if (pairs[0].norm_alone) {
    add_tallies(input, pairs, findings);
  }
  add(findings, batch_dependence(input));
  add(findings, running_statistics(input));
  return findings;
}

std::vector<Finding> not_shown(const ReportInput& input) {
  Findings findings;
  if (input.comparison.arms.empty()) return findings;
  add_seeds(input, findings);
  for (const FairnessWarning& warning : input.comparison.warnings) {
    findings.push_back({capitalized(warning.text), Verdict::limit});
  }
  add_settings(input, findings);
  add_other_losses(input, findings);
  add_data(input, findings);
  return findings;
}

}  // namespace normlab
