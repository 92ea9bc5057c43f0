#include <array>
#include <cstdint>
#include <numeric>
#include <vector>

#include "normlab/train/probe_quantity.h"

namespace normlab {
namespace {

/// Share of the channels that are not above zero in any row; 0 unless of a relu.
ProbeValue measure_dead(const ActivationSight& sight) {
  if (sight.kind != ActivationKind::relu) return {0};
  std::vector<std::int64_t> silent(static_cast<std::size_t>(sight.input.channels));
  std::iota(silent.begin(), silent.end(), 0);
  for (std::int64_t r = 0; r < sight.input.rows && !silent.empty(); ++r) {
    std::erase_if(silent, [row = sight.input.row(r)](std::int64_t c) { return row[c] > 0; });
  }
  return {static_cast<float>(silent.size()) / static_cast<float>(sight.input.channels)};
}

constexpr std::array kDeadQuantities = {ProbeQuantity{.name = "dead", .measure = measure_dead}};

}  // namespace

extern const ProbePicture kDeadUnits;
const ProbePicture kDeadUnits{
    .id = "dead",
    .title = "Dead units",
    .caption =
        "The share of ReLU units that are zero for every image of the probe batch: they pass no "
        "gradient, and most never come back.",
    .summary = "Dead units at the end of training.",
    .axis = "share of dead units",
    .field = "dead",
    .display = {.scale = 100, .unit = " %"},
    .format = ".0%",
    .only_above_zero = true,
    .quantities = kDeadQuantities};

}  // namespace normlab
