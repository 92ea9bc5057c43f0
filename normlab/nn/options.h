#pragma once

#include <string>

/// The choices that turn a model with norm slots into a particular network.
namespace normlab {

enum class NormKind { none, batch };
enum class RunningVariance { unbiased, biased };
/// What happens to gamma or beta: `learn`; `fixed` at its initial value; `off`, as if it were not
/// there (1 or 0).
enum class AffineMode { learn, fixed, off };

/// What fills the norm slots. Words and formulas: DESIGN sections 2 and 3.
struct NormOptions {
  NormKind kind = NormKind::batch;
  double eps = 1e-5;         ///< added to the variance, inside the root
  double stat_update = 0.1;  ///< weight of the new batch in the running statistics, (0, 1]
  /// Running statistics are the plain mean over all batches; stat_update is not used.
  bool cumulative = false;
  RunningVariance running_var = RunningVariance::unbiased;
  AffineMode gamma = AffineMode::learn;
  AffineMode beta = AffineMode::learn;
  double gamma_init = 1;
};

enum class InitMethod { pytorch, keras, he, xavier, normal, file };

/// How parameters start.
///   pytorch  weights and bias U(+-1/sqrt(fan_in)): the default of nn.Linear and nn.Conv2d
///   keras    weights U(+-sqrt(6/(fan_in + fan_out))) (Glorot uniform), bias 0
///   he       weights N(0, 2/fan_in), bias 0              (He et al. 2015, eq. 10)
///   xavier   weights N(0, 2/(fan_in + fan_out)), bias 0  (Glorot & Bengio 2010, eq. 12, as a normal)
///   normal   weights N(0, sd^2), bias 0
///   file     every tensor from a safetensors file
struct InitOptions {
  InitMethod method = InitMethod::pytorch;
  double sd = 0.01;       ///< normal only
  std::string file = {};  ///< file only
  double gain = 1;        ///< multiplies the initial weights (not biases); not with file
  /// The first filters of a convolution, as many as it has inputs, hand these on as they are: 1 at
  /// the filter's middle (side / 2) for its own input, 0 elsewhere (PyTorch's dirac_; Zagoruyko &
  /// Komodakis 2017, in Jordan's 2024 form); the others are drawn. Not with file.
  bool identity = false;
};

/// The bias of a linear or convolutional layer directly before a batch norm: kept as a parameter
/// that gets no gradient and costs nothing, or left out of the network.
enum class RedundantBias { keep, drop };

/// What the products of linear layers multiply: floats, or floats rounded to bf16 (8 significant
/// bits), whose products are added up in float. All else is float.
enum class Precision { float32, bf16 };

struct NetworkOptions {
  NormOptions norm;
  RedundantBias redundant_bias = RedundantBias::keep;
  Precision precision = Precision::float32;
};

}  // namespace normlab
