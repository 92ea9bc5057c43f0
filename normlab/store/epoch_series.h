#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "normlab/store/database.h"
#include "normlab/train/trial_record.h"

/// What was measured, as JSON (docs/store.md): a number is a text that reads back to the
/// same bits, one that is not finite is null.
namespace normlab {

/// Writes the rows of `epoch_series` of a trial that has none: one for each quantity, with a number
/// for each epoch. Requires: the epochs are numbered from 1, without a gap.
void insert_epochs(Database& database, const std::string& trial,
                   const std::vector<EpochRecord>& epochs);

/// Brings one of these rows back. Throws Error when `numbers` is not such a text.
void take_series(std::vector<EpochRecord>& epochs, std::string_view name,
                 const std::string& numbers);

/// {"loss":0.1,"accuracy":0.97}, and back, which throws Error when it is not such a text.
std::string evaluation_to_json(const Evaluation& evaluation);
Evaluation evaluation_from_json(const std::string& text);

}  // namespace normlab
