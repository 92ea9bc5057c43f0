#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "normlab/lab/grid.h"
#include "normlab/lab/trial.h"
#include "normlab/lab/trial_id.h"

namespace normlab {

/// Looks up what the settings name. Called for every combination of settings.
using ContentsOf = std::function<TrialContents(const TrialSettings&)>;

/// A grid as a study, and what to say of it.
struct GridStudy {
  Study study;
  /// A sentence for each setting that has no effect on the model beside the other settings: those
  /// that were given and act in no arm, and those whose values would have made arms that train the
  /// same.
  std::vector<std::string> warnings;
};

/// Every combination of the axes that trains something of its own: arms in the order of the axes,
/// the last one but the seed changing fastest, and the seeds within each arm. Of arms that differ
/// in nothing but settings without effect there is the first alone, and where a model has no norm
/// slots its norm is `none`. An arm's label has the settings that tell it from the others, and no
/// two are alike (lab/model_labels.h); the study is named after its models. Throws what
/// `contents_of` throws.
GridStudy make_study(std::span<const Axis> axes, const ContentsOf& contents_of);

/// One group of arms of a study: a grid of its own.
struct StudyGroup {
  std::string label;  ///< put in front of its arms' labels; may be empty
  Study study;
};

/// One study of all groups' arms, in order; the first arm of the first group is the baseline.
/// Throws RequestError when an arm is in two groups, or two arms have the same label.
Study join_groups(const std::string& name, std::span<const StudyGroup> groups);

}  // namespace normlab
