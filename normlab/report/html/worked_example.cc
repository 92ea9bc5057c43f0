#include "normlab/report/html/worked_example.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "normlab/base/moments.h"
#include "normlab/report/html/arms.h"
#include "normlab/report/html/probed_trials.h"
#include "normlab/report/number_text.h"

namespace normlab {
namespace {

constexpr std::size_t kRowsShown = 3;

struct Line {
  std::string name;
  std::string text;
};

/// Four significant digits, a real minus sign.
std::string shown(double value) {
  std::string text = fmt::format("{:.4g}", value);
  return text.starts_with('-') ? "−" + text.substr(1) : text;
}

/// A factor or a term of a sum: negative numbers in brackets.
std::string term(double value) {
  return value < 0 ? "(" + shown(value) + ")" : shown(value);
}

double input_at(const NormExample& example, std::size_t row) {
  return static_cast<double>(example.x[row]);
}

/// "0.81 + 1.02 + (−0.3) + …" over the rows that are shown.
template <class Of>
std::string sum_of(std::size_t shown_rows, bool more, Of&& of) {
  std::string text;
  for (std::size_t row = 0; row < shown_rows; ++row) text += (row > 0 ? " + " : "") + of(row);
  return more ? text + " + …" : text;
}

std::string next_ones(const std::vector<double>& values) {
  std::string text;
  for (std::size_t row = 1; row < values.size(); ++row) {
    text += (row == 1 ? "; the next: " : ", ") + shown(values[row]);
  }
  return text;
}

Json formula(const char* name, std::string caption, const std::vector<Line>& lines) {
  Json block = {{"kind", "formula"},
                {"name", name},
                {"caption", std::move(caption)},
                {"lines", Json::array()}};
  for (const Line& line : lines) {
    block["lines"].push_back({{"name", line.name}, {"text", line.text}});
  }
  return block;
}

std::vector<Line> training_lines(const NormExample& example) {
  const WorkedExample worked = work_through(example);
  const std::size_t rows = worked.normalized.size();
  const bool more = static_cast<std::int64_t>(rows) < example.rows;
  const std::string m = grouped(example.rows);
  const double first = input_at(example, 0);
  const std::string mean = shown(worked.mean);
  return {
      {"mean", fmt::format("({}) / {} = {}",
                           sum_of(rows, more,
                                  [&](std::size_t row) { return term(input_at(example, row)); }),
                           m, mean)},
      {"variance", fmt::format("({}) / {} = {}",
                               sum_of(rows, more,
                                      [&](std::size_t row) {
                                        return fmt::format("({} − {})²",
                                                           shown(input_at(example, row)),
                                                           term(worked.mean));
                                      }),
                               m, shown(worked.variance))},
      {"normalized", fmt::format("({} − {}) / √({} + {:g}) = {}{}", shown(first), term(worked.mean),
                                 shown(worked.variance), static_cast<double>(example.eps),
                                 shown(worked.normalized[0]), next_ones(worked.normalized))},
      {"scaled and shifted",
       fmt::format("{} · {} + {} = {}{}", term(static_cast<double>(example.gamma)),
                   term(worked.normalized[0]), term(static_cast<double>(example.beta)),
                   shown(worked.outputs[0]), next_ones(worked.outputs))}};
}

std::vector<Line> evaluation_lines(const NormExample& example) {
  const WorkedExample worked = work_through(example);
  const double mean = static_cast<double>(example.running_mean);
  const double variance = static_cast<double>(example.running_var);
  return {
      {"running mean", fmt::format("{}, where this batch has {}", shown(mean), shown(worked.mean))},
      {"running variance",
       fmt::format("{}, where this batch has {}", shown(variance), shown(worked.variance))},
      {"output", fmt::format("{} · ({} − {}) / √({} + {:g}) + {} = {}{}",
                             term(static_cast<double>(example.gamma)), shown(input_at(example, 0)),
                             term(mean), shown(variance), static_cast<double>(example.eps),
                             term(static_cast<double>(example.beta)), shown(worked.evaluated[0]),
                             next_ones(worked.evaluated))},
      {"against training", fmt::format("{} instead of {}{}", shown(worked.evaluated[0]),
                                       shown(worked.outputs[0]), next_ones(worked.outputs))}};
}

const TrialResult* trial_with_example(const ReportInput& input) {
  for (const TrialResult* result : probed_trials(input)) {
    if (!result->record.probe->example.x.empty()) return result;
  }
  return nullptr;
}

}  // namespace

WorkedExample work_through(const NormExample& example) {
  WorkedExample worked;
  worked.mean = example.batch_mean;
  worked.variance = example.batch_var;
  if (static_cast<std::int64_t>(example.x.size()) == example.rows) {
    const std::vector<double> inputs(example.x.begin(), example.x.end());
    const Moments moments = moments_of(inputs);
    worked.mean = moments.mean;
    worked.variance = moments.biased_variance();
  }
  const auto eps = static_cast<double>(example.eps);
  const auto gamma = static_cast<double>(example.gamma);
  const auto beta = static_cast<double>(example.beta);
  const double deviation = std::sqrt(worked.variance + eps);
  const double running_deviation = std::sqrt(static_cast<double>(example.running_var) + eps);
  for (std::size_t row = 0; row < std::min(example.x.size(), kRowsShown); ++row) {
    const double x = input_at(example, row);
    worked.normalized.push_back((x - worked.mean) / deviation);
    worked.outputs.push_back(gamma * worked.normalized.back() + beta);
    worked.evaluated.push_back(
        gamma * (x - static_cast<double>(example.running_mean)) / running_deviation + beta);
  }
  return worked;
}

Json training_formula(const NormExample* example) {
  return formula(
      "batch_norm_training",
      "In training, each channel is normalized by the mean and variance of its own batch; m is how "
      "many numbers of the channel the batch has.",
      example == nullptr ? std::vector<Line>{} : training_lines(*example));
}

Json evaluation_formula(const NormExample* example) {
  return formula(
      "batch_norm_evaluation",
      "In evaluation, running averages that were gathered during training take the place "
      "of the batch's mean and variance, so that an image's answer does not depend on "
      "the images beside it.",
      example == nullptr ? std::vector<Line>{} : evaluation_lines(*example));
}

Json explanation(const ReportInput& input) {
  const bool normalizes = std::ranges::any_of(
      input.study.arms, [](const Arm& arm) { return arm.settings.norm.kind == NormKind::batch; });
  if (!normalizes) return section("explanation", "", {});
  const TrialResult* trial = trial_with_example(input);
  const NormExample* example = trial == nullptr ? nullptr : &trial->record.probe->example;
  std::vector<Json> blocks = {
      text_block("A layer of a network works on the outputs of the layer before it. While that one "
                 "learns, the size and the centre of its outputs drift, and the later layer has to "
                 "follow. Batch normalization sits between the two: for every channel it subtracts "
                 "the batch's mean and divides by the batch's standard deviation, so that what "
                 "arrives has mean 0 and variance 1. Two learned numbers per channel, gamma and "
                 "beta, then give the network back the freedom to choose another scale and centre. "
                 "A small number, eps, keeps the root away from zero."),
      training_formula(example)};
  blocks.push_back(text_block(
      "Because mean and variance come from the batch, the gradient flows through them too: making "
      "all inputs of a channel larger changes nothing, so steps in that direction are removed. "
      "And because each batch has its own mean and variance, the same image gets slightly "
      "different outputs in different batches, which acts like noise."));
  blocks.push_back(evaluation_formula(example));
  if (example != nullptr) {
    blocks.push_back(text_block(fmt::format(
        "The numbers are those of channel {} of layer {} at the end of training, in the trial of "
        "{} with seed {}; the batch is the probe's. They are shown with four digits and worked out "
        "with all.",
        example->channel, example->layer, arm_label(input.study, trial->trial.arm),
        trial->trial.settings.seed)));
  }
  return section("explanation", "What batch normalization computes", std::move(blocks));
}

}  // namespace normlab
