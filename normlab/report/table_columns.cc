#include "normlab/report/table_columns.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "normlab/lab/metric_description.h"
#include "normlab/report/number_text.h"

namespace normlab {
namespace {

/// The metrics that have a row, in order.
std::vector<Metric> row_metrics(const Comparison& comparison) {
  std::vector<Metric> rows;
  std::ranges::copy_if(comparison.metrics, std::back_inserter(rows),
                       [](Metric metric) { return describe(metric).in_tables; });
  return rows;
}

std::string arrival_cell(const ArmSummary& arm, bool with_threshold) {
  if (!arm.threshold) return kNoValue;
  const MetricSummary& summary = arm[Metric::steps_to_accuracy];
  std::string cell = summary.median ? fixed(*summary.median, 0) : kNoValue;
  if (with_threshold) cell += fmt::format(" to {}", percent_text(*arm.threshold));
  if (summary.censored == 0) return cell;
  return fmt::format("{} ({} of {} never)", cell, summary.censored, summary.n + summary.censored);
}

std::string mean_cell(const MetricSummary& summary, const Display& display) {
  if (!summary.mean) return kNoValue;
  const double mean = *summary.mean * display.scale;
  if (!summary.sd) return fixed(mean, display.decimals);
  const double sd = *summary.sd * display.scale;
  const int decimals = justified_decimals(sd, display.decimals);
  return fmt::format("{} ± {}", fixed(mean, decimals), fixed(sd, decimals));
}

std::string arm_cell(const MetricSummary& summary, const Display& display) {
  const std::string cell = mean_cell(summary, display);
  if (summary.not_finite == 0) return cell;
  return fmt::format("{} ({} of {} not finite)", cell, summary.not_finite,
                     summary.n + summary.not_finite);
}

std::string interval_cell(const Contrast& contrast) {
  const Display& display = describe(contrast.metric).display;
  if (!contrast.difference) return kNoValue;
  const double difference = *contrast.difference * display.scale;
  if (!contrast.ci95 || is_time(contrast.metric)) return fixed(difference, display.decimals);
  const double low = contrast.ci95->low * display.scale;
  const double high = contrast.ci95->high * display.scale;
  const int decimals = justified_decimals((high - low) / 2, display.decimals);
  return fmt::format("{}{} [{}, {}]", contrast.significant ? "* " : "", fixed(difference, decimals),
                     fixed(low, decimals), fixed(high, decimals));
}

std::string difference_cell(const Contrast& contrast) {
  const std::string cell = interval_cell(contrast);
  if (contrast.not_finite == 0) return cell;
  return fmt::format("{} ({} of {} not finite)", cell, contrast.not_finite,
                     contrast.n + contrast.not_finite);
}

std::string trained_cell(const ArmSummary& arm) {
  const std::size_t ended = arm.n + arm.diverged;
  if (ended == 0) return kNoValue;
  return fmt::format("{:.0f} ({} of {})",
                     100 * static_cast<double>(arm.trained()) / static_cast<double>(ended),
                     arm.trained(), ended);
}

std::string trained_difference_cell(const TrainedPairs& trained) {
  if (!trained.difference) return kNoValue;
  return fmt::format("{:.0f} [{:.0f}, {:.0f}]", 100 * *trained.difference, 100 * trained.ci95->low,
                     100 * trained.ci95->high);
}

}  // namespace

std::string arm_title(const std::string& label) {
  return label.empty() ? "result" : label;
}

std::string percent_text(double fraction) {
  return fmt::format("{:g} %", fraction * 100);
}

std::optional<double> common_threshold(const Comparison& comparison) {
  if (comparison.arms.empty()) return comparison.threshold;
  const auto& first = comparison.arms.front().threshold;
  const bool same = std::ranges::all_of(
      comparison.arms, [&](const ArmSummary& arm) { return arm.threshold == first; });
  return same ? first : std::nullopt;
}

bool has_untrained(const Comparison& comparison) {
  return std::ranges::any_of(
      comparison.arms, [](const ArmSummary& arm) { return arm.diverged + arm.at_chance > 0; });
}

std::vector<std::string> row_labels(const Comparison& comparison) {
  std::vector<std::string> labels;
  if (has_untrained(comparison)) labels.emplace_back("trained, %");
  const auto threshold = common_threshold(comparison);
  for (const Metric metric : row_metrics(comparison)) {
    labels.emplace_back(describe(metric).label);
    if (metric == Metric::steps_to_accuracy && threshold) {
      labels.back() = fmt::format("steps to {} accuracy", percent_text(*threshold));
    }
  }
  return labels;
}

std::vector<TableColumn> arm_columns(const Comparison& comparison) {
  std::vector<TableColumn> columns;
  for (const ArmSummary& arm : comparison.arms) {
    TableColumn column{arm_title(arm.label), {}, {}};
    const auto remark = [&](std::size_t count, const char* what) {
      if (count > 0) {
        column.remarks.push_back(fmt::format("{} of {} {}", count, arm.seeds.size(), what));
      }
    };
    remark(arm.diverged, "diverged");
    remark(arm.at_chance, "at chance");
    remark(arm.failed, "failed");
    if (has_untrained(comparison)) column.cells.push_back(trained_cell(arm));
    for (const Metric metric : row_metrics(comparison)) {
      column.cells.push_back(metric == Metric::steps_to_accuracy
                                 ? arrival_cell(arm, !common_threshold(comparison))
                                 : arm_cell(arm[metric], describe(metric).display));
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

std::vector<TableColumn> difference_columns(const Comparison& comparison) {
  std::vector<TableColumn> columns;
  for (std::size_t arm = 1; arm < comparison.arms.size(); ++arm) {
    const std::size_t baseline = find_trained(comparison, arm).baseline;
    TableColumn column{arm_title(comparison.arms[arm].label),
                       {"minus " + arm_title(comparison.arms[baseline].label)},
                       {}};
    if (has_untrained(comparison)) {
      column.cells.push_back(trained_difference_cell(find_trained(comparison, arm)));
    }
    for (const Metric metric : row_metrics(comparison)) {
      column.cells.push_back(difference_cell(find_contrast(comparison, arm, metric)));
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

}  // namespace normlab
