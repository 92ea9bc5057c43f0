#include "normlab/report/json.h"

#include <cmath>
#include <optional>

#include <nlohmann/json.hpp>

#include "normlab/lab/metric_description.h"
#include "normlab/lab/settings.h"
#include "normlab/lab/trial_status.h"

namespace normlab {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}
Json number(const std::optional<double>& value) {
  return value ? number(*value) : Json(nullptr);
}

Json interval(const Interval& range) {
  return Json::array({number(range.low), number(range.high)});
}
Json interval(const std::optional<Interval>& range) {
  return range ? interval(*range) : Json(nullptr);
}

/// A setting's value with the type its kind names; a word where a number could stand stays a
/// string.
Json setting_value(const Setting& setting, const std::string& text) {
  if (setting.kind == ValueKind::text) return text;
  Json value = Json::parse(text, nullptr, false);
  return value.is_number() || value.is_boolean() ? value : Json(text);
}

/// Every setting but the seed, which is the trial's.
Json settings_object(const TrialSettings& settings) {
  Json object = Json::object();
  for (const auto& [key, text] : list_settings(settings)) {
    if (key != "seed") object[key] = setting_value(find_setting(key), text);
  }
  return object;
}

Json data_object(const DataFacts& data) {
  return {{"name", data.name},   {"sha256", data.sha256},         {"synthetic", data.synthetic},
          {"train", data.train}, {"validation", data.validation}, {"test", data.test}};
}

Json study_object(const Study& study, const Comparison& comparison,
                  std::span<const DataFacts> data) {
  Json object = {{"id", study.id},
                 {"name", study.name},
                 {"primary", name(comparison.primary)},
                 {"threshold_given", comparison.threshold.has_value()}};
  object["model"] = study.arms.empty() ? Json(nullptr) : Json(study.arms[0].settings.model);
  object["data"] = data.empty() ? Json(nullptr) : data_object(data[0]);
  if (data.size() > 1) {
    object["data_sets"] = Json::array();
    for (const DataFacts& facts : data) object["data_sets"].push_back(data_object(facts));
  }
  return object;
}

Json metric_object(const MetricSummary& summary, Metric metric,
                   const std::optional<double>& threshold) {
  Json object = {{"n", summary.n},
                 {"not_finite", summary.not_finite},
                 {"mean", number(summary.mean)},
                 {"sd", number(summary.sd)},
                 {"ci95", interval(summary.ci95)},
                 {"iqm", number(summary.iqm)},
                 {"values", Json::array()}};
  for (const std::optional<double>& value : summary.values) {
    object["values"].push_back(number(value));
  }
  if (describe(metric).arrival != nullptr) {
    object["threshold"] = number(threshold);
    object["median"] = number(summary.median);
    object["censored"] = summary.censored;
  }
  return object;
}

Json arm_object(const Arm& arm, const ArmSummary& summary, std::span<const Metric> metrics) {
  Json object = {{"id", arm.id},
                 {"label", arm.label},
                 {"settings", settings_object(arm.settings)},
                 {"n", summary.n},
                 {"diverged", summary.diverged},
                 {"failed", summary.failed},
                 {"trained", summary.trained()},
                 {"at_chance", summary.at_chance},
                 {"not_known", summary.not_known},
                 {"seeds", summary.seeds},
                 {"metrics", Json::object()}};
  for (const Metric metric : metrics) {
    object["metrics"][name(metric)] = metric_object(summary[metric], metric, summary.threshold);
  }
  return object;
}

Json contrast_object(const Contrast& contrast, const Study& study) {
  Json object = {{"baseline", study.arms[contrast.baseline].id},
                 {"arm", study.arms[contrast.arm].id},
                 {"metric", name(contrast.metric)},
                 {"n", contrast.n},
                 {"not_finite", contrast.not_finite},
                 {"comparable", contrast.comparable},
                 {"family", contrast.family},
                 {"difference", number(contrast.difference)},
                 {"ci95", interval(contrast.ci95)},
                 {"p", number(contrast.p)},
                 {"p_unadjusted", number(contrast.p_unadjusted)},
                 {"significant", contrast.significant},
                 {"superiority", nullptr}};
  if (contrast.superiority) {
    object["superiority"] = {{"probability", number(contrast.superiority->probability)},
                             {"ci95", interval(contrast.superiority->ci95)}};
  }
  return object;
}

Json trained_object(const TrainedPairs& trained, const Study& study) {
  return {{"baseline", study.arms[trained.baseline].id},
          {"arm", study.arms[trained.arm].id},
          {"n", trained.total()},
          {"both", trained.both},
          {"arm_only", trained.arm_only},
          {"baseline_only", trained.baseline_only},
          {"neither", trained.neither},
          {"difference", number(trained.difference)},
          {"ci95", interval(trained.ci95)}};
}

/// Null when the trial failed or it is not known.
Json trained(const TrialRecord& record) {
  const Learning learning = learning_of(record);
  if (learning == Learning::failed || learning == Learning::not_known) return nullptr;
  return learning == Learning::trained;
}

Json epoch_object(const EpochRecord& epoch, std::span<const Metric> metrics) {
  Json object = {{"epoch", epoch.epoch}, {"steps", epoch.steps}};
  for (const Metric metric : metrics) {
    if (const auto& of_epoch = describe(metric).of_epoch)
      object[name(metric)] = number(of_epoch(epoch));
  }
  object["seconds"] = number(epoch.seconds);
  return object;
}

Json trial_object(const TrialResult& result, const Study& study, std::span<const Metric> metrics) {
  const TrialRecord& record = result.record;
  Json object = {{"id", result.trial.id},
                 {"arm", study.arms[result.trial.arm].id},
                 {"seed", result.trial.settings.seed},
                 {"status", name(record.status)},
                 {"trained", trained(record)},
                 {"seconds", number(record.seconds)},
                 {"train_seconds", number(record.train_seconds)},
                 {"step_seconds", number(record.step_seconds)},
                 {"steps", record.steps},
                 {"epochs", Json::array()}};
  for (const Metric metric : metrics) {
    if (const auto& at_end = describe(metric).at_end) object[name(metric)] = number(at_end(record));
  }
  for (const EpochRecord& epoch : record.epochs) {
    object["epochs"].push_back(epoch_object(epoch, metrics));
  }
  if (record.divergence) {
    object["divergence"] = {{"step", record.divergence->step},
                            {"layer", record.divergence->layer},
                            {"phase", name(record.divergence->phase)}};
  }
  if (record.stopped_early) object["stopped_early"] = true;
  for (const LostStatistics& lost : record.lost_statistics) {
    object["lost_statistics"].push_back({{"layer", lost.layer}, {"updates", lost.updates}});
  }
  if (!record.error.empty()) object["error"] = record.error;
  if (!record.checkpoint.empty()) object["checkpoint"] = record.checkpoint;
  return object;
}

}  // namespace

std::string comparison_json(const Study& study, std::span<const TrialResult> results,
                            const Comparison& comparison, std::span<const DataFacts> data) {
  Json object = {{"study", study_object(study, comparison, data)},
                 {"arms", Json::array()},
                 {"contrasts", Json::array()},
                 {"trained", Json::array()},
                 {"warnings", Json::array()},
                 {"trials", Json::array()}};
  for (std::size_t arm = 0; arm < study.arms.size(); ++arm) {
    object["arms"].push_back(arm_object(study.arms[arm], comparison.arms[arm], comparison.metrics));
  }
  for (const Contrast& contrast : comparison.contrasts) {
    object["contrasts"].push_back(contrast_object(contrast, study));
  }
  for (const TrainedPairs& pairs : comparison.trained) {
    object["trained"].push_back(trained_object(pairs, study));
  }
  for (const FairnessWarning& warning : comparison.warnings) {
    object["warnings"].push_back(warning.text);
  }
  for (const TrialResult& result : results) {
    object["trials"].push_back(trial_object(result, study, comparison.metrics));
  }
  // Bytes that are not UTF-8 (a file name in a setting) must not make a finished study unreadable.
  return object.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace normlab
