#include "normlab/report/html/inside_rows.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "normlab/report/html/arms.h"
#include "normlab/report/html/probed_trials.h"
#include "normlab/report/html/thinning.h"

namespace normlab {
namespace {

/// Of one layer in one small picture.
constexpr std::size_t kMostSteps = 120;
constexpr std::array<const char*, 5> kPercentiles = {"p5", "p15", "p50", "p85", "p95"};

void add_value(Json& row, const ProbePicture& picture, const ProbeValue& value) {
  if (!picture.shows_percentiles()) {
    row[std::string(picture.field)] = drawn(static_cast<double>(value.at(0)));
    return;
  }
  for (std::size_t i = 0; i < kPercentiles.size(); ++i)
    row[kPercentiles[i]] = drawn(static_cast<double>(value.at(i)));
}

/// What a curve may not lose the extremes of: the value, or how wide the distribution is.
std::vector<float> sizes_of(const ProbePicture& picture, const ProbedLayer& layer) {
  std::vector<float> sizes;
  for (const ProbeValue& value : layer.values) {
    sizes.push_back(picture.shows_percentiles() ? value.back() - value.front() : value.front());
  }
  return sizes;
}

void add_quantity_rows(Json& rows, const ReportInput& input, const ProbePicture& picture,
                       const ProbeQuantity& quantity) {
  for (const TrialResult* result : probed_trials(input)) {
    const ProbeRecord& probe = *result->record.probe;
    const std::string arm = arm_label(input.study, result->trial.arm);
    for (const ProbedLayer& layer : layers_of(probe, quantity.name)) {
      for (const std::size_t kept : thin(sizes_of(picture, layer), kMostSteps)) {
        Json row = {{"arm", arm}, {"layer", layer.layer}, {"step", probe.steps[kept]}};
        if (!picture.column_field.empty())
          row[std::string(picture.column_field)] = std::string(quantity.column);
        add_value(row, picture, layer.values[kept]);
        rows.push_back(std::move(row));
      }
    }
  }
}

}  // namespace

Json inside_rows(const ReportInput& input, const ProbePicture& picture) {
  Json rows = Json::array();
  for (const ProbeQuantity& quantity : picture.quantities)
    add_quantity_rows(rows, input, picture, quantity);
  if (!picture.only_above_zero) return rows;
  const bool any =
      std::any_of(rows.begin(), rows.end(),
                  [field = std::string(picture.field)](const Json& row) { return row[field] > 0; });
  return any ? rows : Json::array();
}

}  // namespace normlab
