#include "normlab/lab/settings.h"

#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/base/error.h"

namespace normlab {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string error_of(std::string_view key, std::string_view value) {
  TrialSettings settings;
  try {
    set_setting(settings, key, value);
  } catch (const RequestError& error) {
    return error.what();
  }
  return "no error";
}

std::string value_of(const TrialSettings& settings, const std::string& key) {
  return find_setting(key).format(settings);
}

/// For every setting, values that are allowed, written as normlab writes them.
const std::map<std::string, std::vector<std::string>>& allowed_values() {
  static const std::map<std::string, std::vector<std::string>> values = {
      {"model", {"mlp-128-64", "28x28x1: flatten, linear 10"}},
      {"data", {"mnist", "some folder/mnist"}},
      {"input_scale", {"-1..1", "0..1", "standardize"}},
      {"validation", {"0.2", "0.001", "test"}},
      {"shuffle", {"true", "false"}},
      {"norm", {"none", "batch"}},
      {"eps", {"1e-5", "0.001"}},
      {"stat_update", {"0.1", "1", "cumulative"}},
      {"running_var", {"unbiased", "biased"}},
      {"gamma", {"learn", "fixed", "off"}},
      {"beta", {"learn", "fixed", "off"}},
      {"gamma_init", {"1", "0", "-0.5"}},
      {"redundant_bias", {"keep", "drop"}},
      {"batch", {"1", "64", "1000000"}},
      {"tail", {"keep", "drop", "merge", "wrap"}},
      {"epochs", {"1", "1000000"}},
      {"steps", {"0", "1000000000"}},
      {"subset", {"0", "1000"}},
      {"patience", {"0", "3"}},
      {"label_smoothing", {"0", "0.1"}},
      {"seed", {"0", "1", "9007199254740991"}},
      {"precision", {"float", "bf16"}},
      {"eval_flip", {"true", "false"}},
      {"checkpoint", {"none", "last", "best"}},
      {"probe", {"0", "1", "100"}},
      {"optimizer", {"sgd", "adam", "adamw"}},
      {"lr", {"0.001", "0.1", "0.30000000000000004"}},
      {"momentum", {"0", "0.9"}},
      {"nesterov", {"true", "false"}},
      {"weight_decay", {"0", "0.0005"}},
      {"weight_decay_on", {"weights", "all", "weights+biases", "gammas+betas"}},
      {"beta1", {"0", "0.9"}},
      {"beta2", {"0", "0.999"}},
      {"adam_eps", {"1e-8", "1e-7"}},
      {"clip", {"0", "1"}},
      {"schedule",
       {"constant", "step:10:0.1", "step:1:0.5", "steps:30+60:0.1", "cosine", "cosine:0.01",
        "linear", "linear:0.1", "one-cycle"}},
      {"warmup", {"0", "0.5", "5"}},
      {"lr_bias", {"1", "64"}},
      {"lr_gamma", {"1", "0"}},
      {"lr_beta", {"1", "64"}},
      {"lr_scale", {"1", "0"}},
      {"augment",
       {"none", "crop:4", "flip", "flip:alternate", "crop:4+flip", "crop:2+flip:alternate"}},
      {"init", {"pytorch", "keras", "he", "xavier", "normal:0.05", "weights, best.safetensors"}},
      {"init_gain", {"1", "0.5"}},
      {"init_identity", {"true", "false"}},
  };
  return values;
}

TEST(Settings, EverySettingReadsWhatItWrites) {
  std::set<std::string> tested;
  for (const auto& [key, values] : allowed_values()) {
    tested.insert(key);
    for (const std::string& value : values) {
      TrialSettings settings;
      set_setting(settings, key, value);
      EXPECT_EQ(value_of(settings, key), value) << key;
    }
  }
  for (const SettingGroup& group : setting_groups()) {
    for (const Setting& setting : group.settings)
      EXPECT_TRUE(tested.contains(setting.key)) << setting.key;
  }
}

TEST(Settings, EverySettingChangesItsOwnFieldOnly) {
  for (const auto& [key, values] : allowed_values()) {
    TrialSettings settings;
    for (const std::string& value : values) set_setting(settings, key, value);
    for (const auto& [other, value] : list_settings(settings)) {
      if (other == key) continue;
      EXPECT_EQ(value, value_of(TrialSettings{}, other)) << key << " changed " << other;
    }
  }
}

TEST(Settings, DefaultsAreThoseOfTheDesign) {
  const TrialSettings settings;
  const std::map<std::string, std::string> expected = {
      {"data", "glyphs"},     {"input_scale", "-1..1"}, {"validation", "0.2"},
      {"init", "pytorch"},    {"optimizer", "adam"},    {"lr", "0.001"},
      {"batch", "64"},        {"epochs", "5"},          {"tail", "keep"},
      {"eps", "1e-5"},        {"stat_update", "0.1"},   {"running_var", "unbiased"},
      {"checkpoint", "last"}, {"probe", "100"}};
  for (const auto& [key, value] : expected) EXPECT_EQ(value_of(settings, key), value) << key;
}

TEST(Settings, BetaIsTheNormsAndNotAdams) {
  TrialSettings settings;
  set_setting(settings, "beta", "off");
  EXPECT_EQ(settings.norm.beta, AffineMode::off);
  EXPECT_EQ(error_of("beta", "0.9"), "beta=0.9: expected learn, fixed or off");
}

TEST(Settings, ChangingTheValidationToTestAndBackWorks) {
  TrialSettings settings;
  set_setting(settings, "validation", "test");
  EXPECT_TRUE(settings.validation_is_test);
  set_setting(settings, "validation", "0.3");
  EXPECT_FALSE(settings.validation_is_test);
  EXPECT_EQ(settings.validation, 0.3);
}

TEST(Settings, InitKeepsTheGainAndTheIdentity) {
  TrialSettings settings;
  set_setting(settings, "init_gain", "2");
  set_setting(settings, "init_identity", "true");
  for (const char* init : {"he", "normal:0.1", "a.safetensors"}) {
    set_setting(settings, "init", init);
    EXPECT_EQ(settings.init.gain, 2) << init;
    EXPECT_TRUE(settings.init.identity) << init;
  }
}

TEST(Settings, ErrorsNameKeyValueAndWhatIsAllowed) {
  EXPECT_EQ(error_of("lr", "0"), "lr=0: expected a number above 0 and at most 1000000");
  EXPECT_EQ(error_of("lr", "nan"), "lr=nan: expected a number above 0 and at most 1000000");
  EXPECT_EQ(error_of("lr", "inf"), "lr=inf: expected a number above 0 and at most 1000000");
  EXPECT_EQ(error_of("batch", "0"), "batch=0: expected a whole number from 1 to 1000000");
  EXPECT_EQ(error_of("batch", "1e3"), "batch=1e3: expected a whole number from 1 to 1000000");
  EXPECT_EQ(error_of("momentum", "1"), "momentum=1: expected a number of at least 0 and below 1");
  EXPECT_EQ(error_of("stat_update", "0"),
            "stat_update=0: expected a number above 0 and at most 1, or cumulative");
  EXPECT_EQ(error_of("norm", "btach"), "norm=btach: expected none or batch: did you mean 'batch'?");
  EXPECT_EQ(error_of("norm", "group:8"), "norm=group:8: expected none or batch");
  EXPECT_EQ(error_of("schedule", "step:0:0.1"),
            "schedule=step:0:0.1: expected constant, step:EPOCHS:FACTOR, "
            "steps:EPOCH+EPOCH...:FACTOR, cosine[:END], linear[:END] or one-cycle");
  EXPECT_EQ(
      error_of("init", "normal:-1"),
      "init=normal:-1: expected pytorch, keras, he, xavier, normal:SD or a .safetensors file");
  EXPECT_EQ(error_of("model", ""),
            "model=: expected a model's name, a .toml file or a list of layers");
  EXPECT_EQ(error_of("data", "a\nb"), "data=a\nb: expected a data set's name or a folder");
}

TEST(Settings, TextIsPrintableUtf8) {
  for (const char* good : {"a", "größe", "データ", "\xF0\x9F\x98\x80"}) {
    EXPECT_EQ(error_of("data", good), "no error") << good;
  }
  for (const char* bad : {"a\x7f", "\x80", "\xC0\x80", "\xC3", "\xED\xA0\x80", "\xE0\x80\x80",
                          "\xF4\x90\x80\x80", "\xFF", "\xE2\x28\xA1"}) {
    EXPECT_NE(error_of("data", bad), "no error") << bad;
  }
}

TEST(Settings, UnknownKeysGetTheNearestOne) {
  EXPECT_THAT(error_of("epoch", "3"),
              AllOf(HasSubstr("unknown setting 'epoch'"), HasSubstr("did you mean 'epochs'?"),
                    HasSubstr("--help-settings")));
  EXPECT_EQ(error_of("learning_rate", "3"),
            "unknown setting 'learning_rate': it is called 'lr' here");
  EXPECT_EQ(error_of("batch_size", "3"), "unknown setting 'batch_size': it is called 'batch' here");
  EXPECT_THAT(error_of("", "3"), HasSubstr("unknown setting ''"));
}

TEST(Settings, ARefusedValueChangesNothing) {
  for (const SettingGroup& group : setting_groups()) {
    for (const Setting& setting : group.settings) {
      TrialSettings settings;
      EXPECT_FALSE(setting.parse(settings, "")) << setting.key;
      EXPECT_EQ(list_settings(settings), list_settings(TrialSettings{})) << setting.key;
    }
  }
}

TEST(Settings, TheListIsSortedAndHasEveryKeyOnce) {
  const auto list = list_settings(TrialSettings{});
  EXPECT_EQ(list.size(), allowed_values().size());
  for (std::size_t i = 1; i < list.size(); ++i) EXPECT_LT(list[i - 1].first, list[i].first);
}

TEST(Settings, WordsOfOtherProgramsAreTranslated) {
  const auto error_of = [](std::string_view key, std::string_view value) -> std::string {
    TrialSettings settings;
    try {
      set_setting(settings, key, value);
    } catch (const RequestError& error) {
      return error.what();
    }
    return "no error";
  };
  for (const char* word : {"bn", "batchnorm", "BatchNorm", "batch-norm", "BatchNorm2d", "true"})
    EXPECT_THAT(error_of("norm", word), testing::EndsWith(": it is called 'batch' here")) << word;
  EXPECT_THAT(error_of("norm", "off"), testing::EndsWith("it is called 'none' here"));
  EXPECT_THAT(error_of("init", "kaiming_normal"), testing::EndsWith("it is called 'he' here"));
  EXPECT_THAT(error_of("schedule", "StepLR"),
              testing::EndsWith("it is called 'step:EPOCHS:FACTOR' here"));
  EXPECT_THAT(error_of("optimizer", "Adam"), testing::EndsWith("did you mean 'adam'?"));
  EXPECT_THAT(error_of("precision", "bfloat16"), testing::EndsWith("it is called 'bf16' here"));
  for (const SettingGroup& group : setting_groups()) {
    for (const Setting& setting : group.settings) {
      TrialSettings settings;
      for (const auto& [foreign, word] : setting.foreign_words) {
        EXPECT_FALSE(setting.parse(settings, foreign)) << setting.key << "=" << foreign;
        EXPECT_TRUE(setting.parse(settings, word) || word.find("EPOCH") != std::string::npos)
            << word;
      }
    }
  }
}

TEST(Settings, WhatIsSetElsewhereIsExplained) {
  const auto error_of = [](std::string_view key) -> std::string {
    try {
      find_setting(key);
    } catch (const RequestError& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_EQ(error_of("dropout"),
            "unknown setting 'dropout': it is a layer of the model, written 'dropout 0.5'");
  EXPECT_THAT(error_of("threads"), HasSubstr("--threads N"));
  EXPECT_THAT(error_of("device"), HasSubstr("on the processor"));
  EXPECT_THAT(error_of("num-workers"), HasSubstr("--jobs"));
}

TEST(Settings, AreFoundByWhatOthersCallThem) {
  EXPECT_EQ(setting_called("learning-rate")->key, "lr");
  EXPECT_EQ(setting_called("batch_size")->key, "batch");
  EXPECT_EQ(setting_called("epochs")->key, "epochs");
  EXPECT_EQ(setting_called("weight-decay")->key, "weight_decay");
  EXPECT_EQ(setting_called("nonsense"), nullptr);
}

constexpr ModelParts kAllParts{
    .norm_slots = true, .linear = true, .bias = true, .bias_before_norm = true};

TEST(Settings, WhatHasNoEffectSaysWhy) {
  TrialSettings settings;
  const auto why = [&](std::string_view key, const ModelParts& model = kAllParts) {
    return find_setting(key).idle(settings, model);
  };
  settings.norm.kind = NormKind::none;
  EXPECT_EQ(why("momentum"), "only optimizer=sgd uses it");
  EXPECT_EQ(why("eps"), "only norm=batch uses it");
  EXPECT_EQ(why("beta1"), "");
  EXPECT_EQ(why("norm"), "");
  EXPECT_EQ(why("schedule"), "");
  settings.optimizer.schedule = {.kind = ScheduleKind::step, .every_epochs = 5};
  EXPECT_EQ(why("schedule"), "the trial ends before the first step");
  settings.epochs = 6;
  EXPECT_EQ(why("schedule"), "");
  settings.optimizer.kind = OptimizerKind::sgd;
  EXPECT_EQ(why("momentum"), "");
  EXPECT_EQ(why("nesterov"), "it changes nothing without momentum");
  EXPECT_EQ(why("beta1"), "only optimizer=adam and adamw use it");
  settings.norm.kind = NormKind::batch;
  EXPECT_EQ(why("eps"), "");
  EXPECT_EQ(why("gamma_init"), "");
  settings.norm.gamma = AffineMode::off;
  EXPECT_EQ(why("gamma_init"), "gamma=off leaves gamma out");
  EXPECT_EQ(why("lr_gamma"), "only gamma=learn uses it");
  EXPECT_EQ(why("lr_beta"), "");
  EXPECT_EQ(why("lr_bias"), "");
  EXPECT_EQ(why("epochs"), "");
  settings.steps = 10;
  EXPECT_EQ(why("epochs"), "steps ends the trial");
}

TEST(Settings, PartsAreJoinedInAnyOrderAndEachOnce) {
  TrialSettings settings;
  set_setting(settings, "augment", "flip+crop:4");
  EXPECT_EQ(value_of(settings, "augment"), "crop:4+flip");
  set_setting(settings, "weight_decay_on", "betas+weights");
  EXPECT_EQ(value_of(settings, "weight_decay_on"), "weights+betas");
  set_setting(settings, "weight_decay_on", "scales+gammas+betas+biases+weights");
  EXPECT_EQ(value_of(settings, "weight_decay_on"), "all");
  for (const char* wrong : {"crop:4,flip", "crop:4+", "+flip", "flip+flip", "flip+flip:alternate",
                            "crop:1+crop:2", "none+flip", "crop:0", "crop", "crop:4+none"})
    EXPECT_THAT(error_of("augment", wrong), HasSubstr("two joined by +, crop:4+flip")) << wrong;
  for (const char* wrong : {"weights+weights", "all+weights", "weights,betas", "norms", "+"})
    EXPECT_THAT(error_of("weight_decay_on", wrong), HasSubstr("joined by +")) << wrong;
}

TEST(Settings, WhatTheModelHasNoPlaceForHasNoEffect) {
  const TrialSettings settings;
  const ModelParts bare{.linear = true};
  EXPECT_EQ(find_setting("norm").idle(settings, bare),
            "it has nothing to fill, as the model has no norm slots");
  for (const char* key :
       {"eps", "stat_update", "running_var", "gamma", "beta", "gamma_init", "redundant_bias"}) {
    EXPECT_EQ(find_setting(key).idle(settings, bare), "the model has no norm slots") << key;
    EXPECT_EQ(find_setting(key).idle(settings, kAllParts), "") << key;
  }
  EXPECT_EQ(find_setting("redundant_bias").idle(settings, {.norm_slots = true, .linear = true}),
            "no layer with a bias stands directly before a norm slot");
  EXPECT_EQ(find_setting("precision").idle(settings, {.norm_slots = true}),
            "only linear layers use it, and the model has none");
  EXPECT_EQ(find_setting("precision").idle(settings, bare), "");
  EXPECT_EQ(find_setting("init_identity").idle(settings, bare),
            "only convolutions use it, and the model has none");
  EXPECT_EQ(find_setting("init_identity").idle(settings, {.convolution = true}), "");
}

TEST(Settings, WithoutIdleOnesThoseThatTrainTheSameAreEqual) {
  TrialSettings settings;
  settings.optimizer.momentum = 0.9;
  settings.norm.eps = 0.5;
  EXPECT_EQ(list_settings(without_idle(settings, {})), list_settings(TrialSettings{}));
  settings.optimizer.momentum = 0;
  EXPECT_EQ(list_settings(without_idle(settings, kAllParts)), list_settings(settings));
}

}  // namespace
}  // namespace normlab
