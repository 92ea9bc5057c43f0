#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "normlab/lab/grid.h"
#include "normlab/lab/metric.h"

namespace normlab {

/// Settings as written, in order: key and values in the grid's grammar (lab/grid.h).
using WrittenSettings = std::vector<std::pair<std::string, std::string>>;

/// A study as a file in presets/studies/ has it:
///
///     name      = "batch-size-mlp"
///     title     = "..."      one line
///     questions = ["..."]    what it is to answer
///     source    = "..."      where its settings come from, defaults of frameworks included
///     model     = "mlp-128-64"
///     primary   = "..."      optional: the metric that decides it (lab/metric.h), otherwise
///                            validation_accuracy
///
///     [settings]             of all arms, values and lists as on the command line
///     norm = "none,batch"
///
///     [[arms]]               optional: arms that differ in several settings at once; each is a
///     label    = "..."       grid of its own over the settings above, the first is the baseline
///     settings = { norm = "batch", lr = "0.1" }     (model = "..." as well)
///
///     [smoke]                settings of the short variant that tests run
///     steps = "20"
struct StudySpec {
  struct ArmGroup {
    std::string label;
    WrittenSettings settings;
  };

  std::string name;
  std::string title;
  std::vector<std::string> questions;
  std::string source;
  std::string model;
  WrittenSettings settings;
  std::vector<ArmGroup> arms;
  WrittenSettings smoke;
  Metric primary = Metric::validation_accuracy;  ///< what it is decided by
};

/// `origin` is what messages call the text. Throws RequestError with the line or the key that is
/// wrong.
StudySpec parse_study_toml(std::string_view text, std::string_view origin);

/// The study of that name that comes with the program, or in the file `word` when that ends in
/// .toml and its keys are more like a study's than like a model's. Absent when there is none.
/// Throws RequestError for a file that is no TOML or like neither.
std::optional<StudySpec> find_study_spec(const std::string& word);

/// Names of the studies that come with the program.
std::vector<std::string> study_names();

/// The requests, `key=value` each, that make up the study: one for each group of arms, one when
/// there are none. What `overrides` gives (key=value as well) takes the place of what the study
/// says. Throws RequestError for an override given twice, or of the model.
std::vector<std::vector<std::string>> study_requests(const StudySpec& spec,
                                                     std::span<const std::string> overrides,
                                                     bool smoke);

/// The grid of one of them: of the study's model, unless the request has one of its own. Throws as
/// parse_grid does.
std::vector<Axis> request_grid(const StudySpec& spec, std::span<const std::string> request);

}  // namespace normlab
