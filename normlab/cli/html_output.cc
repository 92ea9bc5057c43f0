#include "normlab/cli/html_output.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "normlab/base/error.h"
#include "normlab/cli/environment.h"
#include "normlab/data/known_sets.h"
#include "normlab/data/load.h"
#include "normlab/nn/network.h"
#include "normlab/report/html/document.h"
#include "normlab/report/html/page.h"
#include "normlab/report/page_template.h"
#include "normlab/store/study_command.h"

namespace normlab {
namespace {

/// The first arm whose norm slots are filled shows more than one whose slots are empty.
const TrialSettings& settings_to_draw(const Study& study) {
  const auto found = std::ranges::find_if(
      study.arms, [](const Arm& arm) { return arm.settings.norm.kind != NormKind::none; });
  return found == study.arms.end() ? study.arms.front().settings : found->settings;
}

/// Without layers when the model's file is gone or its input is not known.
ReportModel describe_layers(const Study& study, const Dataset* data) {
  const TrialSettings& settings = settings_to_draw(study);
  ReportModel drawn;
  drawn.name = settings.model;
  try {
    const ModelSpec spec = find_model(settings.model);
    if (data == nullptr && !spec.input) return drawn;
    const Shape input =
        data == nullptr ? *spec.input : Shape{data->height, data->width, data->channels};
    const NetworkSummary summary =
        summarize(spec, input, {settings.norm, settings.redundant_bias, settings.precision}, 1);
    drawn.input = to_string(input);
    drawn.parameters = summary.parameters;
    for (const LayerSummary& layer : summary.layers) {
      drawn.layers.push_back({.text = layer.label,
                              .shape = to_string(layer.output),
                              .parameters = layer.parameters,
                              .norm_slot = layer.kind == "norm",
                              .depth = layer.depth,
                              .in_shortcut = layer.branch == LayerSummary::Branch::shortcut});
    }
  } catch (const RequestError&) {
    drawn.layers.clear();
  }
  return drawn;
}

ReportImages images_of(const Dataset& data) {
  return {.width = data.width,
          .height = data.height,
          .channels = data.channels,
          .class_names = data.class_names,
          .train = {data.train.pixels, data.train.labels},
          .test = {data.test.pixels, data.test.labels}};
}

/// What the reader may do about data that cannot be read; no path of this machine.
std::string how_to_find(const std::string& setting, const std::string& name) {
  const std::string problem =
      fmt::format("the data set {} could not be read where this report was made", name);
  if (setting.find('/') != std::string::npos) {
    return problem + "; bring back the folder that the study was given and write the report again";
  }
  const std::string fetch =
      find_known_set(setting) == nullptr
          ? ""
          : fmt::format(", or fetch it with `normlab data fetch {}`,", setting);
  return fmt::format(
      "{}; set NORMLAB_DATA to the folder that holds {}{} and write the report again", problem,
      setting, fetch);
}

/// The data of the study's first arm, if it is still what the study ran on.
std::shared_ptr<const Dataset> find_images(const ReportInput& input, const FindDataset& find,
                                           std::string& missing) {
  const std::string& setting = input.study.arms.front().settings.data;
  const std::string name = input.data.empty() ? "of the study" : input.data.front().name;
  try {
    std::shared_ptr<const Dataset> data = find(setting);
    if (input.data.empty() || data->sha256 == input.data.front().sha256) return data;
    missing = fmt::format("what is found as {} now is not the data that the study ran on", name);
  } catch (const Error&) {
    missing = how_to_find(setting, name);
  }
  return nullptr;
}

}  // namespace

void add_insights(Store& store, std::vector<TrialResult>& results) {
  std::vector<TrialResult*> order;
  for (TrialResult& result : results) order.push_back(&result);
  std::ranges::stable_sort(order, {}, [](const TrialResult* result) {
    return std::tuple(result->trial.arm, result->record.status != TrialStatus::done,
                      result->trial.settings.seed);
  });
  const TrialResult* probed = nullptr;
  const TrialResult* predicted = nullptr;
  const auto is_of_arm = [](const TrialResult* found, const TrialResult& result) {
    return found != nullptr && found->trial.arm == result.trial.arm;
  };
  for (TrialResult* result : order) {
    if (!is_of_arm(probed, *result)) {
      result->record.probe = store.find_probe(result->trial.id);
      if (result->record.probe) probed = result;
    }
    if (!is_of_arm(predicted, *result)) {
      result->record.predictions = store.find_predictions(result->trial.id);
      if (result->record.predictions) predicted = result;
    }
  }
}

std::shared_ptr<const Dataset> read_dataset(const std::string& name) {
  return std::make_shared<const Dataset>(load_dataset(name));
}

bool has_report_page() {
  return !report_page_template().empty();
}

std::string study_html(ReportInput input, std::vector<std::string> environments,
                       const FindDataset& find_dataset) {
  if (!has_report_page()) {
    fail(
        "this program was built without the report's page (NORMLAB_WEB=OFF): write .md, .tex, .csv "
        "or .json instead");
  }
  const auto data = find_images(input, find_dataset, input.images_missing);
  if (data) input.images = images_of(*data);
  input.model = describe_layers(input.study, data.get());
  input.environments = std::move(environments);
  return html_report(report_document(input), report_page_template());
}

ReportInput report_input(const StoredStudy& stored, std::vector<TrialResult> results,
                         Comparison comparison) {
  ReportInput input;
  input.study = stored.study;
  input.title = stored.title;
  input.questions = stored.questions;
  input.results = std::move(results);
  input.comparison = std::move(comparison);
  input.data = stored.data;
  input.command = run_again_command(stored);
  input.started_at = stored.started_at;
  input.generator = "normlab " + program_version();
  return input;
}

}  // namespace normlab
