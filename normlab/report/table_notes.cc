#include "normlab/report/table_notes.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "normlab/lab/statistics_power.h"
#include "normlab/report/html/number_phrases.h"
#include "normlab/report/number_text.h"
#include "normlab/report/table_columns.h"

namespace normlab {
namespace {

std::string data_note(const DataFacts& data) {
  return fmt::format("Data: {}{}: {} examples to train, {} to validate, {} to test.", data.name,
                     data.synthetic ? " (synthetic: drawn by this program)" : "",
                     grouped(data.train), grouped(data.validation), grouped(data.test));
}

bool has_not_finite(const Comparison& comparison) {
  return std::ranges::any_of(comparison.arms, [](const ArmSummary& arm) {
    return std::ranges::any_of(arm.metrics, [](const auto& m) { return m.second.not_finite > 0; });
  });
}

std::string seeds_note(const Comparison& comparison) {
  const std::size_t most = std::ranges::max(comparison.arms, {}, &ArmSummary::n).n;
  const std::size_t least = std::ranges::min(comparison.arms, {}, &ArmSummary::n).n;
  if (most == 0) return "No trial ran to its end.";
  if (most == 1) return "One seed: no spread and no interval can be given. Run more, seed=1..10.";
  if (most == least) {
    return fmt::format("± is the standard deviation over {} seeds{}.", most,
                       has_not_finite(comparison) ? ", where all values are finite" : "");
  }
  std::vector<std::string> counts;
  for (const ArmSummary& arm : comparison.arms) {
    counts.push_back(fmt::format("{} ({})", arm.n, arm.label));
  }
  return fmt::format("± is the standard deviation over the seeds that ran to their end: {}.",
                     fmt::join(counts, ", "));
}

std::size_t most_pairs(const Comparison& comparison) {
  std::size_t pairs = 0;
  for (const Contrast& contrast : comparison.contrasts) pairs = std::max(pairs, contrast.n);
  return pairs;
}

/// "8 of 10 (norm=batch)", of every arm that lacks pairs.
std::vector<std::string> pairs_that_trained(const Comparison& comparison) {
  std::vector<std::string> texts;
  for (const TrainedPairs& trained : comparison.trained) {
    if (trained.both == trained.total()) continue;
    texts.push_back(fmt::format("{} of {} ({})", trained.both, trained.total(),
                                comparison.arms[trained.arm].label));
  }
  return texts;
}

void add_untrained(const Comparison& comparison, std::vector<std::string>& notes) {
  if (!has_untrained(comparison)) return;
  std::string text =
      "Trained is what ended with a validation accuracy above that of the most frequent class (by "
      "a binomial test). Means are over all trials that ran to their end, those "
      "at chance among them; diverged ones have no values.";
  if (const auto pairs = pairs_that_trained(comparison); !pairs.empty()) {
    text += fmt::format(" Differences are over the pairs that both trained: {}.",
                        fmt::join(pairs, ", "));
  }
  notes.push_back(std::move(text));
}

void add_left_out(const Comparison& comparison, std::vector<std::string>& notes) {
  const auto any = [&](std::size_t ArmSummary::*count) {
    return std::ranges::any_of(comparison.arms,
                               [&](const ArmSummary& arm) { return arm.*count > 0; });
  };
  if (any(&ArmSummary::failed)) {
    notes.emplace_back("Failed trials are counted in the headings and are in no mean.");
  }
  if (any(&ArmSummary::not_known)) {
    notes.emplace_back(
        "Some trials are from before the most frequent class's share was kept: whether they are "
        "at chance is not known, and they count as trained.");
  }
  if (has_not_finite(comparison)) {
    notes.emplace_back(
        "Not finite: so many trials ended with a value that is no number; what stands beside it is "
        "over the others alone.");
  }
  const bool other_loss = std::ranges::any_of(
      comparison.contrasts, [](const Contrast& contrast) { return !contrast.comparable; });
  if (other_loss) {
    notes.emplace_back(
        "Training losses of arms that differ in label_smoothing are different functions: no "
        "difference is given.");
  }
}

/// What steps to accuracy wait for, and where that comes from. Requires: some arm waits.
std::string threshold_text(const Comparison& comparison) {
  const auto threshold = common_threshold(comparison);
  const std::string accuracy =
      threshold ? percent_text(*threshold) + " validation accuracy" : "a validation accuracy";
  if (comparison.threshold) return accuracy;
  const char* who = comparison.contrasts.empty() ? "the arm"
                    : threshold                  ? "the baseline"
                                                 : "each pair's own baseline";
  return fmt::format(
      "{} (what {} ends with on average where it trained, rounded down to a whole "
      "percent)",
      accuracy, who);
}

void add_stops(const Comparison& comparison, std::vector<std::string>& notes) {
  std::vector<std::string> arms;
  for (const ArmSummary& arm : comparison.arms) {
    const auto& after = arm.stopped_after;
    if (after.empty()) continue;
    const std::string range = after.front() == after.back()
                                  ? std::to_string(after.front())
                                  : fmt::format("{} to {}", after.front(), after.back());
    arms.push_back(fmt::format("{} of {} ({}) after {} epochs", after.size(), arm.seeds.size(),
                               arm.label, range));
  }
  if (arms.empty()) return;
  notes.push_back(
      fmt::format("Patience ended trials early: {}. Their values are those of their last epoch.",
                  fmt::join(arms, ", ")));
}

void add_arrival(const Comparison& comparison, std::vector<std::string>& notes) {
  const bool any = std::ranges::any_of(
      comparison.arms, [](const ArmSummary& arm) { return arm.threshold.has_value(); });
  notes.push_back(
      any ? fmt::format("Steps to {}: the median (Kaplan-Meier), known to one epoch; a trial that "
                        "never arrives counts as later than all that do.",
                        threshold_text(comparison))
          : fmt::format("Steps to accuracy: {} trained, so there is nothing to reach.",
                        comparison.contrasts.empty() ? "nothing" : "no baseline"));
}

void add_times(const Comparison& comparison, std::vector<std::string>& notes) {
  std::string text = "Time per step: the median of a trial's steps, the first left out.";
  if (comparison.mean_step_times > 0) {
    text += fmt::format(" Of {} trial{} from before medians were kept it is the mean.",
                        comparison.mean_step_times, comparison.mean_step_times == 1 ? "" : "s");
  }
  if (!comparison.contrasts.empty()) {
    text +=
        " Trials ran one after the other, so a difference in time decides nothing (normlab bench "
        "times in turns).";
  }
  notes.push_back(std::move(text));
}

const Contrast* largest_of_family(const Comparison& comparison) {
  const Contrast* largest = nullptr;
  for (const Contrast& contrast : comparison.contrasts) {
    if (contrast.family && (largest == nullptr || contrast.n > largest->n)) largest = &contrast;
  }
  return largest;
}

/// How many seeds would probably show the difference in the primary metric that was seen, where
/// that is more than the fewest that can show any; two arms only.
std::string likely_seeds(const Comparison& comparison, const Contrast& contrast) {
  if (comparison.arms.size() != 2) return "";
  if (!contrast.sd || *contrast.difference == 0) return "";
  const std::size_t likely = pairs_for_power(*contrast.difference, *contrast.sd, comparison.tests);
  if (likely <= comparison.seeds_needed) return "";
  return fmt::format(", and about {} to show the difference seen here four times in five",
                     grouped(static_cast<std::int64_t>(likely)));
}

std::string significance_note(const Comparison& comparison) {
  const Contrast* contrast = largest_of_family(comparison);
  if (contrast == nullptr) {
    return "Nothing is called significant: no two arms differ in the norm alone. Intervals "
           "describe.";
  }
  const std::string noun = phrase(comparison.primary).noun;
  if (comparison.tests == 0) {
    return fmt::format("Nothing is called significant: no pair has a difference in {}.", noun);
  }
  const std::string test =
      comparison.tests == 1
          ? "sign-flip permutation test"
          : fmt::format(
                "sign-flip permutation test, Holm-corrected over {} arms that differ from "
                "their baseline in the norm alone",
                comparison.tests);
  const std::string rest = " Of all other measures the intervals describe.";
  if (std::ranges::any_of(comparison.contrasts, &Contrast::significant)) {
    return fmt::format("* is significant: {}, the primary metric, p <= {} ({}).{}", noun,
                       kSignificance, test, rest);
  }
  if (contrast->n < comparison.seeds_needed) {
    return fmt::format(
        "With {} pair{} no difference in {}, the primary metric, can be called significant: it "
        "takes at least {} seeds{} ({}).{}",
        contrast->n, contrast->n == 1 ? "" : "s", noun, comparison.seeds_needed,
        likely_seeds(comparison, *contrast), test, rest);
  }
  return fmt::format(
      "No difference in {}, the primary metric, is significant: every p > {} ({}).{}", noun,
      kSignificance, test, rest);
}

}  // namespace

std::vector<std::string> table_notes(const Comparison& comparison,
                                     std::span<const DataFacts> data) {
  std::vector<std::string> notes;
  for (const DataFacts& facts : data) notes.push_back(data_note(facts));
  if (comparison.arms.empty()) return notes;
  notes.push_back(seeds_note(comparison));
  if (most_pairs(comparison) > 1) {
    notes.emplace_back(
        "Differences are paired by seed; brackets hold the 95 % interval of their mean: Student's "
        "t, longer towards a side to which the seeds lean.");
  }
  add_untrained(comparison, notes);
  add_left_out(comparison, notes);
  add_stops(comparison, notes);
  add_arrival(comparison, notes);
  add_times(comparison, notes);
  if (!comparison.contrasts.empty()) notes.push_back(significance_note(comparison));
  return notes;
}

std::vector<std::string> file_notes(const Comparison& comparison, std::span<const DataFacts> data) {
  std::vector<std::string> notes = table_notes(comparison, data);
  for (const FairnessWarning& warning : comparison.warnings) {
    notes.push_back("Caution: " + warning.text);
  }
  return notes;
}

}  // namespace normlab
