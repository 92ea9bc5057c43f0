#include <array>
#include <cmath>

#include "normlab/kernels/optimizer.h"
#include "normlab/train/probe_quantity.h"

namespace normlab {
namespace {

/// Euclidean norm.
ProbeValue measure_gradient(const GradientSight& sight) {
  const double squares = kernels::sum_of_squares(sight.gradient.data(), sight.gradient.size());
  return {static_cast<float>(std::sqrt(squares))};
}

constexpr std::array kGradientQuantities = {
    ProbeQuantity{.name = "norm", .measure = measure_gradient}};

}  // namespace

extern const ProbePicture kGradientNorms;
const ProbePicture kGradientNorms{
    .id = "gradients",
    .title = "How large the gradients are",
    .caption =
        "Euclidean norm of each layer's weight gradient on the probe batch. Layers that differ "
        "by orders of magnitude learn at different speeds; a norm near zero means that a layer "
        "has stopped learning.",
    .summary = "Gradient norm at the end of training.",
    .axis = "gradient norm",
    .field = "norm",
    .may_be_logarithmic = true,
    .quantities = kGradientQuantities};

}  // namespace normlab
