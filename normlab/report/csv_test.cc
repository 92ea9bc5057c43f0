#include "normlab/report/csv.h"

#include <cmath>
#include <limits>
#include <map>

#include <gmock/gmock.h>

#include "normlab/base/parse_number.h"
#include "normlab/lab/metric_value.h"
#include "normlab/lab/mock_study.h"
#include "normlab/lab/settings.h"

namespace normlab {
namespace {

using Row = std::vector<std::string>;

/// Fields of RFC 4180 text with newlines between its lines.
std::vector<Row> parse(const std::string& text) {
  std::vector<Row> rows;
  Row row(1);
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
      row.back() += text[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && c == ',') {
      row.emplace_back();
    } else if (!quoted && c == '\n') {
      rows.push_back(std::move(row));
      row = Row(1);
    } else {
      row.back() += c;
    }
  }
  EXPECT_EQ(row, Row(1)) << "the last line has no end";
  return rows;
}

/// Rows as heading -> field.
std::vector<std::map<std::string, std::string>> records(const std::string& text) {
  const std::vector<Row> rows = parse(text);
  std::vector<std::map<std::string, std::string>> records;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].size(), rows[0].size()) << "row " << i;
    auto& record = records.emplace_back();
    for (std::size_t c = 0; c < rows[i].size(); ++c) record[rows[0].at(c)] = rows[i][c];
    EXPECT_EQ(record.size(), rows[0].size()) << "two columns of one name";
  }
  return records;
}

std::string csv_of(const MockStudy& mock, const CompareOptions& options = {}) {
  return trials_csv(mock.study, mock.results, compare(mock.study, mock.results, options));
}

TEST(TrialsCsv, HasEverySettingAndMetricOfEveryTrial) {
  const MockStudy mock = mock_study({"norm=none", "norm=batch"}, 3);
  const auto rows = records(csv_of(mock, {.threshold = 0.95}));
  ASSERT_EQ(rows.size(), 6u);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const TrialResult& result = mock.results[i];
    EXPECT_EQ(rows[i].at("study"), "5eed00000001");
    EXPECT_EQ(rows[i].at("arm"), mock.study.arms[result.trial.arm].label);
    EXPECT_EQ(rows[i].at("trial"), result.trial.id);
    EXPECT_EQ(rows[i].at("status"), "done");
    EXPECT_EQ(rows[i].at("finished_steps"), "2250");
    EXPECT_EQ(rows[i].at("finished_epochs"), "3");
    for (const auto& [key, value] : list_settings(result.trial.settings)) {
      EXPECT_EQ(rows[i].at(key), value) << key;
    }
    for (const Metric metric : all_metrics()) {
      EXPECT_EQ(parse_number(rows[i].at(std::string(name(metric)))),
                metric_value(result, metric, 0.95))
          << name(metric) << ", row " << i;
    }
  }
}

TEST(TrialsCsv, TheThresholdDecidesTheSteps) {
  const MockStudy mock = mock_study({""}, 1);
  EXPECT_EQ(records(csv_of(mock, {.threshold = 0.5}))[0].at("steps_to_accuracy"), "750");
  EXPECT_EQ(records(csv_of(mock, {.threshold = 1}))[0].at("steps_to_accuracy"), "");
  EXPECT_EQ(records(csv_of(mock, {.threshold = 0.5}))[0].at("threshold"), "0.5");
  EXPECT_EQ(records(csv_of(mock))[0].at("threshold"), "0.95") << "what it ends with";
}

TEST(TrialsCsv, SaysWhatTrained) {
  MockStudy mock = mock_study({""}, 4);
  collapse(mock.record(0, 2));
  diverge(mock.record(0, 3));
  mock.record(0, 4).validation_majority.reset();
  const auto rows = records(csv_of(mock));
  EXPECT_EQ(rows[0].at("trained"), "1");
  EXPECT_EQ(rows[1].at("trained"), "0");
  EXPECT_EQ(rows[2].at("trained"), "0");
  EXPECT_EQ(rows[3].at("trained"), "") << "not known";
}

TEST(TrialsCsv, SaysWhyATrialEndedEarly) {
  MockStudy mock = mock_study({""}, 2);
  diverge(mock.record(0, 1));
  break_down(mock.record(0, 2), "disk \"a, b\"\nfull");
  const auto rows = records(csv_of(mock));
  EXPECT_EQ(rows[0].at("status"), "diverged");
  EXPECT_EQ(rows[0].at("divergence_step"), "901");
  EXPECT_EQ(rows[0].at("divergence_layer"), "1: linear 128");
  EXPECT_EQ(rows[0].at("test_loss"), "");
  EXPECT_EQ(rows[1].at("status"), "failed");
  EXPECT_EQ(rows[1].at("error"), "disk \"a, b\"\nfull");
}

TEST(EpochsCsv, HasARowForEveryEpoch) {
  MockStudy mock = mock_study({"model=a, \"b\""}, 2);
  diverge(mock.record(0, 2));
  mock.record(0, 1).epochs[1].train["loss"] = 1.0 / 3;
  mock.record(0, 1).epochs[2].train["loss"] = std::numeric_limits<double>::infinity();
  mock.record(0, 1).epochs[2].validation["loss"] = NAN;
  const auto rows = records(epochs_csv(mock.study, mock.results, all_metrics()));
  ASSERT_EQ(rows.size(), 3u + 1u);
  EXPECT_EQ(rows[1].at("arm"), "model=a, \"b\"");
  EXPECT_EQ(rows[1].at("seed"), "1");
  EXPECT_EQ(rows[1].at("epoch"), "2");
  EXPECT_EQ(rows[1].at("steps"), "1500");
  EXPECT_EQ(parse_number(rows[1].at("train_loss")), 1.0 / 3);
  EXPECT_EQ(rows[2].at("train_loss"), "");
  EXPECT_EQ(rows[2].at("validation_loss"), "");
  EXPECT_EQ(rows[3].at("seed"), "2");
}

}  // namespace
}  // namespace normlab
