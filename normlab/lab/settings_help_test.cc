#include "normlab/lab/settings_help.h"

#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/lab/settings.h"

namespace normlab {
namespace {

using ::testing::HasSubstr;

TEST(SettingsHelp, ShowsASettingWithDefaultMeaningAndValues) {
  EXPECT_THAT(settings_help(), HasSubstr(R"(
  stat_update   (default 0.1)
      Weight of the new batch in the running statistics: PyTorch's 'momentum' of
      a batch norm, and 1 minus that of Keras. 'cumulative' takes the plain mean
      over all batches.
      Values: a number above 0 and at most 1, or cumulative.
)"));
}

TEST(SettingsHelp, HasEverySetting) {
  const std::string help = settings_help();
  for (const SettingGroup& group : setting_groups()) {
    for (const Setting& setting : group.settings) {
      EXPECT_THAT(help, HasSubstr("\n  " + setting.key + "   (")) << setting.key;
    }
  }
}

TEST(SettingsHelp, DefaultsAreWhatARunTakes) {
  const std::string help = settings_help();
  EXPECT_THAT(help, HasSubstr("norm   (default none,batch)"));
  EXPECT_THAT(help, HasSubstr("seed   (default 1..10)"));
  EXPECT_THAT(help, HasSubstr("lr   (default 0.001)"));
  EXPECT_THAT(help, HasSubstr("model   (must be given)"));
}

TEST(SettingsHelp, FitsEightyColumns) {
  std::istringstream lines(settings_help());
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80u) << line;
}

}  // namespace
}  // namespace normlab
