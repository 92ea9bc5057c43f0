#include "normlab/report/table_columns.h"

#include <array>

#include <fmt/format.h>

#include "normlab/report/number_text.h"

namespace normlab {
namespace {

struct Row {
  Metric metric;
  const char* label;
  double scale;        ///< from the metric's unit to the row's
  int plain_decimals;  ///< where no uncertainty is known
};

constexpr std::array<Row, 8> kRows = {{
    {Metric::train_loss, "train loss", 1, 4},
    {Metric::validation_loss, "validation loss", 1, 4},
    {Metric::validation_accuracy, "validation accuracy, %", 100, 2},
    {Metric::test_loss, "test loss", 1, 4},
    {Metric::test_accuracy, "test accuracy, %", 100, 2},
    {Metric::best_epoch, "best epoch", 1, 0},
    {Metric::steps_to_accuracy, "steps to {} accuracy", 1, 0},
    {Metric::step_seconds, "µs per step", 1e6, 1},
}};

std::string arrival_cell(const MetricSummary& summary) {
  const std::string median = summary.median ? fixed(*summary.median, 0) : kNoValue;
  if (summary.censored == 0) return median;
  return fmt::format("{} ({} of {} never)", median, summary.censored, summary.n + summary.censored);
}

std::string arm_cell(const MetricSummary& summary, const Row& row) {
  if (row.metric == Metric::steps_to_accuracy) return arrival_cell(summary);
  if (!summary.mean) return kNoValue;
  const double mean = *summary.mean * row.scale;
  if (!summary.sd) return fixed(mean, row.plain_decimals);
  const double sd = *summary.sd * row.scale;
  const int decimals = justified_decimals(sd, row.plain_decimals);
  return fmt::format("{} ± {}", fixed(mean, decimals), fixed(sd, decimals));
}

std::string difference_cell(const Contrast& contrast, const Row& row) {
  if (!contrast.difference) return kNoValue;
  const double difference = *contrast.difference * row.scale;
  if (!contrast.ci95) return fixed(difference, row.plain_decimals);
  const double low = contrast.ci95->low * row.scale;
  const double high = contrast.ci95->high * row.scale;
  const int decimals = justified_decimals((high - low) / 2, row.plain_decimals);
  return fmt::format("{}{} [{}, {}]", contrast.significant ? "* " : "", fixed(difference, decimals),
                     fixed(low, decimals), fixed(high, decimals));
}

}  // namespace

std::string arm_title(const std::string& label) {
  return label.empty() ? "result" : label;
}

std::string percent_text(double fraction) {
  return fmt::format("{:g} %", fraction * 100);
}

std::vector<std::string> row_labels(const Comparison& comparison) {
  std::vector<std::string> labels;
  for (const Row& row : kRows) {
    labels.push_back(fmt::format(fmt::runtime(row.label), percent_text(comparison.threshold)));
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
    remark(arm.failed, "failed");
    for (const Row& row : kRows) column.cells.push_back(arm_cell(arm[row.metric], row));
    columns.push_back(std::move(column));
  }
  return columns;
}

std::vector<TableColumn> difference_columns(const Comparison& comparison) {
  std::vector<TableColumn> columns;
  for (std::size_t arm = 1; arm < comparison.arms.size(); ++arm) {
    const std::size_t baseline = find_contrast(comparison, arm, kRows.front().metric).baseline;
    TableColumn column{arm_title(comparison.arms[arm].label),
                       {"minus " + arm_title(comparison.arms[baseline].label)},
                       {}};
    for (const Row& row : kRows) {
      column.cells.push_back(difference_cell(find_contrast(comparison, arm, row.metric), row));
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

}  // namespace normlab
