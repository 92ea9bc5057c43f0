#include <map>
#include <set>

#include <gmock/gmock.h>

#include "normlab/report/html/comparison_charts.h"
#include "normlab/report/html/cost_charts.h"
#include "normlab/report/html/curve_charts.h"
#include "normlab/report/html/document.h"
#include "normlab/report/html/grid_chart.h"
#include "normlab/report/html/inside_charts.h"
#include "normlab/report/html/report_input_test.h"
#include "normlab/report/html/survival_chart.h"
#include "normlab/report/json_snapshot.h"
#include "normlab/report/snapshot.h"

namespace normlab {
namespace {

using testing::HasSubstr;

/// Two arms, two seeds, a few steps, a probe in each arm; the baseline's second seed diverged.
MockStudy two_arms() {
  MockStudy mock = mock_study({"norm=none", "norm=batch"}, 2);
  for (TrialResult& result : mock.results) {
    result.record.step_losses = mock_losses(4, result.trial.settings.seed, result.trial.arm);
  }
  diverge(mock.record(0, 2));
  mock.record(0, 2).step_losses.back() = INFINITY;
  mock.record(0, 1).probe = mock_probe();
  for (const char* of_norms : {"gamma", "beta", "mean_distance", "log_variance_distance"})
    mock.record(0, 1).probe->quantities.erase(of_norms);
  mock.record(1, 1).probe = mock_probe();
  return mock;
}

/// Charts with the rows they draw.
void expect_snapshot(const std::string& file, const std::vector<Chart>& charts, Json datasets) {
  Json object = {{"charts", Json::array()}, {"datasets", std::move(datasets)}};
  for (const Chart& chart : charts) object["charts"].push_back(chart_block(chart));
  expect_same_json(object, Json::parse(snapshot(file, object.dump(1) + "\n")), "");
}

TEST(Charts, LearningCurves) {
  Json datasets = Json::object();
  const auto charts = curve_charts(make_input(two_arms()), datasets);
  expect_snapshot("charts_curves.json", charts, datasets);
}

TEST(Charts, OneEpochIsDrawnAsPointsAndNotAsACurve) {
  MockStudy mock = mock_grid({32, 64}, 2);
  for (TrialResult& result : mock.results) result.record.epochs.resize(1);
  const ReportInput input = make_input(std::move(mock));
  Json datasets = Json::object();
  const auto charts = curve_charts(input, datasets);
  ASSERT_EQ(charts.size(), 3u) << "no steps were kept";
  for (const Chart& chart : charts) {
    EXPECT_TRUE(chart.controls.is_null());
    std::vector<std::string> marks;
    for (const Json& layer : chart.spec["layer"]) marks.push_back(layer["mark"]["type"]);
    EXPECT_THAT(marks, testing::ElementsAre("point", "rule", "point"));
    const std::string low = chart.spec["layer"][1]["encoding"]["x"]["field"];
    EXPECT_TRUE(datasets["epoch_means"][0].contains(low)) << low;
  }
  EXPECT_TRUE(small_multiples(input, datasets).empty());
  EXPECT_THAT(report_document(input)["sections"][1]["blocks"][0]["text"],
              HasSubstr("The study has a single epoch"));
}

TEST(Charts, DifferencesAreExplainedOnce) {
  const Json document = report_document(make_input(mock_study({"norm=none", "norm=batch"}, 2)));
  const std::string text = document.dump();
  const std::string words = "With minus without batch normalization, seed by seed";
  const std::size_t first = text.find(words);
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(text.find(words, first + 1), std::string::npos);
}

TEST(Charts, PairedDifferences) {
  Json datasets = Json::object();
  const auto charts =
      difference_charts(make_input(mock_study({"norm=none", "norm=batch"}, 2)), datasets);
  expect_snapshot("charts_differences.json", charts, datasets);
}

TEST(Charts, Survival) {
  Json datasets = Json::object();
  const auto chart = survival_chart(make_input(two_arms()), datasets);
  ASSERT_TRUE(chart);
  expect_snapshot("charts_survival.json", {*chart}, datasets);
}

TEST(Charts, SurvivalOffersWhatTellsTrialsApart) {
  Json datasets = Json::object();
  MockStudy mock = mock_study({"one"}, 1);
  std::vector<EpochRecord>& epochs = mock.record(0, 1).epochs;
  epochs.resize(2);
  // All from 0.5 on is reached in the second epoch: one accuracy says it.
  epochs[0].validation["accuracy"] = 0.45;
  epochs[1].validation["accuracy"] = 0.905;
  const auto alike = survival_chart(make_input(mock), datasets);
  ASSERT_TRUE(alike);
  EXPECT_FALSE(alike->controls.contains("slider"));
  EXPECT_THAT(alike->caption, HasSubstr("first reaches 90 %"));
  // With a third epoch, what that one adds is another matter.
  epochs.push_back(epochs[1]);
  epochs[2].epoch = 3;
  epochs[2].steps = 2 * epochs[1].steps;
  epochs[2].validation["accuracy"] = 0.96;
  const auto two = survival_chart(make_input(mock), datasets);
  EXPECT_EQ(two->controls["slider"]["values"], Json({0.5, 0.96}));
}

TEST(Charts, GridWithDivergence) {
  MockStudy mock = mock_grid({32, 64}, 2);
  diverge(mock.record(0, 1));
  diverge(mock.record(2, 1));
  diverge(mock.record(2, 2));
  Json datasets = Json::object();
  const auto chart = grid_chart(make_input(std::move(mock)), datasets);
  ASSERT_TRUE(chart);
  EXPECT_THAT(datasets["grid"][0]["text"], HasSubstr("(1/2 div.)"));
  EXPECT_EQ(datasets["grid"][2]["text"], "× 2/2 diverged");
  EXPECT_TRUE(datasets["grid"][2]["accuracy"].is_null());
  expect_snapshot("charts_grid.json", {*chart}, datasets);
}

TEST(Charts, Cost) {
  Json datasets = Json::object();
  const auto charts = cost_charts(make_input(two_arms()), datasets);
  EXPECT_NEAR(datasets["kind_times"][1]["share"].get<double>(), 5.0 / 125, 1e-9);
  expect_snapshot("charts_cost.json", charts, datasets);
}

TEST(Charts, InsideTheNetwork) {
  Json datasets = Json::object();
  const auto charts = inside_charts(make_input(two_arms()), datasets);
  expect_snapshot("charts_inside.json", charts, datasets);
}

TEST(Charts, AnArmThatRunsAwayDoesNotFlattenTheOthers) {
  const auto activations = [](float reach) {
    MockStudy mock = two_arms();
    for (auto& value : mock.record(0, 1).probe->quantities["input"][0].values)
      value = {-reach, -1, 0, 1, reach};
    Json datasets = Json::object();
    return inside_charts(make_input(mock), datasets).front();
  };
  const Chart alike = activations(5);
  EXPECT_FALSE(alike.spec.contains("resolve")) << "one scale lets arms be compared";
  EXPECT_THAT(alike.caption, testing::Not(HasSubstr("scale of its own")));
  const Chart apart = activations(1e6f);
  EXPECT_EQ(apart.spec["resolve"]["scale"]["y"], "independent");
  EXPECT_THAT(apart.caption, HasSubstr("each picture has a scale of its own"));
}

TEST(Charts, SmallMultiplesNeedMoreThanTheNorm) {
  Json datasets = Json::object();
  const ReportInput two = make_input(two_arms());
  curve_charts(two, datasets);
  EXPECT_TRUE(small_multiples(two, datasets).empty());
  EXPECT_FALSE(grid_chart(two, datasets));
  const ReportInput grid = make_input(mock_grid({32, 64, 128}, 2));
  curve_charts(grid, datasets);
  const auto charts = small_multiples(grid, datasets);
  ASSERT_EQ(charts.size(), 2u);
  EXPECT_EQ(charts[0].spec["facet"]["sort"], (Json{"batch=32", "batch=64", "batch=128"}));
}

void collect_fields(const Json& node, std::set<std::string>& fields) {
  if (node.is_object() && node.contains("field") && node["field"].is_string()) {
    fields.insert(node["field"]);
  }
  if (!node.is_structured()) return;
  for (const Json& child : node) collect_fields(child, fields);
}

/// What a chart asks of its rows is in some row, or the chart would be empty.
TEST(Charts, FieldsAndDataSetsExist) {
  ReportInput input = make_input(two_arms());
  const Json document = report_document(input);
  int charts = 0;
  for (const Json& section : document["sections"]) {
    for (const Json& block : section["blocks"]) {
      if (block["kind"] != "chart") continue;
      ++charts;
      std::set<std::string> fields;
      collect_fields(block["spec"], fields);
      std::set<std::string> known;
      for (const std::string name : block["datasets"]) {
        ASSERT_TRUE(document["datasets"].contains(name)) << block["id"];
        for (const Json& row : document["datasets"][name]) {
          for (const auto& [key, value] : row.items()) known.insert(key);
        }
      }
      for (const std::string& field : fields) {
        EXPECT_TRUE(known.contains(field)) << block["id"] << ": " << field;
      }
      EXPECT_FALSE(block["summary"].get<std::string>().empty()) << block["id"];
      EXPECT_FALSE(block["caption"].get<std::string>().empty()) << block["id"];
    }
  }
  EXPECT_GE(charts, 14);
}

}  // namespace
}  // namespace normlab
