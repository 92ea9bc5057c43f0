#include "normlab/lab/metric.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/ranges.h>

#include "normlab/base/error.h"
#include "normlab/base/suggest.h"

namespace normlab {
namespace {

struct Properties {
  std::string_view name;
  bool larger_is_better;
  bool is_outcome;
  Interval range;
};

constexpr Interval kFraction = {0, 1};
constexpr Interval kFromZero = {0, Domain::kMost};
constexpr Interval kFromOne = {1, Domain::kMost};

/// In the order of the enumeration.
constexpr std::array<Properties, kMetricCount> kProperties = {{
    {"train_loss", false, true, kFromZero},
    {"train_accuracy", true, true, kFraction},
    {"validation_loss", false, true, kFromZero},
    {"validation_accuracy", true, true, kFraction},
    {"test_loss", false, true, kFromZero},
    {"test_accuracy", true, true, kFraction},
    {"best_validation_accuracy", true, true, kFraction},
    {"best_epoch", false, false, kFromOne},
    {"steps_to_accuracy", false, true, kFromOne},
    {"step_seconds", false, false, kFromZero},
    {"examples_per_second", true, false, kFromZero},
}};

const Properties& properties(Metric metric) {
  return kProperties[static_cast<std::size_t>(metric)];
}

std::vector<std::string> names_of(bool (*kept)(Metric)) {
  std::vector<std::string> names;
  for (const Metric metric : kMetrics) {
    if (kept(metric)) names.emplace_back(name(metric));
  }
  return names;
}

}  // namespace

std::string_view name(Metric metric) {
  return properties(metric).name;
}
Metric metric_named(std::string_view text) {
  const auto found = std::ranges::find(kMetrics, text, [](Metric metric) { return name(metric); });
  if (found != kMetrics.end()) return *found;
  const auto all = names_of([](Metric) { return true; });
  const std::string nearest = did_you_mean(text, all);
  fail("no metric '{}'{}; there are {}", text,
       nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest), fmt::join(all, ", "));
}

Metric primary_named(std::string_view text) {
  const Metric metric = metric_named(text);
  if (is_outcome(metric)) return metric;
  fail("no study is decided by {}, which describes; by one of {}", text,
       fmt::join(names_of(is_outcome), ", "));
}

bool larger_is_better(Metric metric) {
  return properties(metric).larger_is_better;
}
bool is_outcome(Metric metric) {
  return properties(metric).is_outcome;
}
Interval possible_range(Metric metric) {
  return properties(metric).range;
}
bool is_time(Metric metric) {
  return metric == Metric::step_seconds || metric == Metric::examples_per_second;
}

}  // namespace normlab
