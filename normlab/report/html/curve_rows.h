#pragma once

#include <cstddef>

#include "normlab/report/html/json_value.h"
#include "normlab/report/html/report_input.h"

/// The rows that learning curves are drawn from. In all of them `arm` is the arm's label and the
/// place on the x axis is there three times: `step`, `epoch` (steps over steps per epoch) and
/// `seconds` (of training alone, evaluation not counted).
namespace normlab {

/// How many rows a report may hold, shared by all trials or arms.
struct RowBudget {
  std::size_t trace_points = 12000;  ///< of single trials' training loss
  std::size_t points_per_trace = 600;
  std::size_t bins = 4000;  ///< of mean training loss
  std::size_t bins_per_arm = 400;
  std::size_t epochs = 6000;       ///< of single trials
  std::size_t epoch_means = 2400;  ///< a row has three numbers for each metric
};

/// Training loss of every trial: arm, seed, step, epoch, seconds, loss. Thinned (thinning.h).
Json step_rows(const ReportInput& input, const RowBudget& budget = {});

/// Mean training loss of the trials that ran to their end, from all their steps: arm, step, epoch,
/// seconds, loss, low, high (95 % interval over seeds, null for one), n.
Json step_mean_rows(const ReportInput& input, const RowBudget& budget = {});

/// Every epoch of every trial: arm, seed, step, epoch, seconds, train_loss, train_accuracy,
/// validation_loss, validation_accuracy.
Json epoch_rows(const ReportInput& input, const RowBudget& budget = {});

/// The means of epoch_rows() over the trials that ran to their end, with METRIC_low and
/// METRIC_high, n, and `group` (arm_context()).
Json epoch_mean_rows(const ReportInput& input, const RowBudget& budget = {});

/// Where trials diverged: arm, seed, step, epoch, seconds, loss (the last finite one).
Json divergence_rows(const ReportInput& input);

}  // namespace normlab
