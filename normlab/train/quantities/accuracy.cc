#include "normlab/train/quantity.h"

namespace normlab {
namespace {

class AccuracyAccumulator : public Accumulator {
 public:
  void add(const BatchOutcome& batch) override {
    correct_ += batch.sums.correct;
    examples_ += batch.examples;
  }
  double value() const override {
    return static_cast<double>(correct_) / static_cast<double>(examples_);
  }

 private:
  std::int64_t correct_ = 0;
  std::int64_t examples_ = 0;
};

}  // namespace

/// The share of the examples whose class has the largest output; a fraction.
extern const Quantity kAccuracyQuantity;
const Quantity kAccuracyQuantity{
    .name = "accuracy",
    .noun = "accuracy",
    .display = {100, " %", " points", 2},
    .larger_is_better = true,
    .is_score = true,
    .counts_examples = true,
    .range = {0, 1},
    .caption_of_training =
        "The share of each epoch's training images that were classified right at the moment they "
        "were trained on. ",
    .caption_of_new =
        "The share of images not trained on that are classified right, after each epoch. ",
    .start = [] { return std::unique_ptr<Accumulator>(std::make_unique<AccuracyAccumulator>()); }};

}  // namespace normlab
