#include <array>

#include "normlab/train/percentiles.h"
#include "normlab/train/probe_quantity.h"

namespace normlab {
namespace {

ProbeValue measure_input(const ActivationSight& sight) {
  const auto size = static_cast<std::size_t>(sight.input.rows * sight.input.channels);
  return sampled_percentiles({sight.input.data, size});
}

constexpr std::array kInputQuantities = {ProbeQuantity{.name = "input", .measure = measure_input}};

}  // namespace

extern const ProbePicture kActivationInputs;
const ProbePicture kActivationInputs{
    .id = "activations",
    .title = "What goes into the activations",
    .caption =
        "Half of the units' inputs lie above the line, two thirds in the dark band, nine tenths "
        "in the light one. Bands that wander or widen mean that the next layer sees ever new "
        "inputs; batch normalization is to hold them still.",
    .summary = "Median of the inputs at the end of training.",
    .axis = "input of the activation",
    .quantities = kInputQuantities};

}  // namespace normlab
