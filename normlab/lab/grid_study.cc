#include "normlab/lab/grid_study.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "normlab/base/error.h"
#include "normlab/lab/model_labels.h"

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

/// A combination of the axes' values but the seed's.
struct Combination {
  std::vector<std::size_t> index;  ///< for each axis, into its values
  TrialSettings settings;
  TrialContents contents;
  ModelParts model;

  const std::string& value(const Axis& axis, std::size_t position) const {
    return axis.values[index[position]];
  }
  std::string why_idle(const Setting& setting) const { return setting.idle(settings, model); }
};

std::vector<Combination> combine(std::span<const Axis> axes, const ContentsOf& contents_of) {
  std::vector<Combination> combinations;
  for_each_arm(axes, [&](const std::vector<std::size_t>& index) {
    Combination& added = combinations.emplace_back();
    added.index = index;
    for (std::size_t a = 0; a < axes.size(); ++a)
      axes[a].setting->parse(added.settings, added.value(axes[a], a));
    added.contents = contents_of(added.settings);
    added.model = model_parts(added.contents.model);
    // With and without are the same here, and whoever reads the settings must see no difference.
    if (!added.model.norm_slots) added.settings.norm.kind = NormKind::none;
  });
  return combinations;
}

/// The first of those that train the same.
std::vector<Combination> choose_arms(std::span<const Combination> combinations) {
  std::vector<Combination> arms;
  std::set<std::vector<std::pair<std::string, std::string>>> seen;
  for (const Combination& combination : combinations) {
    if (seen.insert(list_settings(without_idle(combination.settings, combination.model))).second)
      arms.push_back(combination);
  }
  return arms;
}

/// As a label has the axis' value of that place.
std::string written(const Axis& axis, std::size_t place) {
  const bool is_model = axis.setting->key == "model";
  return fmt::format("{}={}", axis.setting->key,
                     is_model ? model_labels(axis.values)[place] : axis.values[place]);
}

/// The settings that have several values and an effect; a single arm is called by its norm, or by
/// its model if that has no place for one.
std::string label_of(std::span<const Axis> axes, const Combination& arm, bool single_arm) {
  const auto tells = [&](const Axis& axis) {
    if (is_seed(axis)) return false;
    if (!single_arm) return axis.values.size() > 1 && arm.why_idle(*axis.setting).empty();
    return axis.setting->key == (arm.model.norm_slots ? "norm" : "model");
  };
  std::vector<std::string> words;
  for (std::size_t a = 0; a < axes.size(); ++a) {
    if (tells(axes[a])) words.push_back(written(axes[a], arm.index[a]));
  }
  return fmt::format("{}", fmt::join(words, " "));
}

/// " where norm=none": the values of one axis that decide whether the setting has an effect.
std::string where_idle(std::span<const Axis> axes, const Setting& setting,
                       std::span<const Combination> combinations) {
  for (std::size_t a = 0; a < axes.size(); ++a) {
    std::vector<std::string> idle;
    std::set<std::string> acting;
    for (const Combination& combination : combinations) {
      const std::string word = written(axes[a], combination.index[a]);
      if (combination.why_idle(setting).empty()) {
        acting.insert(word);
      } else if (std::ranges::find(idle, word) == idle.end()) {
        idle.push_back(word);
      }
    }
    const auto acts = [&](const std::string& word) { return acting.contains(word); };
    if (std::ranges::none_of(idle, acts)) return fmt::format(" where {}", fmt::join(idle, ", "));
  }
  return " in some arms";
}

std::vector<std::string> warn_of_idle_settings(std::span<const Axis> axes,
                                               std::span<const Combination> combinations) {
  std::vector<std::string> warnings;
  for (const Axis& axis : axes) {
    std::size_t idle = 0;
    std::string reason;
    for (const Combination& combination : combinations) {
      const std::string why = combination.why_idle(*axis.setting);
      if (why.empty()) continue;
      ++idle;
      reason = why;
    }
    const bool merges_arms = axis.values.size() > 1;
    const bool everywhere = idle == combinations.size();
    if (idle == 0 || !(merges_arms || (axis.given && everywhere))) continue;
    warnings.push_back(fmt::format("{} has no effect{}: {}", axis.setting->key,
                                   everywhere ? "" : where_idle(axes, *axis.setting, combinations),
                                   reason));
    if (merges_arms)
      warnings.back() += "; arms that differ in it alone train the same, so one of them is run";
  }
  return warnings;
}

std::string study_name(std::span<const Axis> axes) {
  return fmt::format("{}", fmt::join(model_labels(grid_values(axes, "model")), "+"));
}

std::string study_id(const Study& study) {
  std::string ids;
  for (const Trial& trial : study.trials) ids += trial.id + '\n';
  return short_hash(ids);
}

}  // namespace

GridStudy make_study(std::span<const Axis> axes, const ContentsOf& contents_of) {
  const std::vector<Combination> combinations = combine(axes, contents_of);
  const std::vector<Combination> arms = choose_arms(combinations);
  const auto seeds = std::ranges::find_if(axes, is_seed);
  Study study;
  study.name = study_name(axes);
  for (const Combination& combination : arms) {
    for (const std::string& seed : seeds->values) {
      Trial trial{.id = "", .arm = study.arms.size(), .settings = combination.settings};
      seeds->setting->parse(trial.settings, seed);
      trial.id = trial_id(trial.settings, combination.contents);
      study.trials.push_back(std::move(trial));
    }
    study.arms.push_back({.id = arm_id(combination.settings, combination.contents),
                          .label = label_of(axes, combination, arms.size() == 1),
                          .settings = combination.settings});
  }
  study.id = study_id(study);
  return {std::move(study), warn_of_idle_settings(axes, combinations)};
}

Study join_groups(const std::string& name, std::span<const StudyGroup> groups) {
  Study joined;
  joined.name = name;
  std::set<std::string> ids;
  std::set<std::string> labels;
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
      if (!labels.insert(arm.label).second) {
        fail("{}: two arms are called '{}': give their groups labels that differ", name, arm.label);
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

}  // namespace normlab
