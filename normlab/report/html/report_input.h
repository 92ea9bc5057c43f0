#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "normlab/base/label.h"
#include "normlab/lab/comparison.h"
#include "normlab/lab/data_facts.h"
#include "normlab/lab/trial.h"

namespace normlab {

/// Labelled images as bytes, rows first, channels last: image i is pixels[i * image size, ...).
struct LabelledImages {
  std::span<const std::uint8_t> pixels;
  std::span<const Label> labels;
};

/// What a report shows of a data set: it must outlive the report's making.
struct ReportImages {
  int width = 0;
  int height = 0;
  int channels = 1;  ///< 1 or 3
  std::vector<std::string> class_names;
  LabelledImages train;
  LabelledImages test;  ///< in the order of Predictions
};

/// The class's name, or its number where there is none.
inline std::string class_name(const ReportImages& images, std::size_t label) {
  return label < images.class_names.size() ? images.class_names[label] : std::to_string(label);
}

/// One line of the model's drawing.
struct ReportLayer {
  std::string text;   ///< "2: norm"
  std::string shape;  ///< of its output, "128"
  std::int64_t parameters = 0;
  bool norm_slot = false;
  int depth = 0;             ///< residual blocks around it
  bool in_shortcut = false;  ///< of the innermost block; else in its body
};

/// The model of the study's first arm whose norm slots are filled, or of its first arm.
struct ReportModel {
  std::string name;
  std::string input;  ///< "28x28x1"
  std::vector<ReportLayer> layers;
  std::int64_t parameters = 0;
};

/// Everything that a report is made of. `comparison` must be that of `study` and `results`.
struct ReportInput {
  Study study;
  std::string title;                   ///< may be empty
  std::vector<std::string> questions;  ///< may be empty
  std::vector<TrialResult> results;
  Comparison comparison;
  std::vector<DataFacts> data;            ///< one for each data set; the first is the one drawn
  std::optional<ReportImages> images;     ///< of the first data set
  std::string images_missing;             ///< why there are none, as a clause
  ReportModel model;                      ///< without layers: it is left out
  std::vector<std::string> environments;  ///< JSON objects as text, each once
  std::string command;                    ///< that runs it again, for a shell
  std::string started_at;                 ///< UTC
  std::string generator;                  ///< "normlab 0.1.0"
};

}  // namespace normlab
