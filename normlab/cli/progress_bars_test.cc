#include "normlab/cli/progress_bars.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace normlab {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// Half-way through the second of two trials.
ArmProgress half_done() {
  ArmProgress arm;
  arm.label = "norm=batch";
  arm.trials = 2;
  arm.running = 1;
  arm.ended = 1;
  arm.epoch = 3;
  arm.epochs = 5;
  arm.steps_per_trial = 100;
  arm.steps = 150;
  arm.running_steps = 50;
  arm.latest = 1.5;
  arm.validation_accuracy = 0.9731;
  return arm;
}

ArmProgress waiting() {
  ArmProgress arm;
  arm.label = "norm=none";
  arm.trials = 2;
  return arm;
}

Terminal terminal_of(int columns, int rows = 24) {
  return {.interactive = true, .colours = false, .columns = columns, .rows = rows};
}

TEST(Bars, ShowEverythingWhereThereIsRoom) {
  const std::vector<ArmProgress> arms = {waiting(), half_done()};
  EXPECT_THAT(draw_bars(arms, {.share = 0.375, .seconds_left = 61}, terminal_of(120)),
              ElementsAre("norm=none   ░░░░░░░░░░░░░░░░░░░░░░░░  0/2",
                          "norm=batch  ██████████████████░░░░░░  1/2  epoch 3/5     100 steps/s   "
                          "0:01 left  val 97.31 %",
                          "all 2 arms  █████████░░░░░░░░░░░░░░░  1/4   1:01 left"));
}

TEST(Bars, NeverExceedTheTerminalAndKeepTheCountLongest) {
  const std::vector<ArmProgress> arms = {waiting(), half_done()};
  for (int columns = 1; columns <= 130; ++columns) {
    for (const std::string& line : draw_bars(arms, {}, terminal_of(columns))) {
      EXPECT_LT(text_width(line), std::max(columns, 1)) << columns << ": " << line;
    }
  }
  EXPECT_THAT(draw_bars(arms, {}, terminal_of(60))[1], Not(HasSubstr("steps/s")));
  EXPECT_THAT(draw_bars(arms, {}, terminal_of(60))[1], HasSubstr("left"));
  EXPECT_THAT(draw_bars(arms, {}, terminal_of(30))[1], HasSubstr("1/2"));
}

TEST(Bars, CountWhatWentWrong) {
  ArmProgress arm = half_done();
  arm.diverged = 1;
  arm.failed = 2;
  EXPECT_THAT(draw_bars(std::vector{arm}, {}, terminal_of(140))[0],
              HasSubstr("1 diverged  2 failed"));
}

TEST(Bars, ColourOnlyWhereItIsWanted) {
  Terminal terminal = terminal_of(100);
  const std::vector<ArmProgress> arms = {half_done()};
  EXPECT_THAT(draw_bars(arms, {}, terminal)[0], Not(HasSubstr("\x1b")));
  terminal.colours = true;
  EXPECT_THAT(draw_bars(arms, {}, terminal)[0], HasSubstr("\x1b[36m"));
}

TEST(Bars, ManyArmsShrinkToThoseUnderWayAndATotal) {
  std::vector<ArmProgress> arms(40, waiting());
  arms[7] = half_done();
  const auto lines = draw_bars(arms, {}, terminal_of(100, 10));
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_THAT(lines[0], HasSubstr("norm=batch"));
  EXPECT_THAT(lines[1], HasSubstr("all 40 arms"));
  EXPECT_THAT(lines[1], HasSubstr(" 1/80"));
  for (ArmProgress& arm : arms) arm.running = 1;
  EXPECT_EQ(draw_bars(arms, {}, terminal_of(100, 10)).size(), 9u);
}

TEST(Bars, Durations) {
  EXPECT_EQ(format_duration(0), "0:00");
  EXPECT_EQ(format_duration(6.2), "0:07");
  EXPECT_EQ(format_duration(750), "12:30");
  EXPECT_EQ(format_duration(3723), "1:02:03");
}

TEST(Terminal, TextIsMeasuredInCodePoints) {
  EXPECT_EQ(text_width("░░a"), 3);
  EXPECT_EQ(fit("größe", 3), "grö");
  EXPECT_EQ(fit("ab", 4), "ab  ");
  EXPECT_EQ(fit("ab", 0), "");
}

}  // namespace
}  // namespace normlab
