#include "normlab/lab/study_plan.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "normlab/base/error.h"
#include "normlab/base/hash.h"
#include "normlab/base/suggest.h"
#include "normlab/lab/grid_study.h"
#include "normlab/lab/model_input.h"
#include "normlab/lab/study_spec.h"
#include "normlab/nn/model_spec.h"
#include "normlab/train/trial_plan.h"
#include "normlab/train/trial_runner.h"

namespace normlab {
namespace {

/// Reads what settings name, each thing once.
class ContentsReader {
 public:
  explicit ContentsReader(const Datasets& datasets) : datasets_(datasets) {}

  TrialContents read(const TrialSettings& settings) {
    return {.model = once(models_, settings.model,
                          [](const std::string& model) { return to_text(find_model(model)); }),
            .data = datasets_.at(settings.data).sha256,
            .init = settings.init.method == InitMethod::file
                        ? once(files_, settings.init.file, hash_file)
                        : ""};
  }

 private:
  using Cache = std::map<std::string, std::string>;

  static std::string hash_file(const std::string& file) {
    try {
      return file_sha256_hex(file);
    } catch (const Error& error) {
      fail("init={}: {}", file, error.what());
    }
  }

  template <class Read>
  static const std::string& once(Cache& cache, const std::string& name, Read&& read) {
    const auto found = cache.find(name);
    return found != cache.end() ? found->second : cache.emplace(name, read(name)).first->second;
  }

  const Datasets& datasets_;
  Cache models_;
  Cache files_;
};

/// With several splits of one data set, the numbers are those of the first arm.
std::vector<DataFacts> data_facts(const Study& study, const Datasets& datasets) {
  std::vector<DataFacts> facts;
  std::vector<std::string> seen;
  for (const Arm& arm : study.arms) {
    if (std::ranges::find(seen, arm.settings.data) != seen.end()) continue;
    seen.push_back(arm.settings.data);
    const Dataset& data = datasets.at(arm.settings.data);
    const TrialPlan plan = plan_trial(arm.settings, data);
    facts.push_back({.name = data.name,
                     .sha256 = data.sha256,
                     .synthetic = data.synthetic,
                     .train = plan.train_examples,
                     .validation = plan.validation_examples,
                     .test = data.test.size()});
  }
  return facts;
}

std::vector<TrialCost> costs_of(const Study& study, const Datasets& datasets) {
  std::vector<TrialCost> costs;
  for (const Arm& arm : study.arms) {
    const Dataset& data = datasets.at(arm.settings.data);
    costs.push_back(trial_cost(plan_trial(arm.settings, data), data));
  }
  return costs;
}

/// What the study's file says is not the user's doing: warnings are about the rest.
void mark_given(std::vector<Axis>& axes, std::span<const std::string> settings) {
  for (Axis& axis : axes) {
    axis.given = std::ranges::any_of(settings, [&](const std::string& setting) {
      return setting.starts_with(axis.setting->key + "=");
    });
  }
}

/// A single word that is neither a model nor a study: which of both there are.
void check_subject(const std::string& subject) {
  const bool is_word = subject.find_first_of(" ,:/") == std::string::npos;
  const std::vector<std::string> models = model_names();
  if (!is_word || subject.empty() || subject.ends_with(".toml")) return;
  if (std::ranges::find(models, subject) != models.end()) return;
  const std::vector<std::string> studies = study_names();
  std::vector<std::string> known = models;
  known.insert(known.end(), studies.begin(), studies.end());
  fail(
      "'{}' is neither a model nor a study{}\nModels: {}\nStudies: {}\nOr give a .toml file, or "
      "layers: \"flatten, linear 10\"",
      subject, suggestion(subject, known), fmt::join(models, ", "), fmt::join(studies, ", "));
}

void check_inputs(PlannedStudy& plan, std::span<const std::vector<Axis>> grids) {
  for (const auto& axes : grids) {
    for (const std::string& model : grid_values(axes, "model")) {
      for (const std::string& data : grid_values(axes, "data")) {
        std::string warning = check_input(find_model(model), plan.datasets.at(data));
        const bool is_new = std::ranges::find(plan.warnings, warning) == plan.warnings.end();
        if (!warning.empty() && is_new) plan.warnings.push_back(std::move(warning));
      }
    }
  }
}

/// Models are looked for first, as data takes longer to read.
void load_data(PlannedStudy& plan, std::span<const std::vector<Axis>> grids,
               const std::function<Dataset(const std::string&)>& load) {
  std::vector<std::string> names;
  for (const auto& axes : grids) {
    for (const std::string& name : grid_values(axes, "model")) find_model(name);
    std::ranges::copy(grid_values(axes, "data"), std::back_inserter(names));
  }
  plan.datasets = load_datasets(names, load);
  for (const auto& [name, data] : plan.datasets) {
    std::ranges::copy(data.warnings, std::back_inserter(plan.warnings));
  }
}

Metric named_by_option(const std::string& primary) {
  try {
    return primary_named(primary);
  } catch (const RequestError& error) {
    fail("--primary: {}", error.what());
  }
}

}  // namespace

std::vector<double> reference_seconds(const PlannedStudy& plan) {
  std::vector<double> seconds;
  for (const Trial& trial : plan.study.trials)
    seconds.push_back(plan.costs[trial.arm].reference_seconds);
  return seconds;
}

PlannedStudy plan_study(const std::string& subject, std::span<const std::string> settings,
                        const PlanOptions& options) {
  const std::optional<StudySpec> spec = find_study_spec(subject);
  if (!spec && options.smoke)
    fail("--smoke: '{}' is not a study; known studies: {}", subject,
         fmt::join(study_names(), ", "));
  PlannedStudy plan;
  std::vector<std::vector<Axis>> grids;
  if (spec) plan.primary = spec->primary;
  if (!options.primary.empty()) plan.primary = named_by_option(options.primary);
  if (spec) {
    plan.title = spec->title;
    plan.questions = spec->questions;
    for (const auto& request : study_requests(*spec, settings, options.smoke)) {
      grids.push_back(request_grid(*spec, request));
      mark_given(grids.back(), settings);
    }
  } else {
    check_subject(subject);
    grids.push_back(parse_grid(subject, settings));
  }
  load_data(plan, grids, options.load);
  check_inputs(plan, grids);

  ContentsReader contents(plan.datasets);
  const auto contents_of = [&](const TrialSettings& arm) { return contents.read(arm); };
  std::vector<StudyGroup> groups;
  for (std::size_t i = 0; i < grids.size(); ++i) {
    const bool labelled = spec && !spec->arms.empty();
    GridStudy grid = make_study(grids[i], contents_of);
    std::ranges::move(grid.warnings, std::back_inserter(plan.warnings));
    groups.push_back({labelled ? spec->arms[i].label : "", std::move(grid.study)});
  }
  plan.study = join_groups(spec ? spec->name : groups.front().study.name, groups);
  std::ranges::copy(check_study(plan.study, plan.datasets, check_trial),
                    std::back_inserter(plan.warnings));
  plan.data = data_facts(plan.study, plan.datasets);
  plan.costs = costs_of(plan.study, plan.datasets);
  return plan;
}

}  // namespace normlab
