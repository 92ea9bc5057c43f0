#include "normlab/report/html/curve_rows.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "normlab/report/html/arms.h"
#include "normlab/report/html/binning.h"
#include "normlab/report/html/thinning.h"

namespace normlab {
namespace {

constexpr std::size_t kFewestPoints = 8;

/// The share of `total` that each of `count` gets, at least a few.
std::size_t portion(std::size_t total, std::size_t count) {
  return std::max(kFewestPoints, total / std::max<std::size_t>(count, 1));
}

/// From steps to epochs and seconds, in one trial.
struct Clock {
  double steps_per_epoch = 1;
  double seconds_per_step = 0;

  explicit Clock(const TrialRecord& record) {
    const auto steps = static_cast<double>(std::max<std::int64_t>(record.steps, 1));
    steps_per_epoch = record.epochs.empty() ? steps : static_cast<double>(record.epochs[0].steps);
    seconds_per_step = record.train_seconds / steps;
  }

  void add(Json& row, double step) const {
    row["step"] = drawn(step);
    row["epoch"] = drawn(step / steps_per_epoch);
    row["seconds"] = drawn(step * seconds_per_step);
  }
};

Json row_of(const ReportInput& input, const TrialResult& result) {
  return {{"arm", arm_labels(input.study)[result.trial.arm]}, {"seed", result.trial.settings.seed}};
}

using Records = std::vector<const TrialRecord*>;

/// The trials of an arm that ran to their end.
Records finished(const ReportInput& input, std::size_t arm) {
  Records records;
  for (const TrialResult& result : input.results) {
    if (result.trial.arm == arm && result.record.status == TrialStatus::done) {
      records.push_back(&result.record);
    }
  }
  return records;
}

/// Clocks differ from seed to seed only in how fast the machine was.
Clock mean_clock(const Records& records) {
  Clock clock(*records[0]);
  clock.seconds_per_step = 0;
  for (const TrialRecord* record : records) {
    clock.seconds_per_step += Clock(*record).seconds_per_step / static_cast<double>(records.size());
  }
  return clock;
}

struct EpochColumn {
  const char* name;
  double (*read)(const EpochRecord&);
};
constexpr std::array<EpochColumn, 4> kColumns = {{
    {"train_loss", [](const EpochRecord& epoch) { return epoch.train.loss; }},
    {"train_accuracy", [](const EpochRecord& epoch) { return epoch.train.accuracy; }},
    {"validation_loss", [](const EpochRecord& epoch) { return epoch.validation.loss; }},
    {"validation_accuracy", [](const EpochRecord& epoch) { return epoch.validation.accuracy; }},
}};

/// The epochs to draw: all, or those at which a column is extreme.
std::vector<std::size_t> drawn_epochs(const TrialRecord& record, std::size_t points) {
  std::vector<std::size_t> places;
  std::vector<double> values;
  for (const EpochColumn& column : kColumns) {
    values.clear();
    for (const EpochRecord& epoch : record.epochs) values.push_back(column.read(epoch));
    const std::size_t share =
        record.epochs.size() <= points ? points : std::max(kFewestPoints, points / kColumns.size());
    const auto kept = thin(values, share);
    places.insert(places.end(), kept.begin(), kept.end());
  }
  std::ranges::sort(places);
  places.erase(std::unique(places.begin(), places.end()), places.end());
  return places;
}

/// Nothing where a value is not finite: a mean over the others would not be that of `n` seeds.
void add_column(Json& row, const EpochColumn& column, const Records& records, std::size_t epoch) {
  std::vector<double> values;
  for (const TrialRecord* record : records) values.push_back(column.read(record->epochs[epoch]));
  if (!std::ranges::all_of(values, [](double value) { return std::isfinite(value); })) return;
  const Estimate mean = estimate(values);
  const std::string name = column.name;
  row[name] = drawn(mean.mean);
  row[name + "_low"] = mean.ci95 ? drawn(mean.ci95->low) : Json(nullptr);
  row[name + "_high"] = mean.ci95 ? drawn(mean.ci95->high) : Json(nullptr);
}

double cumulated_seconds(const TrialRecord& record, std::size_t epoch) {
  double seconds = 0;
  for (std::size_t e = 0; e <= epoch; ++e) seconds += record.epochs[e].seconds;
  return seconds;
}

}  // namespace

Json step_rows(const ReportInput& input, const RowBudget& budget) {
  Json rows = Json::array();
  const std::size_t points =
      std::min(budget.points_per_trace, portion(budget.trace_points, input.results.size()));
  for (const TrialResult& result : input.results) {
    const Clock clock(result.record);
    const std::vector<float>& losses = result.record.step_losses;
    for (const std::size_t place : thin(losses, points)) {
      Json row = row_of(input, result);
      clock.add(row, static_cast<double>(place + 1));
      row["loss"] = drawn(static_cast<double>(losses[place]));
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

Json step_mean_rows(const ReportInput& input, const RowBudget& budget) {
  Json rows = Json::array();
  const auto labels = arm_labels(input.study);
  const std::size_t bins = std::min(budget.bins_per_arm, portion(budget.bins, labels.size()));
  for (std::size_t arm = 0; arm < labels.size(); ++arm) {
    Records records = finished(input, arm);
    if (records.empty()) continue;
    const std::size_t steps = records[0]->step_losses.size();
    std::erase_if(records, [&](const TrialRecord* r) { return r->step_losses.size() != steps; });
    std::vector<std::span<const float>> series;
    for (const TrialRecord* record : records) series.emplace_back(record->step_losses);
    const Clock clock = mean_clock(records);
    for (const SeriesBin& bin : bin_series(series, bins)) {
      Json row = {{"arm", labels[arm]}};
      clock.add(row, bin.middle() + 1);
      row["loss"] = drawn(bin.value.mean);
      row["low"] = bin.value.ci95 ? drawn(bin.value.ci95->low) : Json(nullptr);
      row["high"] = bin.value.ci95 ? drawn(bin.value.ci95->high) : Json(nullptr);
      row["n"] = records.size();
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

Json epoch_rows(const ReportInput& input, const RowBudget& budget) {
  Json rows = Json::array();
  const std::size_t points = portion(budget.epochs, input.results.size());
  for (const TrialResult& result : input.results) {
    for (const std::size_t place : drawn_epochs(result.record, points)) {
      const EpochRecord& epoch = result.record.epochs[place];
      Json row = row_of(input, result);
      Clock(result.record).add(row, static_cast<double>(epoch.steps));
      row["epoch"] = epoch.epoch;
      row["seconds"] = drawn(cumulated_seconds(result.record, place));
      for (const EpochColumn& column : kColumns) row[column.name] = drawn(column.read(epoch));
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

Json epoch_mean_rows(const ReportInput& input, const RowBudget& budget) {
  Json rows = Json::array();
  const auto labels = arm_labels(input.study);
  const std::size_t points = portion(budget.epoch_means, labels.size());
  for (std::size_t arm = 0; arm < labels.size(); ++arm) {
    Records records = finished(input, arm);
    if (records.empty() || records[0]->epochs.empty()) continue;
    const std::size_t epochs = records[0]->epochs.size();
    std::erase_if(records, [&](const TrialRecord* r) { return r->epochs.size() != epochs; });
    for (const std::size_t place : drawn_epochs(*records[0], points)) {
      double seconds = 0;
      for (const TrialRecord* record : records) seconds += cumulated_seconds(*record, place);
      Json row = {{"arm", labels[arm]},
                  {"group", arm_context(input.study, arm)},
                  {"step", records[0]->epochs[place].steps},
                  {"epoch", records[0]->epochs[place].epoch},
                  {"seconds", drawn(seconds / static_cast<double>(records.size()))},
                  {"n", records.size()}};
      for (const EpochColumn& column : kColumns) add_column(row, column, records, place);
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

Json divergence_rows(const ReportInput& input) {
  Json rows = Json::array();
  for (const TrialResult& result : input.results) {
    if (!result.record.divergence) continue;
    Json row = row_of(input, result);
    Clock(result.record).add(row, static_cast<double>(result.record.divergence->step));
    const std::vector<float>& losses = result.record.step_losses;
    const auto last = std::find_if(losses.rbegin(), losses.rend(),
                                   [](float loss) { return std::isfinite(loss); });
    row["loss"] = last == losses.rend() ? Json(nullptr) : drawn(static_cast<double>(*last));
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace normlab
