#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "normlab/lab/grid.h"
#include "normlab/lab/trial.h"
#include "normlab/lab/trial_id.h"

namespace normlab {

/// Looks up what the settings name. Called once for each arm.
using ContentsOf = std::function<TrialContents(const TrialSettings&)>;

/// Every combination of the axes: arms in the order of the axes, the last one but the seed changing
/// fastest, and the seeds within each arm. An arm's label has the settings in which the arms
/// differ; the study is named after its models. Throws what `contents_of` throws.
Study make_study(std::span<const Axis> axes, const ContentsOf& contents_of);

/// One group of arms of a study: a grid of its own.
struct StudyGroup {
  std::string label;  ///< put in front of its arms' labels; may be empty
  Study study;
};

/// One study of all groups' arms, in order; the first arm of the first group is the baseline.
/// Throws RequestError when an arm is in two groups.
Study join_groups(const std::string& name, std::span<const StudyGroup> groups);

/// A short name for a model given as a name, a file or a list of layers: "mlp-128-64", or "layers-"
/// and a hash.
std::string model_name(const std::string& model);

/// Advice on settings that were given and do nothing: in no arm, or (for settings with several
/// values) in some arms, which then train the same. One sentence each.
std::vector<std::string> warn_of_idle_settings(std::span<const Axis> axes, const Study& study);

}  // namespace normlab
