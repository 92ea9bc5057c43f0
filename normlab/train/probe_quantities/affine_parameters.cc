#include <array>

#include "normlab/train/percentiles.h"
#include "normlab/train/probe_quantity.h"

namespace normlab {
namespace {

ProbeValue over_channels(std::span<const float> parameter) {
  std::vector<float> values(parameter.begin(), parameter.end());
  return percentiles(values);
}

ProbeValue measure_gamma(const NormSight& sight) {
  return over_channels(sight.gamma);
}

ProbeValue measure_beta(const NormSight& sight) {
  return over_channels(sight.beta);
}

constexpr std::array kAffineQuantities = {
    ProbeQuantity{.name = "gamma", .measure = measure_gamma, .column = "gamma"},
    ProbeQuantity{.name = "beta", .measure = measure_beta, .column = "beta"}};

}  // namespace

extern const ProbePicture kAffineParameters;
const ProbePicture kAffineParameters{
    .id = "affine",
    .title = "Gamma and beta",
    .caption =
        "The scale and shift that each channel learns after normalization, over all channels: "
        "they start at 1 and 0. A gamma that goes to zero switches its channel off.",
    .summary = "Medians at the end of training, gamma before beta.",
    .axis = "value over channels",
    .column_field = "parameter",
    .quantities = kAffineQuantities};

}  // namespace normlab
