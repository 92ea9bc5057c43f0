#include "normlab/lab/learning.h"

#include <cmath>
#include <cstdint>

#include "normlab/lab/statistics_binomial.h"

namespace normlab {
namespace {

/// That often guessing may be taken for learning.
constexpr double kByGuessing = 0.025;

}  // namespace

Learning learning_of(const TrialRecord& record) {
  if (record.status == TrialStatus::failed) return Learning::failed;
  if (record.status == TrialStatus::diverged) return Learning::diverged;
  if (!record.validation_majority || record.validation_examples == 0 || record.epochs.empty()) {
    return Learning::not_known;
  }
  const std::int64_t examples = record.validation_examples;
  const auto accuracy = value_of(record.epochs.back().validation, "accuracy");
  if (!accuracy) return Learning::not_known;
  if (!std::isfinite(*accuracy)) return Learning::at_chance;
  const double right = std::round(*accuracy * static_cast<double>(examples));
  const double by_guessing =
      binomial_upper_tail(static_cast<std::int64_t>(right), examples, *record.validation_majority);
  return by_guessing <= kByGuessing ? Learning::trained : Learning::at_chance;
}

}  // namespace normlab
