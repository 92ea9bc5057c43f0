#include "normlab/report/table_notes.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "normlab/lab/statistics_power.h"
#include "normlab/report/number_text.h"
#include "normlab/report/table_columns.h"

namespace normlab {
namespace {

std::string data_note(const DataFacts& data) {
  return fmt::format("Data: {}{}: {} examples to train, {} to validate, {} to test.", data.name,
                     data.synthetic ? " (synthetic: drawn by this program)" : "",
                     grouped(data.train), grouped(data.validation), grouped(data.test));
}

std::string seeds_note(const Comparison& comparison) {
  const std::size_t most = std::ranges::max(comparison.arms, {}, &ArmSummary::n).n;
  const std::size_t least = std::ranges::min(comparison.arms, {}, &ArmSummary::n).n;
  if (most == 0) return "No trial ran to its end.";
  if (most == 1) return "One seed: no spread and no interval can be given. Run more, seed=1..10.";
  if (most == least) return fmt::format("± is the standard deviation over {} seeds.", most);
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

void add_left_out(const Comparison& comparison, std::vector<std::string>& notes) {
  const bool any = std::ranges::any_of(
      comparison.arms, [](const ArmSummary& arm) { return arm.diverged + arm.failed > 0; });
  if (!any) return;
  notes.emplace_back(
      "Diverged and failed trials are counted in the headings. They have no losses and accuracies: "
      "means are over the other seeds, and differences over the pairs of which both are there.");
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
  notes.push_back(
      fmt::format("Steps to {} validation accuracy: the median (Kaplan-Meier), known to one epoch; "
                  "a trial that "
                  "never arrives counts as later than all that do.",
                  percent_text(comparison.threshold)));
}

/// How many seeds would probably show the difference in validation accuracy that was seen, where
/// that is more than the fewest that can show any; two arms only.
std::string likely_seeds(const Comparison& comparison) {
  if (comparison.arms.size() != 2) return "";
  const Contrast& contrast =
      *std::ranges::find(comparison.contrasts, Metric::validation_accuracy, &Contrast::metric);
  if (!contrast.sd || *contrast.difference == 0) return "";
  const std::size_t likely = pairs_for_power(*contrast.difference, *contrast.sd, comparison.tests);
  if (likely <= comparison.seeds_needed) return "";
  return fmt::format(
      ", and about {} to show the difference in validation accuracy seen here four times in five",
      grouped(static_cast<std::int64_t>(likely)));
}

std::string significance_note(const Comparison& comparison) {
  const std::string test = fmt::format("sign-flip permutation test, Holm-corrected over {} test{}",
                                       comparison.tests, comparison.tests == 1 ? "" : "s");
  if (std::ranges::any_of(comparison.contrasts, &Contrast::significant)) {
    return fmt::format("* is significant: p <= {} ({}).", kSignificance, test);
  }
  const std::size_t pairs = most_pairs(comparison);
  if (pairs < comparison.seeds_needed) {
    return fmt::format(
        "With {} pair{} nothing can be called significant: it takes at least {} seeds{} ({}).",
        pairs, pairs == 1 ? "" : "s", comparison.seeds_needed, likely_seeds(comparison), test);
  }
  return fmt::format("No difference is significant: every p > {} ({}).", kSignificance, test);
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
  add_left_out(comparison, notes);
  add_stops(comparison, notes);
  add_arrival(comparison, notes);
  if (comparison.tests > 0) notes.push_back(significance_note(comparison));
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
