#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "normlab/base/interval.h"
#include "normlab/kernels/loss.h"
#include "normlab/train/evaluation.h"

namespace normlab {

/// How a value is written: "97.5 %", a difference "0.3 points".
struct Display {
  double scale = 1;                       ///< from the value to what is written
  std::string_view unit = {};             ///< behind it, with a space in front
  std::string_view difference_unit = {};  ///< behind a difference of two
  int decimals = 4;                       ///< where no uncertainty says how many
};

/// "accuracy, %": a noun with the unit of its values, as it stands over a column.
inline std::string label_text(std::string_view noun, const Display& display) {
  return std::string(noun).append(display.unit.empty() ? "" : ",").append(display.unit);
}

/// What a network made of one batch.
struct BatchOutcome {
  kernels::LossSums sums;
  std::int64_t examples = 0;
};

/// Sums up one quantity over batches.
class Accumulator {
 public:
  virtual ~Accumulator() = default;
  virtual void add(const BatchOutcome& batch) = 0;
  /// Over all examples that were added.
  virtual double value() const = 0;
};

/// A quantity that is evaluated over a set of examples: of the training batches, of the validation
/// and of the test examples. Each has a file in train/quantities/ and a line in quantity.cc; records,
/// store, metrics, JSON and tables follow.
struct Quantity {
  std::string_view name;  ///< in records, files and, behind "train_", "validation_", "test_", of
                          ///< metrics; never changed
  std::string_view noun;  ///< in sentences
  Display display;
  bool larger_is_better = false;
  bool is_score = false;         ///< what the best epoch is best in; a larger one is better
  bool counts_examples = false;  ///< its values are multiples of one example's share
  Interval range;                ///< what it can be
  /// What pictures of its values on the training batches and on new examples show, in a sentence
  /// that a space follows; empty: the report says it, by the settings.
  std::string_view caption_of_training = {};
  std::string_view caption_of_new = {};
  std::unique_ptr<Accumulator> (*start)() = nullptr;
};

/// All of them, in the order in which they are shown.
std::span<const Quantity* const> quantities();

/// The value by which the epoch is the best or not, larger is better. Absent when no score was
/// measured.
std::optional<double> score_of(const Evaluation& evaluation);

}  // namespace normlab
