#include "normlab/report/html/pair_result.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

namespace normlab {
namespace {

/// What stands in a tally of results, besides those that always do.
struct Told {
  PairResult result;
  const char* text;
};
constexpr std::array<Told, 4> kTold = {{
    {PairResult::only_arm, "only with batch normalization it trains in {}"},
    {PairResult::only_baseline, "only without in {}"},
    {PairResult::more_often, "it trains more often in {}"},
    {PairResult::less_often, "it trains less often in {}"},
}};

}  // namespace

PairResult pair_result(const Comparison& comparison, std::size_t arm, Metric metric) {
  const TrainedPairs& trained = find_trained(comparison, arm);
  const Verdict share = verdict_of(trained.ci95, true);
  const Verdict value =
      verdict_of(find_contrast(comparison, arm, metric).ci95, larger_is_better(metric));
  const PairCounts& counts = trained.counts;
  if (counts.total() > 0 && counts.first() + counts.second() == 0) return PairResult::neither;
  if (share == Verdict::in_favour && counts.second() == 0) return PairResult::only_arm;
  if (share == Verdict::against && counts.first() == 0) return PairResult::only_baseline;
  if (value == Verdict::open) {
    if (share == Verdict::in_favour) return PairResult::more_often;
    return share == Verdict::against ? PairResult::less_often : PairResult::open;
  }
  if (share != Verdict::open && share != value) return PairResult::open;
  return value == Verdict::in_favour ? PairResult::better : PairResult::worse;
}

std::vector<PairResult> pair_results(const Comparison& comparison, std::span<const ArmPair> pairs,
                                     Metric metric) {
  std::vector<PairResult> results;
  for (const ArmPair& pair : pairs) results.push_back(pair_result(comparison, pair.arm, metric));
  return results;
}

Verdict verdict_of(PairResult result) {
  switch (result) {
    case PairResult::better:
    case PairResult::only_arm:
    case PairResult::more_often:
      return Verdict::in_favour;
    case PairResult::worse:
    case PairResult::only_baseline:
    case PairResult::less_often:
      return Verdict::against;
    case PairResult::neither:
    case PairResult::open:
      break;
  }
  return Verdict::open;
}

Verdict verdict_of(const std::optional<Interval>& ci95, bool larger_better) {
  if (!ci95) return Verdict::open;
  if (ci95->low > 0) return larger_better ? Verdict::in_favour : Verdict::against;
  if (ci95->high < 0) return larger_better ? Verdict::against : Verdict::in_favour;
  return Verdict::open;
}

Finding tally(const std::vector<PairResult>& results, const std::string& measured_by) {
  const auto count = [&](PairResult result) { return std::ranges::count(results, result); };
  std::string text = fmt::format(
      "Of {} comparison{} of arms that differ in the norm alone, batch normalization does better "
      "in {}, worse in {}",
      results.size(), results.size() == 1 ? "" : "s", count(PairResult::better),
      count(PairResult::worse));
  for (const Told& told : kTold) {
    if (const auto n = count(told.result); n > 0) {
      text.append("; ").append(fmt::format(fmt::runtime(told.text), n));
    }
  }
  if (const auto n = count(PairResult::neither); n > 0) {
    text += fmt::format("; in {} nothing trained either way", n);
  }
  text += fmt::format("; in {} nothing can be told (measured by {})", count(PairResult::open),
                      measured_by);
  std::ptrdiff_t in_favour = 0;
  std::ptrdiff_t against = 0;
  for (const PairResult result : results) {
    in_favour += verdict_of(result) == Verdict::in_favour ? 1 : 0;
    against += verdict_of(result) == Verdict::against ? 1 : 0;
  }
  const auto open = std::ssize(results) - in_favour - against;
  Verdict verdict = Verdict::open;
  if (against == 0 && in_favour > open) verdict = Verdict::in_favour;
  if (in_favour == 0 && against > open) verdict = Verdict::against;
  return {std::move(text), verdict};
}

}  // namespace normlab
