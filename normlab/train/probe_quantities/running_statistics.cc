#include <array>
#include <cmath>

#include "normlab/train/probe_quantity.h"

namespace normlab {
namespace {

/// The mean of `distance(c)` over channels.
template <class Distance>
ProbeValue mean_over_channels(const NormSight& sight, Distance&& distance) {
  double sum = 0;
  for (std::size_t c = 0; c < sight.gamma.size(); ++c) sum += distance(c);
  return {static_cast<float>(sum / static_cast<double>(sight.gamma.size()))};
}

/// |running_mean - batch mean| / sqrt(batch variance + eps)
ProbeValue measure_mean_distance(const NormSight& s) {
  return mean_over_channels(s, [&](std::size_t c) {
    return std::abs(s.running_mean[c] - s.batch_mean[c]) / std::sqrt(s.batch_var[c] + s.eps);
  });
}

/// |ln((running_var + eps) / (batch variance + eps))|
ProbeValue measure_log_variance_distance(const NormSight& s) {
  return mean_over_channels(s, [&](std::size_t c) {
    return std::abs(std::log((s.running_var[c] + s.eps) / (s.batch_var[c] + s.eps)));
  });
}

constexpr std::array kRunningQuantities = {
    ProbeQuantity{.name = "mean_distance", .measure = measure_mean_distance, .column = "mean"},
    ProbeQuantity{.name = "log_variance_distance",
                  .measure = measure_log_variance_distance,
                  .column = "variance"}};

}  // namespace

extern const ProbePicture kRunningStatistics;
const ProbePicture kRunningStatistics{
    .id = "running",
    .title = "Running against batch statistics",
    .caption =
        "Evaluation normalizes with running averages, training with the batch at hand. Mean: "
        "their distance in standard deviations of the batch. Variance: the logarithm of their "
        "ratio. Zero is no difference; a large distance makes the network behave otherwise in "
        "evaluation than in training.",
    .summary = "Distances at the end of training.",
    .axis = "distance",
    .field = "distance",
    .column_field = "quantity",
    .may_be_logarithmic = true,
    .quantities = kRunningQuantities};

}  // namespace normlab
