#pragma once

#include "normlab/train/trial_record.h"

namespace normlab {

/// Whether a trial's network has learnt anything.
enum class Learning {
  trained,
  at_chance,  ///< its last validation accuracy is not above what the most frequent class gives
  diverged,
  failed,
  not_known,  ///< it ran to its end, but its record is from before the most frequent class's share
              ///< was kept
};

/// "Above" is beyond chance: guessing with the probability of the most frequent class would reach
/// the accuracy on TrialRecord::validation_examples examples in at most 2.5 of a hundred cases. So
/// a network that always gives one answer is never taken for one that learnt.
Learning learning_of(const TrialRecord& record);

/// Whether the trial's values may stand for what its settings train to: where it is not known that
/// nothing was learnt, it is not assumed.
constexpr bool counts_as_trained(Learning learning) {
  return learning == Learning::trained || learning == Learning::not_known;
}

}  // namespace normlab
