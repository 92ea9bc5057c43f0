#include "normlab/report/html/answer.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "normlab/lab/same_quantity.h"
#include "normlab/report/html/number_phrases.h"
#include "normlab/report/html/pair_result.h"
#include "normlab/report/number_text.h"
#include "normlab/report/table_columns.h"

namespace normlab {
namespace {

/// Sentences on single pairs under the headline of a grid.
constexpr std::size_t kMostPairs = 8;

std::string when(const ReportInput& input, const ArmPair& pair, Metric metric) {
  // What is measured on the batches of an epoch is not measured after it.
  if (name(metric).starts_with("train_")) return " in the last epoch";
  return " " + after_training(input.study.arms[pair.arm].settings);
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
  if (!input.comparison.arms[pair.arm].threshold) return "";
  const std::string threshold = percent_text(*input.comparison.arms[pair.arm].threshold);
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

/// "5 paired seeds", "3 of 5 paired seeds, those that both trained".
std::string pairs_text(const ReportInput& input, const Contrast& contrast) {
  const TrainedPairs& counts = find_trained(input.comparison, contrast.arm);
  const std::string values = counted(contrast.n, "paired seed");
  if (counts.both == counts.total() && contrast.not_finite == 0) return values;
  std::string text = fmt::format("{} of {} paired seeds, ", contrast.n, counts.total());
  text += counts.both == counts.total() ? "" : "those that both trained";
  if (contrast.not_finite == 0) return text;
  return fmt::format("{}{}{} had a value that is not finite", text,
                     counts.both == counts.total() ? "" : "; ", contrast.not_finite);
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
                     words.difference_unit, *contrast.difference > 0 ? "higher" : "lower",
                     than_baseline(input, pair), size.substr(bracket), pairs_text(input, contrast));
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
                     pairs_text(input, contrast));
}

/// " (1 diverged, 2 at chance)"; empty when all trained.
std::string causes(const ArmSummary& arm) {
  std::vector<std::string> words;
  if (arm.diverged > 0) words.push_back(fmt::format("{} diverged", arm.diverged));
  if (arm.at_chance > 0) words.push_back(fmt::format("{} at chance", arm.at_chance));
  return words.empty() ? "" : fmt::format(" ({})", fmt::join(words, ", "));
}

/// "the share that trained is 40 points higher [9, 69]".
std::string share_text(const TrainedPairs& trained) {
  const auto points = [](double share) { return fixed(100 * share, 0); };
  const double difference = *trained.difference;
  const auto [low, high] = *trained.ci95;
  if (verdict_of(trained.ci95, true) == Verdict::open) {
    return fmt::format("the share that trained differs by {} [{}, {}] points, which may be chance",
                       points(difference), points(low), points(high));
  }
  const bool higher = difference > 0;
  return fmt::format("the share that trained is {} points {} [{}, {}]",
                     points(std::abs(difference)), higher ? "higher" : "lower",
                     points(higher ? low : -high), points(higher ? high : -low));
}

/// How many trials of a pair trained; empty when all did. Without a full stop.
std::string training_clause(const ReportInput& input, const ArmPair& pair) {
  const ArmSummary& arm = input.comparison.arms[pair.arm];
  const ArmSummary& baseline = input.comparison.arms[pair.baseline];
  if ((causes(arm) + causes(baseline)).empty()) return "";
  const std::string text = fmt::format(
      "{}, {} of {} trials trained{}; {} {} of {}{}", with_arm(input, pair), arm.trained(),
      arm.n + arm.diverged, causes(arm), pair.norm_alone ? "without it" : "with " + baseline.label,
      baseline.trained(), baseline.n + baseline.diverged, causes(baseline));
  const TrainedPairs& trained = find_trained(input.comparison, pair.arm);
  const bool any = trained.of_arm() + trained.of_baseline() > 0;
  return trained.ci95 && any ? text + ": " + share_text(trained) : text;
}

Finding pair_answer(const ReportInput& input, const ArmPair& pair) {
  const std::string training = training_clause(input, pair);
  const auto difference = difference_finding(input, pair, input.comparison.primary);
  if (!difference && training.empty()) {
    return {fmt::format("{}: no pair of trials has results to compare.", with_arm(input, pair)),
            Verdict::open};
  }
  Finding finding;
  if (difference) finding.text = difference->text + arrival_clause(input, pair) + ".";
  if (!training.empty()) finding.text += (difference ? " " : "") + training + ".";
  finding.verdict = pair_result(input.comparison, pair.arm, input.comparison.primary).verdict;
  // Only arms that differ in the norm alone say something of the norm.
  if (!pair.norm_alone) finding.verdict = difference ? difference->verdict : Verdict::fact;
  return finding;
}

/// "; 2 of 5 trials diverged, 1 at chance"; empty when all trained.
std::string untrained_clause(const ArmSummary& arm) {
  const std::size_t trials = arm.n + arm.diverged + arm.failed;
  std::string text;
  if (arm.diverged > 0) text += fmt::format("; {} of {} trials diverged", arm.diverged, trials);
  if (arm.at_chance > 0) text += fmt::format("; {} of {} are at chance", arm.at_chance, trials);
  return text;
}

Finding single_arm(const ReportInput& input) {
  const ArmSummary& arm = input.comparison.arms[0];
  const Metric metric = input.comparison.primary;
  const MetricSummary& summary = arm[metric];
  const std::size_t trials = arm.n + arm.diverged + arm.failed;
  if (!summary.mean) {
    return {fmt::format("No trial ran to its end: {} of {} diverged, {} failed.", arm.diverged,
                        trials, arm.failed),
            Verdict::fact};
  }
  std::string text = fmt::format("{} {} is {}, {}", capitalized(phrase(metric).noun),
                                 after_training(input.study.arms[0].settings),
                                 mean_text(summary, metric), counted(summary.n, "seed"));
  text += untrained_clause(arm);
  if (summary.n == 1) text += ": one trial shows no spread";
  return {text + ". There is no second arm to compare it with.", Verdict::fact};
}

/// The arm with the best mean of those in which something trained, for studies of anything but the
/// norm.
Finding best_arm(const ReportInput& input) {
  const Metric metric = input.comparison.primary;
  const std::vector<Arm>& arms = input.study.arms;
  const auto differs = [&](const Arm& arm) {
    return !is_same_quantity(metric, arm.settings, arms.front().settings);
  };
  if (std::ranges::any_of(arms, differs)) {
    return {fmt::format("The arms have different functions as {}: none is called the best.",
                        phrase(metric).noun),
            Verdict::fact};
  }
  const double sign = larger_is_better(metric) ? 1 : -1;
  const ArmSummary* best = nullptr;
  for (const ArmSummary& arm : input.comparison.arms) {
    const auto& mean = arm[metric].mean;
    if (!mean || arm.trained() == 0) continue;
    if (best == nullptr || sign * *mean > sign * *(*best)[metric].mean) best = &arm;
  }
  if (best == nullptr) return {"No trial of any arm trained.", Verdict::fact};
  return {fmt::format("Of {} arms, {} has the {} mean {}, {}, {}{}. The best of several looks "
                      "better than it is: its own chance helped to choose it.",
                      input.comparison.arms.size(), best->label,
                      larger_is_better(metric) ? "highest" : "lowest", phrase(metric).noun,
                      mean_text((*best)[metric], metric), counted((*best)[metric].n, "seed"),
                      untrained_clause(*best)),
          Verdict::fact};
}

}  // namespace

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
  Finding headline = pairs[0].norm_alone
                         ? tally(pair_results(input.comparison, pairs, input.comparison.primary),
                                 phrase(input.comparison.primary).noun)
                         : best_arm(input);
  if (pairs[0].norm_alone) headline.text += ".";
  if (findings.size() > kMostPairs) findings.resize(kMostPairs);
  findings.insert(findings.begin(), headline);
  return findings;
}

}  // namespace normlab
