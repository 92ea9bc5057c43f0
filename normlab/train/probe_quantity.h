#pragma once

#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "normlab/base/matrix.h"
#include "normlab/kernels/activation.h"
#include "normlab/train/quantity.h"

namespace normlab {

/// What a probe measured of one layer at one step: one number, or, of a distribution, the
/// percentiles of percentiles.h.
using ProbeValue = std::vector<float>;

/// Where a probe looks, in training mode on the probe batch: at what goes into an activation layer
/// (relu, tanh, ...), the network's pre-activations; `kList` is their place in probe documents.
struct ActivationSight {
  static constexpr std::string_view kList = "activations";
  ActivationKind kind = ActivationKind::identity;
  ConstMatrix input;  ///< contiguous
};

/// At the gradient of a layer's weights.
struct GradientSight {
  static constexpr std::string_view kList = "gradients";
  std::span<const float> gradient;
};

/// At a batch norm. Of each channel one number.
struct NormSight {
  static constexpr std::string_view kList = "norms";
  std::span<const float> gamma;
  std::span<const float> beta;
  std::span<const float> running_mean;
  std::span<const float> running_var;
  std::span<const double> batch_mean;
  std::span<const double> batch_var;  ///< biased
  double eps = 0;
};

template <class Sight>
using Measure = ProbeValue (*)(const Sight&);

/// A quantity that a probe measures of each layer of one sort at each of its steps.
struct ProbeQuantity {
  std::string_view name;  ///< in documents, of its own; never changed
  std::variant<Measure<ActivationSight>, Measure<GradientSight>, Measure<NormSight>> measure;
  std::string_view column = {};  ///< what stands over its pictures, where several stand in one
};

/// Quantities with what a report shows of them: one small picture for each layer, over the steps.
/// Each has a file in train/probe_quantities/ and a line in probe_quantity.cc; the probe, its
/// documents and the report follow.
struct ProbePicture {
  std::string_view id;     ///< of the picture and of its rows
  std::string_view title;  ///< over it
  /// What it shows, in sentences, and what the last values are called.
  std::string_view caption;
  std::string_view summary;
  std::string_view axis;               ///< what a value is
  std::string_view field = {};         ///< of its rows, one number each; empty: the percentiles
  Display display = {};                ///< in the summary
  std::string_view format = {};        ///< on the axis, as d3-format has it
  std::string_view column_field = {};  ///< of its rows, ProbeQuantity::column
  bool may_be_logarithmic = false;
  bool only_above_zero = false;  ///< nothing is shown when all is zero
  std::span<const ProbeQuantity> quantities;

  bool shows_percentiles() const { return field.empty(); }
};

/// All of them, in the order in which they are shown.
std::span<const ProbePicture* const> probe_pictures();

}  // namespace normlab
