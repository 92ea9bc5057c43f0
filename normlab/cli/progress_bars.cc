#include "normlab/cli/progress_bars.h"

#include <algorithm>
#include <cmath>
#include <string_view>

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

std::string draw_bar(const ArmProgress& arm, int columns, bool colours) {
  const int full = static_cast<int>(share_done(arm) * columns);
  std::string bar;
  for (int i = 0; i < full; ++i) bar += "█";
  for (int i = full; i < columns; ++i) bar += "░";
  if (!colours) return bar;
  const std::string_view colour = arm.failed > 0 ? "31" : arm.ended == arm.trials ? "32" : "36";
  return fmt::format("\x1b[{}m{}\x1b[0m", colour, bar);
}

/// Fields keep their place and width from one drawing to the next, so that nothing jumps.
std::vector<Field> fields_of(const ArmProgress& arm) {
  std::vector<Field> fields;
  const auto digits = fmt::formatted_size("{}", arm.trials);
  fields.push_back({fmt::format("{:>{}}/{}", arm.ended, digits, arm.trials), 0});
  if (arm.running == 0 && arm.ended == 0) return fields;
  fields.push_back({arm.epochs > 0 ? fmt::format("epoch {}/{}", arm.epoch, arm.epochs)
                                   : fmt::format("epoch {}", arm.epoch),
                    3});
  fields.push_back({fmt::format("{:>6.0f} steps/s", arm.steps_per_second()), 4});
  const auto left = arm.seconds_left();
  fields.push_back(
      {left ? fmt::format("{:>5} left", format_duration(*left)) : std::string(10, ' '), 1});
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

std::string draw_line(const ArmProgress& arm, int label_columns, const Terminal& terminal) {
  const int room = terminal.columns - 1;  // some terminals wrap after the last column
  std::vector<Field> fields = fields_of(arm);
  const int gap = static_cast<int>(kGap.size());
  while (!fields.empty() && label_columns + gap + kNarrowestBar + width_of(fields) > room)
    drop_least_needed(fields);
  std::string line = fit(arm.label, std::min(label_columns, room));
  const int bar = std::min(kWidestBar, room - label_columns - gap - width_of(fields));
  if (bar >= kNarrowestBar) line += std::string(kGap) + draw_bar(arm, bar, terminal.colours);
  for (const Field& field : fields) line += std::string(kGap) + field.text;
  return line;
}

std::string draw_total(std::span<const ArmProgress> arms, const Terminal& terminal) {
  std::size_t trials = 0;
  std::size_t ended = 0;
  for (const ArmProgress& arm : arms) {
    trials += arm.trials;
    ended += arm.ended;
  }
  const std::string total = fmt::format("{} of {} trials in {} arms", ended, trials, arms.size());
  return fit(total, std::min(text_width(total), terminal.columns - 1));
}

}  // namespace

std::string format_duration(double seconds) {
  const auto total = static_cast<std::int64_t>(std::ceil(std::min(seconds, 1e9)));
  const std::int64_t hours = total / 3600;
  const std::int64_t minutes = total / 60 % 60;
  if (hours > 0) return fmt::format("{}:{:02}:{:02}", hours, minutes, total % 60);
  return fmt::format("{}:{:02}", minutes, total % 60);
}

std::vector<std::string> draw_bars(std::span<const ArmProgress> arms, const Terminal& terminal) {
  int label_columns = 0;
  for (const ArmProgress& arm : arms)
    label_columns = std::max(label_columns, text_width(arm.label));
  label_columns = std::min({label_columns, kWidestLabel, terminal.columns / 2});

  const auto rows = static_cast<std::size_t>(std::max(2, terminal.rows - 1));
  const bool all = arms.size() <= rows;
  std::vector<std::string> lines;
  for (const ArmProgress& arm : arms) {
    if (all || (arm.running > 0 && lines.size() + 1 < rows))
      lines.push_back(draw_line(arm, label_columns, terminal));
  }
  if (!all) lines.push_back(draw_total(arms, terminal));
  return lines;
}

}  // namespace normlab
