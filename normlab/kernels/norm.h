#pragma once

#include <cstdint>
#include <span>

#include "normlab/base/matrix.h"
#include "normlab/kernels/activation.h"

/// Batch normalization over a matrix of `rows x channels`, in the pieces from which dense layers (a
/// block of channels at a time, all rows) and convolutions (a chunk of rows at a time, all
/// channels) put it together. Formulas: Ioffe & Szegedy 2015 (arXiv:1502.03167), algorithm 1 and
/// section 3; DESIGN section 3.
///
/// All arrays are per channel and as long as `x.channels`. Stateless and thread-safe.
namespace normlab::kernels {

/// y = activation((x - mean) * scale + beta), where scale = gamma * inv_std. y may be x. An output
/// larger than most caches is written past them.
/// The mean is subtracted first: folding it into beta would lose digits when |mean| is large.
void norm_forward(Matrix y, ConstMatrix x, const float* mean, const float* scale, const float* beta,
                  Activation activation);

/// y = activation((x - mean) * scale + beta + addend): the end of a residual block's body. y may be
/// x or the addend.
void norm_add_forward(Matrix y, ConstMatrix x, ConstMatrix addend, const float* mean,
                      const float* scale, const float* beta, Activation activation);

/// What the backward pass reads of the forward one.
struct NormForward {
  ConstMatrix x;                   ///< input of the normalization
  ConstMatrix y;                   ///< output of the activation; see norm_backward_reads_output
  const float* mean = nullptr;     ///< batch mean in training, running mean in evaluation
  const float* inv_std = nullptr;  ///< 1 / sqrt(variance + eps)
  const float* scale = nullptr;    ///< as norm_forward was given it
  const float* gamma = nullptr;    ///< used by gelu only, to rebuild its input
  const float* beta = nullptr;
  Activation activation;     ///< applied after the normalization
  bool behind_relu = false;  ///< x is a ReLU's output
  /// The activation follows a sum with something else (norm_add_forward), so that its derivative
  /// can be told from y only; not with gelu.
  bool after_sum = false;
};

/// True when the way back reads NormForward::y: for sigmoid and tanh, and for all behind a sum.
bool norm_backward_reads_output(Activation activation, bool after_sum);

/// With dn = dy * activation' (gradient at the normalization's output), over the rows:
/// dbeta[c] = sum(dn), dgamma[c] = sum(dn * x_hat) with x_hat = (x - mean) * inv_std. Overwrites
/// both sums, which are accumulated in float over at most 128 rows and in double beyond.
/// An activation' that is costly, or told from y behind a sum, is computed only once: dy becomes
/// dn. Where it is cheap, dy stays as it is, which spares writing it; whether a ReLU was open is
/// told from x, not read from y.
void norm_backward_reduce(std::span<double> dgamma, std::span<double> dbeta, Matrix dy,
                          const NormForward& forward);

/// dx = scale * (dn - dbeta_mean - x_hat * dgamma_mean), the means being the sums divided by the
/// number of rows in training, zero in evaluation; behind a ReLU also times its derivative, which
/// makes it the gradient of the ReLU's input. `dy` is what norm_backward_reduce left of it; dx
/// may be dy.
void norm_backward_apply(Matrix dx, ConstMatrix dy, const NormForward& forward,
                         const float* dbeta_mean, const float* dgamma_mean);

/// What another kernel needs that does the same on its way; per channel, as above.
struct NormBackward {
  const float* mean = nullptr;
  const float* inv_std = nullptr;
  const float* scale = nullptr;
  const float* dbeta_mean = nullptr;
  const float* dgamma_mean = nullptr;
};

}  // namespace normlab::kernels
