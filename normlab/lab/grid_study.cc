#include "normlab/lab/grid_study.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "normlab/base/error.h"

namespace normlab {
namespace {

bool is_seed(const Axis& axis) {
  return axis.setting->key == "seed";
}

/// Calls `visit` with every combination of the axes' values but the seed's, as one index for each
/// axis; the last changes fastest.
template <class Visit>
void for_each_arm(std::span<const Axis> axes, Visit&& visit) {
  std::vector<std::size_t> index(axes.size(), 0);
  for (bool more = true; more;) {
    visit(std::as_const(index));
    more = false;
    for (std::size_t a = axes.size(); a-- > 0 && !more;) {
      if (is_seed(axes[a])) continue;
      more = ++index[a] < axes[a].values.size();
      if (!more) index[a] = 0;
    }
  }
}

std::string label_value(const Axis& axis, const std::string& value) {
  return axis.setting->key == "model" ? model_name(value) : value;
}

/// The settings that have several values; with a single arm, its norm.
std::string label_of(std::span<const Axis> axes, const std::vector<std::size_t>& index,
                     bool single_arm) {
  std::string label;
  for (std::size_t a = 0; a < axes.size(); ++a) {
    const bool differs = axes[a].values.size() > 1 && !is_seed(axes[a]);
    if (!differs && !(single_arm && axes[a].setting->key == "norm")) continue;
    label += fmt::format("{}{}={}", label.empty() ? "" : " ", axes[a].setting->key,
                         label_value(axes[a], axes[a].values[index[a]]));
  }
  return label;
}

bool is_single_arm(std::span<const Axis> axes) {
  return std::ranges::all_of(
      axes, [](const Axis& axis) { return is_seed(axis) || axis.values.size() == 1; });
}

std::string study_name(std::span<const Axis> axes) {
  std::vector<std::string> names;
  for (const std::string& model : grid_values(axes, "model")) names.push_back(model_name(model));
  return fmt::format("{}", fmt::join(names, "+"));
}

std::string study_id(const Study& study) {
  std::string ids;
  for (const Trial& trial : study.trials) ids += trial.id + '\n';
  return short_hash(ids);
}

}  // namespace

Study make_study(std::span<const Axis> axes, const ContentsOf& contents_of) {
  Study study;
  study.name = study_name(axes);
  const bool single_arm = is_single_arm(axes);
  const auto seeds = std::ranges::find_if(axes, is_seed);
  for_each_arm(axes, [&](const std::vector<std::size_t>& index) {
    Arm arm;
    arm.label = label_of(axes, index, single_arm);
    for (std::size_t a = 0; a < axes.size(); ++a)
      axes[a].setting->parse(arm.settings, axes[a].values[index[a]]);
    const TrialContents contents = contents_of(arm.settings);
    arm.id = arm_id(arm.settings, contents);
    for (const std::string& seed : seeds->values) {
      Trial trial;
      trial.arm = study.arms.size();
      trial.settings = arm.settings;
      seeds->setting->parse(trial.settings, seed);
      trial.id = trial_id(trial.settings, contents);
      study.trials.push_back(std::move(trial));
    }
    study.arms.push_back(std::move(arm));
  });
  study.id = study_id(study);
  return study;
}

Study join_groups(const std::string& name, std::span<const StudyGroup> groups) {
  Study joined;
  joined.name = name;
  std::set<std::string> ids;
  for (const StudyGroup& group : groups) {
    const std::size_t first_arm = joined.arms.size();
    for (Arm arm : group.study.arms) {
      if (!ids.insert(arm.id).second) {
        fail("{}: the arm '{}' of group '{}' has the same settings as an arm before it", name,
             arm.label, group.label);
      }
      if (!group.label.empty()) {
        arm.label = group.study.arms.size() == 1 ? group.label : group.label + " " + arm.label;
      }
      joined.arms.push_back(std::move(arm));
    }
    for (Trial trial : group.study.trials) {
      trial.arm += first_arm;
      joined.trials.push_back(std::move(trial));
    }
  }
  joined.id = study_id(joined);
  return joined;
}

std::string model_name(const std::string& model) {
  if (model.ends_with(".toml")) return std::filesystem::path(model).stem().string();
  const bool is_list = model.find_first_of(" ,:") != std::string::npos;
  return is_list ? fmt::format("layers-{}", short_hash(model).substr(0, 6)) : model;
}

std::vector<std::string> warn_of_idle_settings(std::span<const Axis> axes, const Study& study) {
  std::vector<std::string> warnings;
  for (const Axis& axis : axes) {
    if (!axis.given) continue;
    std::size_t idle_arms = 0;
    std::string reason;
    for (const Arm& arm : study.arms) {
      const std::string why = axis.setting->idle(arm.settings);
      if (why.empty()) continue;
      ++idle_arms;
      reason = why;
    }
    if (idle_arms == study.arms.size()) {
      warnings.push_back(fmt::format("{} has no effect: {}", axis.setting->key, reason));
    } else if (idle_arms > 0 && axis.values.size() > 1) {
      warnings.push_back(fmt::format("{} has no effect in {} of {} arms, which train the same: {}",
                                     axis.setting->key, idle_arms, study.arms.size(), reason));
    }
  }
  return warnings;
}

}  // namespace normlab
