#include "normlab/report/html/single_epoch_chart.h"

#include <algorithm>

#include <fmt/format.h>

#include "normlab/report/html/arms.h"
#include "normlab/report/html/dot_layers.h"
#include "normlab/report/html/number_phrases.h"
#include "normlab/report/html/vega.h"

namespace normlab {

const char* const kSingleEpoch =
    "The study has a single epoch, so its validation loss and its accuracies are no curves. Dots: "
    "the value of each seed. Diamond and bar: their mean with its 95 % interval.";

bool has_single_epoch(const Json& epoch_rows) {
  return !epoch_rows.empty() && std::all_of(epoch_rows.begin(), epoch_rows.end(),
                                            [](const Json& row) { return row["epoch"] == 1; });
}

Chart single_epoch_chart(const ReportInput& input, Metric metric, const Chart& curve) {
  const std::string field(name(metric));
  const bool percent = phrase(metric).scale == 100;
  const std::vector<std::string> labels = arm_labels(input.study);
  const DotFields fields{.dots = "epochs",
                         .means = "epoch_means",
                         .y = "arm",
                         .order = labels,
                         .value = field,
                         .low = field + "_low",
                         .high = field + "_high",
                         .title = phrase(metric).noun,
                         .format = percent ? kPercent : "",
                         .hint_format = percent ? ".2%" : ".4~r",
                         .counted = "seeds",
                         .keep = ""};
  Chart chart = curve;
  chart.caption = fmt::format("Better is to the {}.", larger_is_better(metric) ? "right" : "left");
  chart.spec = layered(dot_layers(fields, arm_colour(labels)), height_of_lines(labels.size()));
  chart.controls = nullptr;
  return chart;
}

}  // namespace normlab
