#include <iterator>
#include <ranges>

#include "normlab/lab/metric_description.h"

namespace normlab {

using MetricSource = std::vector<MetricDescription>();
MetricSource evaluation_metrics, best_epoch_metrics, arrival_metrics, speed_metrics;

std::vector<MetricDescription> registered_metrics() {
  std::vector<MetricDescription> all;
  for (MetricSource* source :
       {evaluation_metrics, best_epoch_metrics, arrival_metrics, speed_metrics}) {
    std::ranges::move(source(), std::back_inserter(all));
  }
  return all;
}

}  // namespace normlab
