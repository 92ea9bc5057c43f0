#include "normlab/report/html/inside_rows.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "normlab/report/html/arms.h"
#include "normlab/report/html/probed_trials.h"
#include "normlab/report/html/thinning.h"

namespace normlab {
namespace {

/// Of one layer in one small picture.
constexpr std::size_t kMostMoments = 120;
constexpr std::array<const char*, 5> kPercentiles = {"p5", "p15", "p50", "p85", "p95"};

void add_percentiles(Json& row, const Percentiles& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    row[kPercentiles[i]] = drawn(static_cast<double>(values[i]));
  }
}

float spread(const Percentiles& values) {
  return values.back() - values.front();
}

/// Rows of one list of layers (`layers` of a moment): `size` is what a curve may not lose the
/// extremes of, `fill` adds the fields.
template <class Layers, class Size, class Fill>
Json layer_rows(const ReportInput& input, Layers&& layers, Size&& size, Fill&& fill) {
  Json rows = Json::array();
  for (const TrialResult* result : probed_trials(input)) {
    const std::vector<ProbeMoment>& moments = result->record.probe->moments;
    if (moments.empty()) continue;
    const std::string arm = arm_label(input.study, result->trial.arm);
    for (std::size_t place = 0; place < layers(moments[0]).size(); ++place) {
      std::vector<float> sizes;
      for (const ProbeMoment& moment : moments) sizes.push_back(size(layers(moment).at(place)));
      for (const std::size_t kept : thin(sizes, kMostMoments)) {
        const auto& layer = layers(moments[kept])[place];
        Json row = {{"arm", arm}, {"layer", layer.layer}, {"step", moments[kept].step}};
        fill(row, layer);
        rows.push_back(std::move(row));
      }
    }
  }
  return rows;
}

const auto activations_of = [](const ProbeMoment& moment) -> const auto& {
  return moment.activations;
};
const auto gradients_of = [](const ProbeMoment& moment) -> const auto& {
  return moment.gradients;
};
const auto norms_of = [](const ProbeMoment& moment) -> const auto& {
  return moment.norms;
};

void append(Json& rows, Json more) {
  for (Json& row : more) rows.push_back(std::move(row));
}

}  // namespace

Json activation_rows(const ReportInput& input) {
  return layer_rows(
      input, activations_of, [](const ActivationProbe& layer) { return spread(layer.input); },
      [](Json& row, const ActivationProbe& layer) { add_percentiles(row, layer.input); });
}

Json dead_rows(const ReportInput& input) {
  Json rows = layer_rows(
      input, activations_of, [](const ActivationProbe& layer) { return layer.dead; },
      [](Json& row, const ActivationProbe& layer) {
        row["dead"] = drawn(static_cast<double>(layer.dead));
      });
  const bool any =
      std::any_of(rows.begin(), rows.end(), [](const Json& row) { return row["dead"] > 0; });
  return any ? rows : Json::array();
}

Json gradient_rows(const ReportInput& input) {
  return layer_rows(
      input, gradients_of, [](const GradientProbe& layer) { return layer.norm; },
      [](Json& row, const GradientProbe& layer) {
        row["norm"] = drawn(static_cast<double>(layer.norm));
      });
}

Json affine_rows(const ReportInput& input) {
  Json rows = layer_rows(
      input, norms_of, [](const NormProbe& norm) { return spread(norm.gamma); },
      [](Json& row, const NormProbe& norm) {
        row["parameter"] = "gamma";
        add_percentiles(row, norm.gamma);
      });
  append(rows, layer_rows(
                   input, norms_of, [](const NormProbe& norm) { return spread(norm.beta); },
                   [](Json& row, const NormProbe& norm) {
                     row["parameter"] = "beta";
                     add_percentiles(row, norm.beta);
                   }));
  return rows;
}

Json running_rows(const ReportInput& input) {
  Json rows = layer_rows(
      input, norms_of, [](const NormProbe& norm) { return norm.mean_distance; },
      [](Json& row, const NormProbe& norm) {
        row["quantity"] = "mean";
        row["distance"] = drawn(static_cast<double>(norm.mean_distance));
      });
  append(rows,
         layer_rows(
             input, norms_of, [](const NormProbe& norm) { return norm.log_variance_distance; },
             [](Json& row, const NormProbe& norm) {
               row["quantity"] = "variance";
               row["distance"] = drawn(static_cast<double>(norm.log_variance_distance));
             }));
  return rows;
}

}  // namespace normlab
