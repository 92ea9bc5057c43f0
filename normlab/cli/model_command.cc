#include "normlab/cli/model_command.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "normlab/base/command_text.h"
#include "normlab/base/error.h"
#include "normlab/cli/output.h"
#include "normlab/data/load.h"
#include "normlab/lab/grid.h"
#include "normlab/lab/model_input.h"
#include "normlab/lab/setting_difference.h"
#include "normlab/lab/settings.h"
#include "normlab/lab/study_spec.h"
#include "normlab/nn/safetensors.h"

namespace normlab {
namespace {

constexpr const char* kModelExamples =
    R"(MODEL is a name, a .toml file, a list of layers or a checkpoint.

Examples:
  normlab model mlp-128-64
  normlab model "28x28x1: conv 8 3x3, norm, relu, flatten, linear 10" norm=none
  normlab model cnn-32 --data cifar10
  normlab model runs/checkpoints/0123456789ab.safetensors)";

/// What the images of most data sets here look like.
constexpr Shape kUsualInput{28, 28, 1};

struct ModelRequest {
  std::string model;
  std::vector<std::string> settings;
  std::string data;
};

struct Subject {
  ModelSpec model;
  TrialSettings settings;
};

Subject read_checkpoint(const std::string& file) {
  constexpr std::string_view kPrefix = "normlab.settings.";
  const TensorFile tensors = read_safetensors(file);
  const auto layers = tensors.metadata.find("normlab.layers");
  if (layers == tensors.metadata.end())
    fail("{}: it does not say which layers it holds: normlab did not write it", file);
  Subject subject;
  subject.model = parse_model_text(layers->second);
  subject.model.name = file;
  if (const auto input = tensors.metadata.find("normlab.input"); input != tensors.metadata.end()) {
    subject.model.input = parse_model_text(input->second + ": flatten").input;
  }
  std::map<std::string, std::string> record;
  for (const auto& [key, value] : tensors.metadata) {
    if (key.starts_with(kPrefix)) record.emplace(key.substr(kPrefix.size()), value);
  }
  subject.settings = recorded_settings(record);
  return subject;
}

Shape choose_input(const ModelSpec& model, const std::string& data_name) {
  if (data_name.empty()) return model.input.value_or(kUsualInput);
  const Dataset data = load_dataset(data_name);
  write_warnings(data.warnings);
  // A model from a file takes other inputs than it was made for: they are asked about.
  check_input(model, data);
  return {data.height, data.width, data.channels};
}

ModelSpec find_unless_study(const std::string& word) {
  if (const auto study = find_study_spec(word)) {
    fail("'{}' is a study; its model: {}", word,
         command_text(std::vector<std::string>{"normlab", "model", study->model}));
  }
  return find_model(word);
}

/// Why the setting changes nothing of what is shown; empty when it does.
std::string why_not_shown(const Subject& subject, const Setting& setting) {
  const bool is_shown =
      is_norm_setting(setting.key) || setting.key == "precision" || setting.key == "data";
  if (!is_shown) return "it is about training";
  return setting.idle(subject.settings, model_parts(to_text(subject.model)));
}

/// Writes the settings into the subject, and warns of those without effect.
void take_settings(Subject& subject, std::span<const std::string> settings) {
  check_given_once(settings);
  std::vector<Axis> axes;
  for (const std::string& setting : settings) {
    const Axis& axis = axes.emplace_back(parse_axis(setting));
    if (axis.setting->key == "model") fail("{}: the model is given already", setting);
    if (axis.values.size() > 1) fail("{}: one model is shown, so give one value", setting);
    set_setting(subject.settings, axis.setting->key, axis.values.front());
  }
  for (const Axis& axis : axes) {
    const std::string why = why_not_shown(subject, *axis.setting);
    if (!why.empty())
      write_message(
          fmt::format("normlab: warning: {} changes nothing here: {}\n", axis.setting->key, why));
  }
}

void show_model(const ModelRequest& request) {
  Subject subject;
  if (request.model.ends_with(".safetensors")) {
    subject = read_checkpoint(request.model);
  } else {
    subject.model = find_unless_study(request.model);
  }
  std::vector<std::string> settings = request.settings;
  if (!request.data.empty()) settings.push_back("data=" + request.data);
  take_settings(subject, settings);
  const bool has_data = std::ranges::any_of(
      settings, [](const std::string& setting) { return setting.starts_with("data="); });
  const NetworkOptions options{subject.settings.norm, subject.settings.redundant_bias,
                               subject.settings.precision};
  const Shape input = choose_input(subject.model, has_data ? subject.settings.data : "");
  write_output(describe_model(subject.model, input, options));
}

/// 12345678 as "12,345,678".
std::string group_digits(std::int64_t number) {
  const std::string digits = fmt::format("{}", number);
  std::string grouped;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) grouped += ',';
    grouped += digits[i];
  }
  return grouped;
}

std::string describe_norm(const NormOptions& norm) {
  if (norm.kind == NormKind::none) return "none: norm slots are empty";
  TrialSettings settings;
  settings.norm = norm;
  std::vector<std::string> parts;
  for (const char* key : {"norm", "eps", "stat_update", "running_var", "gamma", "beta"}) {
    parts.push_back(fmt::format("{}={}", key, find_setting(key).format(settings)));
  }
  return fmt::format("{}", fmt::join(parts, " "));
}

std::string indent(int depth) {
  std::string bars;
  for (int i = 0; i < depth; ++i) bars += "│ ";
  return bars;
}

std::string draw_layer(const LayerSummary& layer, std::size_t columns) {
  std::string line = fmt::format("{:<{}}  {:>12}", indent(layer.depth) + layer.label, columns,
                                 to_string(layer.output));
  if (layer.flops > 0)
    line += fmt::format("  {:>14}", group_digits(static_cast<std::int64_t>(layer.flops)));
  if (layer.fused) line += fmt::format("  {:>14}  runs inside the layer before", "");
  if (layer.kind == "residual") line += fmt::format("  {:>14}  the sum of", "");
  return line + '\n';
}

/// A line for each layer; a residual block's branches stand behind bars, one below the other, with
/// a line between them.
std::string draw_layers(const std::vector<LayerSummary>& layers, std::size_t columns) {
  using Branch = LayerSummary::Branch;
  std::string text;
  std::vector<Branch> open;  // the branches around the line at hand
  const auto close = [&](std::size_t depth) {
    for (; open.size() > depth; open.pop_back()) {
      if (open.back() != Branch::body) continue;
      text += indent(static_cast<int>(open.size()) - 1) + "├ and the block's input itself\n";
    }
  };
  for (const LayerSummary& layer : layers) {
    const auto depth = static_cast<std::size_t>(layer.depth);
    close(depth);
    if (open.size() < depth) {
      open.push_back(layer.branch);
    } else if (depth > 0 && open.back() != layer.branch) {
      open.back() = layer.branch;
      text += indent(layer.depth - 1) + "├ and\n";
    }
    text += draw_layer(layer, columns);
  }
  close(0);
  return text;
}

}  // namespace

std::string describe_model(const ModelSpec& model, const Shape& input,
                           const NetworkOptions& options) {
  const NetworkSummary summary = summarize(model, input, options, 1);
  std::size_t columns = 0;
  for (const LayerSummary& layer : summary.layers) {
    columns = std::max(columns, layer.label.size() + 2 * static_cast<std::size_t>(layer.depth));
  }
  std::string text = fmt::format("{}\n\n{:<{}}  {:>12}  {:>14}\n",
                                 model.name.empty() ? to_text(model) : model.name, "layer", columns,
                                 "output", "flops");
  text += fmt::format("{:<{}}  {:>12}\n", "input", columns, to_string(summary.input));
  text += draw_layers(summary.layers, columns);
  const auto parameter_bytes = summary.parameters * static_cast<std::int64_t>(sizeof(float));
  text += fmt::format("\nparameters   {} ({} bytes)\n", group_digits(summary.parameters),
                      group_digits(parameter_bytes));
  text += fmt::format(
      "flops        {} for the forward pass of one example, a multiply-add counted as two\n",
      group_digits(static_cast<std::int64_t>(summary.flops)));
  text += fmt::format("activations  {} bytes for one example\n",
                      group_digits(summary.activation_bytes));
  text += fmt::format("norm slots   {}, {}\n", summary.norms.size(), describe_norm(options.norm));
  return text;
}

void add_model_command(CLI::App& root) {
  CLI::App* command =
      root.add_subcommand("model", "Show a model's shapes, parameters and operations");
  const auto request = std::make_shared<ModelRequest>();
  command->add_option("MODEL", request->model)->required()->option_text("MODEL")->group("");
  command->add_option("SETTINGS", request->settings)->option_text("[key=value]...")->group("");
  command->add_option("--data", request->data, "Take the input's shape from this data set")
      ->option_text("NAME|DIR");
  command->footer(kModelExamples);
  command->callback([request] { show_model(*request); });
}

}  // namespace normlab
