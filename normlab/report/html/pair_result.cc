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
  PairKind kind;
  const char* text;
};
constexpr std::array<Told, 4> kTold = {{
    {PairKind::only_arm, "only with batch normalization it trains in {}"},
    {PairKind::only_baseline, "only without in {}"},
    {PairKind::more_often, "it trains more often in {}"},
    {PairKind::less_often, "it trains less often in {}"},
}};

}  // namespace

PairResult pair_result(const Comparison& comparison, std::size_t arm, Metric metric) {
  const TrainedPairs& trained = find_trained(comparison, arm);
  const Verdict share = verdict_of(trained.ci95, true);
  const Verdict value =
      verdict_of(find_contrast(comparison, arm, metric).ci95, larger_is_better(metric));
  const std::size_t of_arm = trained.of_arm();
  const std::size_t of_baseline = trained.of_baseline();
  if (trained.total() > 0 && of_arm + of_baseline == 0) return {PairKind::neither, Verdict::open};
  if (of_baseline == 0 && 2 * of_arm > trained.total()) return {PairKind::only_arm, share};
  if (of_arm == 0 && 2 * of_baseline > trained.total()) return {PairKind::only_baseline, share};
  if (value == Verdict::open) {
    if (share == Verdict::in_favour) return {PairKind::more_often, share};
    if (share == Verdict::against) return {PairKind::less_often, share};
    return {};
  }
  if (share != Verdict::open && share != value) return {};
  return {value == Verdict::in_favour ? PairKind::better : PairKind::worse, value};
}

std::vector<PairResult> pair_results(const Comparison& comparison, std::span<const ArmPair> pairs,
                                     Metric metric) {
  std::vector<PairResult> results;
  for (const ArmPair& pair : pairs) results.push_back(pair_result(comparison, pair.arm, metric));
  return results;
}

Verdict verdict_of(const std::optional<Interval>& ci95, bool larger_better) {
  if (!ci95) return Verdict::open;
  if (ci95->low > 0) return larger_better ? Verdict::in_favour : Verdict::against;
  if (ci95->high < 0) return larger_better ? Verdict::against : Verdict::in_favour;
  return Verdict::open;
}

Finding tally(const std::vector<PairResult>& results, const std::string& measured_by) {
  const auto count = [&](PairKind kind) {
    return std::ranges::count(results, kind, &PairResult::kind);
  };
  std::string text = fmt::format(
      "Of {} comparison{} of arms that differ in the norm alone, batch normalization does better "
      "in {}, worse in {}",
      results.size(), results.size() == 1 ? "" : "s", count(PairKind::better),
      count(PairKind::worse));
  for (const Told& told : kTold) {
    if (const auto n = count(told.kind); n > 0) {
      text.append("; ").append(fmt::format(fmt::runtime(told.text), n));
    }
  }
  if (const auto n = count(PairKind::neither); n > 0) {
    text += fmt::format("; in {} nothing trained either way", n);
  }
  text += fmt::format("; in {} nothing can be told (measured by {})", count(PairKind::open),
                      measured_by);
  const auto in_favour = std::ranges::count(results, Verdict::in_favour, &PairResult::verdict);
  const auto against = std::ranges::count(results, Verdict::against, &PairResult::verdict);
  const auto open = std::ssize(results) - in_favour - against;
  Verdict verdict = Verdict::open;
  if (against == 0 && in_favour > open) verdict = Verdict::in_favour;
  if (in_favour == 0 && against > open) verdict = Verdict::against;
  return {std::move(text), verdict};
}

}  // namespace normlab
