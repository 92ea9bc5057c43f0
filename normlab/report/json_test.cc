#include "normlab/report/json.h"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "normlab/lab/mock_study.h"
#include "normlab/report/json_snapshot.h"
#include "normlab/report/snapshot.h"

namespace normlab {
namespace {

using Json = nlohmann::ordered_json;

const std::vector<DataFacts> kGlyphs = {{"glyphs", "5eed", true, 48000, 12000, 10000}};

std::string text_of(const MockStudy& mock, const std::vector<DataFacts>& data = kGlyphs) {
  return comparison_json(mock.study, mock.results, compare(mock.study, mock.results), data);
}

TEST(ComparisonJson, ThreeSeedsOneDiverged) {
  MockStudy mock = mock_study({"norm=none", "norm=batch"}, 3);
  diverge(mock.record(0, 2));
  Json object = Json::parse(text_of(mock));
  // Every new setting would change the snapshot; SettingsHaveTheirTypesAndNoSeed looks at them.
  for (Json& arm : object["arms"]) arm.erase("settings");
  expect_same_json(object, Json::parse(snapshot("diverged.json", object.dump(2) + "\n")), "");
}

TEST(ComparisonJson, HasTheKeysOfTheContract) {
  const Json object = Json::parse(text_of(mock_study({"norm=none", "norm=batch"}, 2)));
  for (const char* pointer : {"/study/id",
                              "/study/name",
                              "/study/model",
                              "/study/data/name",
                              "/study/data/sha256",
                              "/study/data/train",
                              "/study/data/validation",
                              "/study/data/test",
                              "/arms/0/id",
                              "/arms/0/settings",
                              "/arms/0/n",
                              "/arms/0/diverged",
                              "/arms/1/metrics/validation_accuracy/mean",
                              "/arms/1/metrics/validation_accuracy/sd",
                              "/arms/1/metrics/validation_accuracy/ci95/1",
                              "/arms/1/metrics/validation_accuracy/values/1",
                              "/contrasts/0/baseline",
                              "/contrasts/0/arm",
                              "/contrasts/0/metric",
                              "/contrasts/0/difference",
                              "/contrasts/0/ci95/0",
                              "/contrasts/0/p",
                              "/contrasts/0/n",
                              "/trials/0/id",
                              "/trials/0/arm",
                              "/trials/0/seed",
                              "/trials/0/status",
                              "/trials/0/seconds",
                              "/trials/0/steps",
                              "/trials/0/epochs/0/epoch",
                              "/trials/0/epochs/0/train_loss",
                              "/trials/0/epochs/0/train_accuracy",
                              "/trials/0/epochs/0/validation_loss",
                              "/trials/0/epochs/0/validation_accuracy",
                              "/trials/0/test_loss",
                              "/trials/0/test_accuracy"}) {
    EXPECT_TRUE(object.contains(Json::json_pointer(pointer))) << pointer;
  }
  for (const char* metric :
       {"train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "test_loss",
        "test_accuracy", "best_validation_accuracy", "steps_to_accuracy", "step_seconds",
        "examples_per_second"}) {
    EXPECT_TRUE(object["arms"][0]["metrics"].contains(metric)) << metric;
  }
}

TEST(ComparisonJson, SettingsHaveTheirTypesAndNoSeed) {
  MockStudy mock = mock_study({"norm=none", "norm=batch"}, 1);
  mock.study.arms[1].settings.norm.cumulative = true;
  const Json object = Json::parse(text_of(mock));
  const Json& settings = object["arms"][1]["settings"];
  EXPECT_EQ(settings["batch"], 64);
  EXPECT_EQ(settings["lr"], 0.001);
  EXPECT_EQ(settings["norm"], "batch");
  EXPECT_EQ(settings["shuffle"], true);
  EXPECT_EQ(settings["stat_update"], "cumulative");
  EXPECT_FALSE(settings.contains("seed"));
}

TEST(ComparisonJson, WritesNullForWhatIsNotFinite) {
  MockStudy mock = mock_study({"norm=none", "norm=batch"}, 2);
  mock.record(0, 1).epochs[0].train["loss"] = std::numeric_limits<double>::infinity();
  mock.record(0, 2).epochs[2].validation["loss"] = std::numeric_limits<double>::quiet_NaN();
  const std::string text = text_of(mock);
  const Json object = Json::parse(text);
  EXPECT_TRUE(object["trials"][0]["epochs"][0]["train_loss"].is_null());
  EXPECT_TRUE(object["trials"][1]["epochs"][2]["validation_loss"].is_null());
  EXPECT_TRUE(object["arms"][0]["metrics"]["validation_loss"]["values"][1].is_null());
  EXPECT_EQ(object["arms"][0]["metrics"]["validation_loss"]["n"], 1);
  EXPECT_EQ(object["arms"][0]["metrics"]["validation_loss"]["not_finite"], 1);
  EXPECT_EQ(object["arms"][0]["metrics"]["validation_accuracy"]["not_finite"], 0);
}

TEST(ComparisonJson, SaysWhatTrained) {
  MockStudy mock = mock_study({"norm=none", "norm=batch"}, 4);
  collapse(mock.record(0, 1));
  diverge(mock.record(0, 2));
  break_down(mock.record(0, 3), "disk full");
  mock.record(0, 4).validation_majority.reset();
  const Json object = Json::parse(text_of(mock));
  EXPECT_EQ(object["trials"][0]["trained"], false);
  EXPECT_EQ(object["trials"][1]["trained"], false);
  EXPECT_TRUE(object["trials"][2]["trained"].is_null()) << "it failed";
  EXPECT_TRUE(object["trials"][3]["trained"].is_null()) << "not known";
  EXPECT_EQ(object["trials"][4]["trained"], true);
  EXPECT_EQ(object["arms"][0]["at_chance"], 1);
  EXPECT_EQ(object["arms"][1]["trained"], 4);
  EXPECT_EQ(object["trained"][0]["arm_only"], 2);
  EXPECT_EQ(object["trained"][0]["both"], 1);
  EXPECT_EQ(object["trained"][0]["n"], 3);
}

TEST(ComparisonJson, SecondaryMetricsHaveNoP) {
  const Json object = Json::parse(text_of(mock_study({"norm=none", "norm=batch"}, 6)));
  EXPECT_EQ(object["study"]["primary"], "validation_accuracy");
  EXPECT_EQ(object["study"]["threshold_given"], false);
  int family = 0;
  for (const Json& contrast : object["contrasts"]) {
    ASSERT_TRUE(contrast.contains("p"));
    EXPECT_EQ(contrast["p"].is_null(), contrast["metric"] != "validation_accuracy");
    family += contrast["family"].get<bool>() ? 1 : 0;
  }
  EXPECT_EQ(family, 1);
}

TEST(ComparisonJson, ListsSeveralDataSets) {
  std::vector<DataFacts> data = kGlyphs;
  EXPECT_FALSE(Json::parse(text_of(mock_study({""}, 1), data))["study"].contains("data_sets"));
  data.push_back({"mnist", "ab", false, 48000, 12000, 10000});
  const Json object = Json::parse(text_of(mock_study({"", ""}, 1), data));
  EXPECT_EQ(object["study"]["data"]["name"], "glyphs");
  EXPECT_EQ(object["study"]["data_sets"][1]["name"], "mnist");
}

TEST(ComparisonJson, SurvivesBytesThatAreNotUtf8) {
  MockStudy mock = mock_study({"data=\xFF"}, 1);
  EXPECT_FALSE(Json::parse(text_of(mock), nullptr, false).is_discarded());
}

}  // namespace
}  // namespace normlab
