#include <cstdint>

#include <fmt/format.h>

#include "normlab/lab/metric_description.h"

namespace normlab {
namespace {

MetricDescription metric_of(const std::string& part, const std::string& noun,
                            std::int64_t TrialRecord::*examples, const Quantity& quantity) {
  MetricDescription d{
      .name = fmt::format("{}_{}", part, quantity.name),
      .noun = fmt::format("{} {}", noun, quantity.noun),
      .label = label_text(fmt::format("{} {}", part, quantity.noun), quantity.display),
      .in_tables = true,
      .display = quantity.display,
      .larger_is_better = quantity.larger_is_better,
      .range = quantity.range};
  if (quantity.counts_examples) {
    d.domain = [examples, &quantity](const TrialResult& result) {
      const std::int64_t count = result.record.*examples;
      return Domain{quantity.range, count > 0 ? 1 / static_cast<double>(count) : 0};
    };
  }
  return d;
}

/// `evaluation`: of an epoch.
MetricDescription epoch_metric(MetricDescription d, Evaluation EpochRecord::*evaluation,
                               const Quantity& quantity) {
  d.of_epoch = [evaluation, &quantity](const EpochRecord& epoch) {
    return value_of(epoch.*evaluation, quantity.name);
  };
  d.value = [of_epoch = d.of_epoch](const TrialResult& result) {
    const auto& epochs = result.record.epochs;
    return epochs.empty() ? std::nullopt : of_epoch(epochs.back());
  };
  return d;
}

MetricDescription train_metric(const Quantity& quantity) {
  MetricDescription d =
      epoch_metric(metric_of("train", "training", &TrialRecord::train_examples, quantity),
                   &EpochRecord::train, quantity);
  // Tables have the score of new examples alone.
  d.in_tables = !quantity.is_score;
  d.caption = quantity.caption_of_training;
  return d;
}

MetricDescription validation_metric(const Quantity& quantity) {
  MetricDescription d = epoch_metric(
      metric_of("validation", "validation", &TrialRecord::validation_examples, quantity),
      &EpochRecord::validation, quantity);
  d.caption = quantity.caption_of_new;
  return d;
}

MetricDescription test_metric(const Quantity& quantity) {
  MetricDescription d = metric_of("test", "test", &TrialRecord::test_examples, quantity);
  d.at_end = [&quantity](const TrialRecord& record) {
    return record.test ? value_of(*record.test, quantity.name) : std::nullopt;
  };
  d.value = [at_end = d.at_end](const TrialResult& result) { return at_end(result.record); };
  return d;
}

}  // namespace

/// train_loss, validation_accuracy, ...: every quantity (train/quantity.h) over the batches of the
/// last epoch as they were trained on, over the validation examples after it, and over the test
/// examples.
std::vector<MetricDescription> evaluation_metrics() {
  std::vector<MetricDescription> metrics;
  for (const auto metric_of : {train_metric, validation_metric, test_metric}) {
    for (const Quantity* quantity : quantities()) metrics.push_back(metric_of(*quantity));
  }
  return metrics;
}

}  // namespace normlab
