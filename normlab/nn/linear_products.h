#pragma once

#include <cstdint>

#include "normlab/base/pieces.h"
#include "normlab/kernels/bf16.h"
#include "normlab/nn/stage.h"

namespace normlab {

/// The three products of a linear layer with weights W (inputs x outputs), in the precision of the
/// network's options: z = x W, dW = x' dz, dx = dz W'. With bf16, x, W and dz are rounded to
/// matrices of its own, each once a pass. Blocks of outputs or inputs may be worked on at the same
/// time.
class LinearProducts {
 public:
  void plan(Planner& planner, std::int64_t inputs, std::int64_t outputs);

  /// Before all else on the way forward. `x` and `weights` stay readable until the pass back.
  void begin_forward(const Pass& pass, const float* x, const float* weights);
  /// z = x[:, inputs] W[inputs, outputs]. The blocks of a pass cover W once.
  void forward(Matrix z, Range inputs, Range outputs);

  /// Before all else on the way back.
  void begin_backward(const float* dz);
  /// Columns `outputs` of dz are final; all of them before the products.
  void take_gradient(Range outputs) const;
  /// Rows `inputs` of dW.
  void backward_weights(Matrix dweights, Range inputs) const;
  /// Columns `inputs` of dx.
  void backward_input(Matrix dx, Range inputs) const;

 private:
  template <class T>
  struct Operands {
    BasicMatrix<T> x = {};
    BasicMatrix<T> weights = {};
    BasicMatrix<T> dz = {};
  };

  /// Calls `work` with the operands that products take.
  template <class Work>
  void with_operands(const Work& work) const {
    if (rounds_) {
      work(rounded_);
    } else {
      work(exact_);
    }
  }

  std::int64_t inputs_ = 0;
  std::int64_t outputs_ = 0;
  std::int64_t examples_ = 0;  ///< of the pass at hand
  bool rounds_ = false;
  Operands<const float> exact_;
  Operands<kernels::Bf16> rounded_;
  ArenaSlice<kernels::Bf16> rounded_x_;
  ArenaSlice<kernels::Bf16> rounded_weights_;
  ArenaSlice<kernels::Bf16> rounded_dz_;
};

}  // namespace normlab
