#include "normlab/report/html/answer.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "normlab/report/html/number_phrases.h"
#include "normlab/report/number_text.h"
#include "normlab/report/table_columns.h"

namespace normlab {
namespace {

/// Sentences on single pairs under the headline of a grid.
constexpr std::size_t kMostPairs = 8;

std::string when(const ReportInput& input, const ArmPair& pair, Metric metric) {
  switch (metric) {
    case Metric::step_seconds:
      return "";
    case Metric::train_loss:
    case Metric::train_accuracy:
      return " in the last epoch";
    default:
      return " " + after_training(input.study.arms[pair.arm].settings);
  }
}

/// What is compared with: "without it", "with norm=none lr=0.01".
std::string than_baseline(const ReportInput& input, const ArmPair& pair) {
  if (pair.norm_alone) return "";
  return fmt::format(" than with {}", input.study.arms[pair.baseline].label);
}

/// Epochs with one digit where they are not whole.
std::string epochs_text(double epochs) {
  return fixed(epochs, epochs == std::round(epochs) ? 0 : 1);
}

std::optional<double> median_epochs(const ReportInput& input, std::size_t arm) {
  const auto median = input.comparison.arms[arm][Metric::steps_to_accuracy].median;
  const auto steps = steps_per_epoch(input.results, arm);
  if (!median || !steps) return std::nullopt;
  return *median / *steps;
}

/// "; it reaches 95 % in 1 epoch instead of 2 (medians)"; empty when no arm arrives.
std::string arrival_clause(const ReportInput& input, const ArmPair& pair) {
  const auto arm = median_epochs(input, pair.arm);
  const auto baseline = median_epochs(input, pair.baseline);
  const std::string threshold = percent_text(input.comparison.threshold);
  const std::string baseline_name =
      pair.norm_alone ? "without it" : "with " + input.study.arms[pair.baseline].label;
  const auto epochs = [](double count) {
    return fmt::format("{} epoch{}", epochs_text(count), count == 1 ? "" : "s");
  };
  if (arm && baseline && *arm == *baseline) {
    return fmt::format("; both reach {} after {} (medians)", threshold, epochs(*arm));
  }
  if (arm && baseline) {
    return fmt::format("; it reaches {} after {} instead of {} (medians)", threshold, epochs(*arm),
                       epochs_text(*baseline));
  }
  if (arm) {
    return fmt::format("; it reaches {} after {} (median), and most trials {} never do", threshold,
                       epochs(*arm), baseline_name);
  }
  if (baseline) {
    return fmt::format("; most of its trials never reach {}, and those {} do after {} (median)",
                       threshold, baseline_name, epochs(*baseline));
  }
  return "";
}

std::string pairs_text(std::size_t n) {
  return fmt::format("{} paired seed{}", n, n == 1 ? "" : "s");
}

std::string larger_or_smaller(Metric metric, bool larger) {
  if (metric == Metric::step_seconds) return larger ? "longer" : "shorter";
  return larger ? "higher" : "lower";
}

/// The size of a difference without its sign, with the interval turned to match.
std::string size_text(const Contrast& contrast, const MetricPhrase& words) {
  const bool negative = *contrast.difference < 0;
  std::optional<Interval> ci95 = contrast.ci95;
  if (ci95 && negative) ci95 = Interval{-ci95->high, -ci95->low};
  return with_interval(std::abs(*contrast.difference), ci95, words.scale, words.plain_decimals);
}

std::string told_text(const ReportInput& input, const ArmPair& pair, const Contrast& contrast) {
  const MetricPhrase words = phrase(contrast.metric);
  const std::string size = size_text(contrast, words);
  const std::size_t bracket = size.find(" [");
  return fmt::format("{}, {}{} is {}{} {}{}{}, {}", with_arm(input, pair), words.noun,
                     when(input, pair, contrast.metric), size.substr(0, bracket),
                     words.difference_unit,
                     larger_or_smaller(contrast.metric, *contrast.difference > 0),
                     than_baseline(input, pair), size.substr(bracket), pairs_text(contrast.n));
}

std::string untold_text(const ReportInput& input, const ArmPair& pair, const Contrast& contrast) {
  const MetricPhrase words = phrase(contrast.metric);
  const std::string difference =
      with_interval(*contrast.difference, contrast.ci95, words.scale, words.plain_decimals);
  const std::string what =
      fmt::format("{}, {}{} differs by {}{}{}", with_arm(input, pair), words.noun,
                  when(input, pair, contrast.metric), difference, words.difference_unit,
                  pair.norm_alone ? "" : " from " + input.study.arms[pair.baseline].label);
  if (!contrast.ci95) {
    return what +
           " in the one pair of seeds that can be compared: without more seeds this may be "
           "chance";
  }
  return fmt::format("{}, {}: the interval holds zero, so nothing can be told", what,
                     pairs_text(contrast.n));
}

/// What divergence says of a pair; absent when no trial of either arm diverged.
std::optional<Finding> divergence_finding(const ReportInput& input, const ArmPair& pair) {
  const ArmSummary& arm = input.comparison.arms[pair.arm];
  const ArmSummary& baseline = input.comparison.arms[pair.baseline];
  if (arm.diverged + baseline.diverged == 0) return std::nullopt;
  Finding finding;
  finding.text =
      fmt::format("{}, {} of {} trials diverged; {} {} of {}", with_arm(input, pair), arm.diverged,
                  arm.diverged + arm.n, pair.norm_alone ? "without" : "with " + baseline.label,
                  baseline.diverged, baseline.diverged + baseline.n);
  finding.verdict = pair.norm_alone ? Verdict::open : Verdict::fact;
  const Contrast& contrast = find_contrast(input.comparison, pair.arm, Metric::validation_accuracy);
  if (!contrast.superiority) return finding;
  const auto& [probability, ci95] = *contrast.superiority;
  finding.text += fmt::format(
      ". It did better under the same seed in {} of pairs [{}, {}], a diverged trial "
      "counting as the worst",
      percent_text(probability), fixed(ci95.low * 100, 0), fixed(ci95.high * 100, 0));
  if (pair.norm_alone && ci95.low > 0.5) finding.verdict = Verdict::in_favour;
  if (pair.norm_alone && ci95.high < 0.5) finding.verdict = Verdict::against;
  return finding;
}

Finding pair_answer(const ReportInput& input, const ArmPair& pair) {
  const auto divergence = divergence_finding(input, pair);
  auto finding = difference_finding(input, pair, Metric::validation_accuracy);
  if (!finding && divergence) return {divergence->text + ".", divergence->verdict};
  if (!finding) {
    return {fmt::format("{}: no pair of trials has results to compare.", with_arm(input, pair)),
            Verdict::open};
  }
  finding->text += arrival_clause(input, pair) + ".";
  if (divergence) {
    finding->text += " " + divergence->text + ".";
    // The mean is over survivors; a verdict needs both to agree.
    if (finding->verdict != divergence->verdict) finding->verdict = divergence->verdict;
  }
  return *finding;
}

Finding single_arm(const ReportInput& input) {
  const ArmSummary& arm = input.comparison.arms[0];
  const MetricSummary& accuracy = arm[Metric::validation_accuracy];
  const std::size_t trials = arm.n + arm.diverged + arm.failed;
  if (!accuracy.mean) {
    return {fmt::format("No trial ran to its end: {} of {} diverged, {} failed.", arm.diverged,
                        trials, arm.failed),
            Verdict::fact};
  }
  std::string text =
      fmt::format("Validation accuracy {} is {}, {}", after_training(input.study.arms[0].settings),
                  mean_text(accuracy, Metric::validation_accuracy), counted(accuracy.n, "seed"));
  if (arm.diverged > 0) text += fmt::format("; {} of {} trials diverged", arm.diverged, trials);
  if (accuracy.n == 1) text += ": one trial shows no spread";
  return {text + ". There is no second arm to compare it with.", Verdict::fact};
}

/// The arm with the best mean, for studies of anything but the norm.
Finding best_arm(const ReportInput& input) {
  const ArmSummary* best = nullptr;
  for (const ArmSummary& arm : input.comparison.arms) {
    const auto& mean = arm[Metric::validation_accuracy].mean;
    if (mean && (best == nullptr || *mean > *(*best)[Metric::validation_accuracy].mean))
      best = &arm;
  }
  if (best == nullptr) return {"No trial of any arm ran to its end.", Verdict::fact};
  return {
      fmt::format("Of {} arms, {} has the highest mean validation accuracy, {}, {}. The best of "
                  "several looks better than it is: its own chance helped to choose it.",
                  input.comparison.arms.size(), best->label,
                  mean_text((*best)[Metric::validation_accuracy], Metric::validation_accuracy),
                  counted(best->n, "seed")),
      Verdict::fact};
}

}  // namespace

Finding tally(const std::vector<Finding>& pairs, const std::string& measured_by) {
  const auto count = [&](Verdict verdict) {
    return std::ranges::count(pairs, verdict, &Finding::verdict);
  };
  const auto in_favour = count(Verdict::in_favour);
  const auto against = count(Verdict::against);
  const auto open = static_cast<std::ptrdiff_t>(pairs.size()) - in_favour - against;
  Finding headline;
  headline.text = fmt::format(
      "Of {} comparisons of arms that differ in the norm alone, batch normalization does better in "
      "{}, worse in {}; in {} nothing can be told (measured by {})",
      pairs.size(), in_favour, against, open, measured_by);
  headline.verdict = Verdict::open;
  if (against == 0 && in_favour > open) headline.verdict = Verdict::in_favour;
  if (in_favour == 0 && against > open) headline.verdict = Verdict::against;
  return headline;
}

Verdict verdict_of(const std::optional<Interval>& ci95, bool larger_better) {
  if (!ci95) return Verdict::open;
  if (ci95->low > 0) return larger_better ? Verdict::in_favour : Verdict::against;
  if (ci95->high < 0) return larger_better ? Verdict::against : Verdict::in_favour;
  return Verdict::open;
}

std::string with_arm(const ReportInput& input, const ArmPair& pair) {
  if (!pair.norm_alone) return "With " + input.study.arms[pair.arm].label;
  const std::string context = arm_context(input.study, pair.arm);
  return "With batch normalization" + (context.empty() ? "" : fmt::format(" ({})", context));
}

std::optional<Finding> difference_finding(const ReportInput& input, const ArmPair& pair,
                                          Metric metric) {
  const Contrast& contrast = find_contrast(input.comparison, pair.arm, metric);
  if (!contrast.difference) return std::nullopt;
  Finding finding;
  finding.verdict = verdict_of(contrast.ci95, larger_is_better(metric));
  finding.text = finding.verdict == Verdict::open ? untold_text(input, pair, contrast)
                                                  : told_text(input, pair, contrast);
  // Only arms that differ in the norm alone say something of the norm.
  if (!pair.norm_alone && finding.verdict != Verdict::open) finding.verdict = Verdict::fact;
  return finding;
}

std::vector<Finding> answer(const ReportInput& input) {
  if (input.comparison.arms.empty()) return {{"The study has no arms.", Verdict::fact}};
  const std::vector<ArmPair> pairs = arm_pairs(input.study);
  if (pairs.empty()) return {single_arm(input)};
  std::vector<Finding> findings;
  for (const ArmPair& pair : pairs) findings.push_back(pair_answer(input, pair));
  if (findings.size() == 1) return findings;
  Finding headline = pairs[0].norm_alone ? tally(findings, "validation accuracy") : best_arm(input);
  if (pairs[0].norm_alone) headline.text += ".";
  if (findings.size() > kMostPairs) findings.resize(kMostPairs);
  findings.insert(findings.begin(), headline);
  return findings;
}

}  // namespace normlab
