#include "normlab/report/html/tables.h"

#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "normlab/lab/metric_description.h"
#include "normlab/lab/metric_value.h"
#include "normlab/lab/trial_status.h"
#include "normlab/report/html/arms.h"
#include "normlab/report/number_text.h"
#include "normlab/report/table_columns.h"
#include "normlab/report/table_notes.h"

namespace normlab {
namespace {

/// With more arms a table with arms side by side is wider than a page.
constexpr std::size_t kMostColumns = 3;

std::string heading(const TableColumn& column) {
  std::string text = column.title;
  for (const std::string& remark : column.remarks) text += ", " + remark;
  return text;
}

TableText metrics_as_rows(std::string title, const std::vector<std::string>& labels,
                          const std::vector<TableColumn>& columns) {
  TableText table{std::move(title), {{"metric", false}}, {}, {}};
  for (const TableColumn& column : columns) table.columns.push_back({heading(column)});
  for (std::size_t row = 0; row < labels.size(); ++row) {
    table.rows.push_back({labels[row]});
    for (const TableColumn& column : columns) table.rows.back().push_back(column.cells[row]);
  }
  return table;
}

TableText arms_as_rows(std::string title, const std::vector<std::string>& labels,
                       const std::vector<TableColumn>& columns) {
  TableText table{std::move(title), {{"arm", false}}, {}, {}};
  for (const std::string& label : labels) table.columns.push_back({label});
  for (const TableColumn& column : columns) {
    table.rows.push_back({heading(column)});
    std::ranges::copy(column.cells, std::back_inserter(table.rows.back()));
  }
  return table;
}

std::string text_of(const TrialResult& result, Metric metric) {
  return plain_text(measured_value(result, metric, std::nullopt), describe(metric).display);
}

std::string outcome(const TrialRecord& record) {
  if (record.divergence) return "diverged " + place_text(*record.divergence);
  if (record.stopped_early) return fmt::format("{}, stopped by patience", name(record.status));
  return record.error.empty() ? std::string(name(record.status)) : "failed: " + record.error;
}

}  // namespace

std::vector<TableText> comparison_tables(const ReportInput& input) {
  const std::vector<std::string> labels = row_labels(input.comparison);
  std::vector<TableColumn> values = arm_columns(input.comparison);
  const std::vector<TableColumn> differences = difference_columns(input.comparison);
  std::vector<TableText> tables;
  if (values.size() + differences.size() <= kMostColumns) {
    std::ranges::copy(differences, std::back_inserter(values));
    tables.push_back(metrics_as_rows("All measures", labels, values));
  } else {
    tables.push_back(arms_as_rows("All measures", labels, values));
    tables.push_back(arms_as_rows("Differences from the first arm", labels, differences));
  }
  tables.back().notes = table_notes(input.comparison, input.data);
  return tables;
}

TableText trial_table(const ReportInput& input) {
  TableText table;
  table.title = "Trials";
  table.columns = {{"trial", false},           {"arm", false},       {"seed"},
                   {"outcome", false},         {"epochs"},           {"steps"},
                   {"validation accuracy, %"}, {"test accuracy, %"}, {"seconds"}};
  table.folded = true;
  const std::vector<std::string> labels = arm_labels(input.study);
  for (const TrialResult& result : input.results) {
    const TrialRecord& record = result.record;
    table.rows.push_back({result.trial.id, labels[result.trial.arm],
                          std::to_string(result.trial.settings.seed), outcome(record),
                          std::to_string(record.epochs.size()), grouped(record.steps),
                          text_of(result, Metric::validation_accuracy),
                          text_of(result, Metric::test_accuracy), fixed(record.seconds, 2)});
  }
  return table;
}

}  // namespace normlab
