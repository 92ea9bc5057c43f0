#include "normlab/lab/metric.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/ranges.h>

#include "normlab/base/error.h"
#include "normlab/base/suggest.h"
#include "normlab/lab/metric_description.h"

namespace normlab {
namespace {

const std::vector<MetricDescription>& descriptions() {
  static const std::vector<MetricDescription> all = registered_metrics();
  return all;
}

std::vector<std::string> names_of(bool (*kept)(Metric)) {
  std::vector<std::string> names;
  for (const Metric metric : all_metrics()) {
    if (kept(metric)) names.emplace_back(name(metric));
  }
  return names;
}

}  // namespace

std::span<const Metric> all_metrics() {
  static const std::vector<Metric> all = [] {
    std::vector<Metric> metrics;
    for (const MetricDescription& d : descriptions()) metrics.push_back(Metric(d.name));
    return metrics;
  }();
  return all;
}

const MetricDescription& describe(Metric metric) {
  return *std::ranges::find(descriptions(), name(metric), &MetricDescription::name);
}

Metric metric_named(std::string_view text) {
  const auto all = all_metrics();
  const auto found = std::ranges::find(all, text, [](Metric metric) { return name(metric); });
  if (found != all.end()) return *found;
  const auto names = names_of([](Metric) { return true; });
  const std::string nearest = did_you_mean(text, names);
  fail("no metric '{}'{}; there are {}", text,
       nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest),
       fmt::join(names, ", "));
}

Metric primary_named(std::string_view text) {
  const Metric metric = metric_named(text);
  if (is_outcome(metric)) return metric;
  fail("no study is decided by {}, which describes; by one of {}", text,
       fmt::join(names_of(is_outcome), ", "));
}

bool larger_is_better(Metric metric) {
  return describe(metric).larger_is_better;
}
bool is_outcome(Metric metric) {
  return describe(metric).role == MetricRole::outcome;
}
Interval possible_range(Metric metric) {
  return describe(metric).range;
}
bool is_time(Metric metric) {
  return describe(metric).role == MetricRole::time;
}

}  // namespace normlab
