#pragma once

#include "normlab/kernels/reference/table.h"

/// Batch normalization as DESIGN section 3 writes it, in double, one loop per sum: what the kernels
/// are tested against.
namespace normlab::reference {

struct Statistics {
  PerChannel mean;
  PerChannel variance;  ///< biased

  PerChannel inv_std(double eps) const;
};

Statistics batch_statistics(const Table& x);

/// y = gamma * (x - mean) / sqrt(variance + eps) + beta: with the batch's statistics the forward
/// pass in training, with the running ones in evaluation.
Table batch_norm_forward(const Table& x, const Statistics& statistics, const PerChannel& gamma,
                         const PerChannel& beta, double eps);

struct NormGradients {
  Table dx;
  PerChannel dgamma;
  PerChannel dbeta;
};

/// `statistics` depend on x: dx holds what reaches x through them.
NormGradients batch_norm_backward_train(const Table& dy, const Table& x,
                                        const Statistics& statistics, const PerChannel& gamma,
                                        double eps);

/// `statistics` are constants.
NormGradients batch_norm_backward_eval(const Table& dy, const Table& x,
                                       const Statistics& statistics, const PerChannel& gamma,
                                       double eps);

}  // namespace normlab::reference
