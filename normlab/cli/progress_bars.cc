#include "normlab/cli/progress_bars.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace normlab {
namespace {

constexpr int kWidestLabel = 40;
constexpr int kWidestBar = 24;
constexpr int kNarrowestBar = 5;
constexpr std::string_view kGap = "  ";

/// A piece of a line. The higher the rank, the sooner it goes when room is short.
struct Field {
  std::string text;
  int rank = 0;
};

double share_done(const ArmProgress& arm) {
  const auto trials = static_cast<double>(arm.trials);
  const double partial = arm.steps_per_trial > 0 ? static_cast<double>(arm.running_steps) /
                                                       static_cast<double>(arm.steps_per_trial)
                                                 : 0;
  return trials > 0 ? std::min(1.0, (static_cast<double>(arm.ended) + partial) / trials) : 0;
}

constexpr std::string_view kRed = "31";
constexpr std::string_view kGreen = "32";
constexpr std::string_view kCyan = "36";

/// A line before its width is known.
struct Line {
  std::string label;
  double share = 0;
  std::string_view colour;
  std::vector<Field> fields;
};

std::string draw_bar(const Line& line, int columns, bool colours) {
  const int full = static_cast<int>(line.share * columns);
  std::string bar;
  for (int i = 0; i < full; ++i) bar += "█";
  for (int i = full; i < columns; ++i) bar += "░";
  return colours ? fmt::format("\x1b[{}m{}\x1b[0m", line.colour, bar) : bar;
}

std::string left_text(const std::optional<double>& seconds) {
  return seconds ? fmt::format("{:>5} left", format_duration(*seconds)) : std::string(10, ' ');
}

std::string count_text(std::size_t ended, std::size_t trials) {
  return fmt::format("{:>{}}/{}", ended, fmt::formatted_size("{}", trials), trials);
}

/// Fields keep their place and width from one drawing to the next, so that nothing jumps.
std::vector<Field> fields_of(const ArmProgress& arm) {
  std::vector<Field> fields;
  fields.push_back({count_text(arm.ended, arm.trials), 0});
  if (arm.running == 0 && arm.ended == 0) return fields;
  fields.push_back({arm.epochs > 0 ? fmt::format("epoch {}/{}", arm.epoch, arm.epochs)
                                   : fmt::format("epoch {}", arm.epoch),
                    3});
  fields.push_back({fmt::format("{:>6.0f} steps/s", arm.steps_per_second()), 4});
  const auto left = arm.seconds_left();
  fields.push_back({left_text(left), 1});
  if (arm.validation_accuracy) {
    fields.push_back({fmt::format("val {:.2f} %", 100 * *arm.validation_accuracy), 2});
  }
  if (arm.diverged > 0) fields.push_back({fmt::format("{} diverged", arm.diverged), 0});
  if (arm.failed > 0) fields.push_back({fmt::format("{} failed", arm.failed), 0});
  return fields;
}

int width_of(std::span<const Field> fields) {
  int width = 0;
  for (const Field& field : fields) width += static_cast<int>(kGap.size()) + text_width(field.text);
  return width;
}

void drop_least_needed(std::vector<Field>& fields) {
  fields.erase(std::ranges::max_element(fields, {}, &Field::rank));
}

Line line_of(const ArmProgress& arm) {
  const std::string_view colour = arm.failed > 0 ? kRed : arm.ended == arm.trials ? kGreen : kCyan;
  return {arm.label, share_done(arm), colour, fields_of(arm)};
}

Line total_line(std::span<const ArmProgress> arms, const StudyProgress& study) {
  std::size_t trials = 0;
  std::size_t ended = 0;
  for (const ArmProgress& arm : arms) {
    trials += arm.trials;
    ended += arm.ended;
  }
  Line line{fmt::format("all {} arms", arms.size()),
            study.share,
            ended == trials ? kGreen : kCyan,
            {{count_text(ended, trials), 0}}};
  if (ended < trials) line.fields.push_back({left_text(study.seconds_left), 1});
  return line;
}

std::string draw_line(Line line, int label_columns, const Terminal& terminal) {
  const int room = terminal.columns - 1;  // some terminals wrap after the last column
  const int gap = static_cast<int>(kGap.size());
  while (!line.fields.empty() && label_columns + gap + kNarrowestBar + width_of(line.fields) > room)
    drop_least_needed(line.fields);
  std::string text = fit(line.label, std::min(label_columns, room));
  const int bar = std::min(kWidestBar, room - label_columns - gap - width_of(line.fields));
  if (bar >= kNarrowestBar) text += std::string(kGap) + draw_bar(line, bar, terminal.colours);
  for (const Field& field : line.fields) text += std::string(kGap) + field.text;
  return text;
}

}  // namespace

std::string format_duration(double seconds) {
  const auto total = static_cast<std::int64_t>(std::ceil(std::min(seconds, 1e9)));
  const std::int64_t hours = total / 3600;
  const std::int64_t minutes = total / 60 % 60;
  if (hours > 0) return fmt::format("{}:{:02}:{:02}", hours, minutes, total % 60);
  return fmt::format("{}:{:02}", minutes, total % 60);
}

std::vector<std::string> draw_bars(std::span<const ArmProgress> arms, const StudyProgress& study,
                                   const Terminal& terminal) {
  const auto rows = static_cast<std::size_t>(std::max(2, terminal.rows - 1));
  const bool all = arms.size() < rows;
  std::vector<Line> lines;
  for (const ArmProgress& arm : arms) {
    if (all || (arm.running > 0 && lines.size() + 1 < rows)) lines.push_back(line_of(arm));
  }
  if (arms.size() > 1) lines.push_back(total_line(arms, study));

  int label_columns = 0;
  for (const Line& line : lines) label_columns = std::max(label_columns, text_width(line.label));
  label_columns = std::min({label_columns, kWidestLabel, terminal.columns / 2});
  std::vector<std::string> drawn;
  for (Line& line : lines) drawn.push_back(draw_line(std::move(line), label_columns, terminal));
  return drawn;
}

}  // namespace normlab
