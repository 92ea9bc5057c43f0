#pragma once

#include <cstdint>
#include <memory>

#include "normlab/nn/epilogue.h"
#include "normlab/nn/stage.h"

namespace normlab {

/// What makes the rows of a RowStage, in pieces of whole examples. Calls for different pieces may
/// run at the same time, each with its own worker number.
class RowProducer {
 public:
  virtual ~RowProducer() = default;

  /// `keep_bias`: unless it is redundant and the options say to drop it.
  virtual void plan(Planner& planner, std::int64_t examples_per_piece, bool keep_bias) = 0;
  /// Null when it has none.
  virtual const ParameterSlice* bias() const = 0;

  virtual void begin_forward(const Pass& pass) = 0;
  virtual void forward(const Pass& pass, float* z, const float* x, Range examples, int worker) = 0;

  virtual void begin_backward(const Pass& pass, bool input_gradient) = 0;
  /// The share of `piece` in the gradient of the weights.
  virtual void backward_weights(const float* x, const float* dz, Range examples, std::int64_t piece,
                                int worker) = 0;
  virtual void backward_input(float* dx, const float* dz, Range examples, int worker) = 0;
  virtual void end_backward(const Pass& pass, std::int64_t pieces) = 0;
};

/// A stage cut by rows, in pieces of whole examples: behind a convolution, or without a producer.
class RowStage : public Stage {
 public:
  RowStage(const StageParts& parts, std::unique_ptr<RowProducer> producer);

  void plan(Planner& planner) override;
  Epilogue* lendable() override { return &epilogue_; }
  void borrow(Epilogue& before, std::int64_t max_examples) override;
  const float* forward(const Pass& pass, const float* x, const float* addend) override;
  float* backward(const Pass& pass, float* dy, const float* also) override;
  const LayerNode* find_non_finite(const Pass& pass) const override;

 private:
  std::unique_ptr<RowProducer> producer_;  ///< null: the stage's input is what there is
  Epilogue epilogue_;
  Epilogue* before_ = nullptr;  ///< of the stage before, where it lends its loops to this one
  std::int64_t input_size_;
  std::int64_t output_size_;
  std::int64_t examples_per_piece_ = 0;
  bool input_gradient_ = false;
  ArenaSlice<float> dx_;  ///< with a producer
  const float* x_ = nullptr;
};

}  // namespace normlab
