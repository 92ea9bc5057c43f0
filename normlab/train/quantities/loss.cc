#include "normlab/train/quantity.h"

namespace normlab {
namespace {

class LossAccumulator : public Accumulator {
 public:
  void add(const BatchOutcome& batch) override {
    loss_ += batch.sums.loss;
    examples_ += batch.examples;
  }
  double value() const override { return loss_ / static_cast<double>(examples_); }

 private:
  double loss_ = 0;
  std::int64_t examples_ = 0;
};

}  // namespace

/// The mean of what training makes small: cross-entropy in nats.
extern const Quantity kLossQuantity;
const Quantity kLossQuantity{
    .name = "loss", .noun = "loss", .display = {}, .range = {0, Domain::kMost}, .start = [] {
      return std::unique_ptr<Accumulator>(std::make_unique<LossAccumulator>());
    }};

}  // namespace normlab
