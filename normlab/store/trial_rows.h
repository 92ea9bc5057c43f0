#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "normlab/lab/trial.h"
#include "normlab/store/database.h"

/// Between TrialRecord and its rows in the store's tables (docs/store.md). Locks and transactions
/// are the caller's.
namespace normlab {

/// Whether records come with the loss of every step, which are most of their bytes.
enum class Series { with, without };

/// Writes all rows of a trial that has none. `environment`: the row's id.
void insert_trial(Database& database, const TrialResult& result, std::int64_t environment);

/// Without probe and predictions; absent when there is no such trial. Its arm is 0.
std::optional<TrialResult> read_trial(Database& database, const std::string& id);

/// Of each of the study's trials, in their order; absent where there is no result. Without probes
/// and predictions. The number of queries does not depend on the number of trials.
std::vector<std::optional<TrialRecord>> read_records(Database& database, const Study& study,
                                                     Series series);

std::optional<ProbeRecord> read_probe(Database& database, const std::string& trial);
std::optional<Predictions> read_predictions(Database& database, const std::string& trial);

}  // namespace normlab
