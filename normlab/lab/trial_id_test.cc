#include "normlab/lab/trial_id.h"

#include <array>
#include <map>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/base/error.h"
#include "normlab/lab/settings.h"

namespace normlab {
namespace {

/// What every id of numerics 4 was made of, in their order. This list never grows: a setting that
/// is introduced later is in the ids of those trials alone that use it.
constexpr std::array<std::string_view, 34> kFirstKeys = {"adam_eps",     "batch",
                                                         "beta",         "beta1",
                                                         "beta2",        "checkpoint",
                                                         "clip",         "data",
                                                         "epochs",       "eps",
                                                         "gamma",        "gamma_init",
                                                         "init",         "init_gain",
                                                         "input_scale",  "label_smoothing",
                                                         "lr",           "model",
                                                         "momentum",     "nesterov",
                                                         "norm",         "optimizer",
                                                         "precision",    "redundant_bias",
                                                         "running_var",  "schedule",
                                                         "seed",         "shuffle",
                                                         "stat_update",  "steps",
                                                         "tail",         "validation",
                                                         "weight_decay", "weight_decay_on"};

/// As a program that knew only these settings would have made it.
std::string id_of_first_program(const TrialSettings& settings, const TrialContents& contents) {
  std::string text = fmt::format("numerics={}\n", kNumericsVersion);
  for (const std::string_view key : kFirstKeys) {
    const bool is_model = key == "model";
    const bool is_data = key == "data";
    text += fmt::format("{}={}\n", key,
                        is_model  ? contents.model
                        : is_data ? contents.data
                                  : find_setting(key).format(settings));
  }
  return short_hash(text);
}

TEST(TrialId, OfATrialThatUsesNothingNewIsThatOfTheFirstProgram) {
  const TrialContents contents{.model = "flatten, linear 10", .data = "0123", .init = ""};
  TrialSettings settings;
  EXPECT_EQ(trial_id(settings, contents), id_of_first_program(settings, contents));
  settings.seed = 7;
  settings.batch = 32;
  settings.norm.kind = NormKind::batch;
  EXPECT_EQ(trial_id(settings, contents), id_of_first_program(settings, contents));
}

TEST(TrialId, HasASettingThatIsNewWhereItIsUsed) {
  const TrialSettings before;
  TrialSettings after;
  after.subset = 100;
  EXPECT_NE(trial_id(after, {}), trial_id(before, {}));
  EXPECT_NE(arm_id(after, {}), arm_id(before, {}));
  TrialSettings other;
  other.patience = 100;
  EXPECT_NE(trial_id(other, {}), trial_id(after, {}));
}

/// Else the value would never be recognised, and every trial would have the setting in its id.
TEST(TrialId, WhatASettingWasIntroducedWithIsWrittenAsItIsFormatted) {
  for (const SettingGroup& group : setting_groups()) {
    for (const Setting& setting : group.settings) {
      if (!setting.introduced_with) continue;
      TrialSettings settings;
      EXPECT_TRUE(setting.parse(settings, *setting.introduced_with)) << setting.key;
      EXPECT_EQ(setting.format(settings), *setting.introduced_with) << setting.key;
    }
  }
}

TEST(RecordedSettings, LackWhatWasIntroducedLater) {
  std::map<std::string, std::string> record;
  for (const auto& [key, value] : list_settings(TrialSettings{})) record.emplace(key, value);
  record["model"] = "m";
  record["subset"] = "7";
  EXPECT_EQ(recorded_settings(record).subset, 7);
  record.erase("subset");
  EXPECT_EQ(recorded_settings(record).subset, 0);
}

TEST(RecordedSettings, SayWhenANewerProgramWroteThem) {
  EXPECT_EQ(recorded_settings({{"batch", "7"}}).batch, 7);
  const auto message = [](const std::string& key, const std::string& value) {
    try {
      recorded_settings({{key, value}});
    } catch (const RequestError&) {
      return std::string("a wrong request, which this is not");
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_THAT(message("flux", "7"), testing::HasSubstr("another version of normlab"));
  EXPECT_THAT(message("batch", "seven"), testing::HasSubstr("another version of normlab"));
}

}  // namespace
}  // namespace normlab
