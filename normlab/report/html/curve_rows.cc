#include "normlab/report/html/curve_rows.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "normlab/lab/metric_description.h"
#include "normlab/lab/metric_value.h"
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
  return {{"arm", arm_label(input.study, result.trial.arm)}, {"seed", result.trial.settings.seed}};
}

using Results = std::vector<const TrialResult*>;

/// The trials of an arm that ran to their end.
Results finished(const ReportInput& input, std::size_t arm) {
  Results results;
  for (const TrialResult& result : input.results) {
    if (result.trial.arm == arm && result.record.status == TrialStatus::done) {
      results.push_back(&result);
    }
  }
  return results;
}

/// Clocks differ from seed to seed only in how fast the machine was.
Clock mean_clock(const Results& results) {
  Clock clock(results[0]->record);
  clock.seconds_per_step = 0;
  for (const TrialResult* result : results) {
    clock.seconds_per_step +=
        Clock(result->record).seconds_per_step / static_cast<double>(results.size());
  }
  return clock;
}

struct EpochColumn {
  Metric metric;
  std::function<std::optional<double>(const EpochRecord&)> of_epoch;

  std::string_view name() const { return normlab::name(metric); }
  double read(const EpochRecord& epoch) const { return of_epoch(epoch).value_or(NAN); }
};

/// What has curves over epochs.
std::vector<EpochColumn> epoch_columns(const ReportInput& input) {
  std::vector<EpochColumn> columns;
  for (const Metric metric : input.comparison.metrics) {
    if (describe(metric).of_epoch) columns.push_back({metric, describe(metric).of_epoch});
  }
  return columns;
}

/// The epochs to draw: all, or those at which a column is extreme.
std::vector<std::size_t> drawn_epochs(const TrialRecord& record,
                                      std::span<const EpochColumn> columns, std::size_t points) {
  std::vector<std::size_t> places;
  std::vector<double> values;
  for (const EpochColumn& column : columns) {
    values.clear();
    for (const EpochRecord& epoch : record.epochs) values.push_back(column.read(epoch));
    const std::size_t share =
        record.epochs.size() <= points ? points : std::max(kFewestPoints, points / columns.size());
    const auto kept = thin(values, share);
    places.insert(places.end(), kept.begin(), kept.end());
  }
  std::ranges::sort(places);
  places.erase(std::unique(places.begin(), places.end()), places.end());
  return places;
}

/// Nothing where a value is not finite: a mean over the others would not be that of `n` seeds.
void add_column(Json& row, const EpochColumn& column, const Results& results, std::size_t epoch) {
  std::vector<double> values;
  for (const TrialResult* result : results) {
    values.push_back(column.read(result->record.epochs[epoch]));
  }
  if (!std::ranges::all_of(values, [](double value) { return std::isfinite(value); })) return;
  const Estimate mean = estimate(values, domain_of(results, column.metric));
  const std::string name{column.name()};
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
    const Results results = finished(input, arm);
    if (results.empty()) continue;
    // With patience trials end at different steps: a mean is of all of them, or is not drawn.
    std::size_t steps = results[0]->record.step_losses.size();
    for (const TrialResult* r : results) steps = std::min(steps, r->record.step_losses.size());
    std::vector<std::span<const float>> series;
    for (const TrialResult* r : results)
      series.push_back(std::span(r->record.step_losses).first(steps));
    const Clock clock = mean_clock(results);
    for (const SeriesBin& bin : bin_series(series, bins, domain_of(results, Metric::train_loss))) {
      Json row = {{"arm", labels[arm]}};
      clock.add(row, bin.middle() + 1);
      row["loss"] = drawn(bin.value.mean);
      row["low"] = bin.value.ci95 ? drawn(bin.value.ci95->low) : Json(nullptr);
      row["high"] = bin.value.ci95 ? drawn(bin.value.ci95->high) : Json(nullptr);
      row["n"] = results.size();
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

Json epoch_rows(const ReportInput& input, const RowBudget& budget) {
  Json rows = Json::array();
  const std::size_t points = portion(budget.epochs, input.results.size());
  const std::vector<EpochColumn> columns = epoch_columns(input);
  for (const TrialResult& result : input.results) {
    for (const std::size_t place : drawn_epochs(result.record, columns, points)) {
      const EpochRecord& epoch = result.record.epochs[place];
      Json row = row_of(input, result);
      Clock(result.record).add(row, static_cast<double>(epoch.steps));
      row["epoch"] = epoch.epoch;
      row["seconds"] = drawn(cumulated_seconds(result.record, place));
      for (const EpochColumn& column : columns)
        row[std::string(column.name())] = drawn(column.read(epoch));
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

Json epoch_mean_rows(const ReportInput& input, const RowBudget& budget) {
  Json rows = Json::array();
  const auto labels = arm_labels(input.study);
  const std::size_t points = portion(budget.epoch_means, labels.size());
  const std::vector<EpochColumn> columns = epoch_columns(input);
  for (std::size_t arm = 0; arm < labels.size(); ++arm) {
    const Results results = finished(input, arm);
    if (results.empty()) continue;
    const std::string group = arm_context(input.study, arm);
    // As above.
    const TrialRecord& shortest = (*std::ranges::min_element(results, {}, [](const TrialResult* r) {
                                    return r->record.epochs.size();
                                  }))->record;
    for (const std::size_t place : drawn_epochs(shortest, columns, points)) {
      double seconds = 0;
      for (const TrialResult* result : results) seconds += cumulated_seconds(result->record, place);
      Json row = {{"arm", labels[arm]},
                  {"group", group},
                  {"step", shortest.epochs[place].steps},
                  {"epoch", shortest.epochs[place].epoch},
                  {"seconds", drawn(seconds / static_cast<double>(results.size()))},
                  {"n", results.size()}};
      for (const EpochColumn& column : columns) add_column(row, column, results, place);
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
