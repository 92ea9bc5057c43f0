#include "normlab/report/html/document.h"

#include <algorithm>
#include <random>

#include <gmock/gmock.h>

#include "normlab/report/html/appendix.h"
#include "normlab/report/html/page.h"
#include "normlab/report/html/report_input_test.h"
#include "normlab/report/json.h"

namespace normlab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> section_ids(const Json& document) {
  std::vector<std::string> ids;
  for (const Json& section : document["sections"]) ids.push_back(section["id"]);
  return ids;
}

TEST(Document, HasTheKeysOfTheContract) {
  MockStudy mock = mock_study({"norm=none", "norm=batch"}, 3);
  mock.record(1, 1).probe = mock_probe();
  ReportInput input = make_input(mock);
  input.title = "Does it help?";
  input.model = {"mlp-128-64", "28x28x1", {{"2: norm", "128", 256, true}}, 109770};
  const Json document = report_document(input);
  EXPECT_EQ(document["version"], 1);
  EXPECT_EQ(document["title"], "Does it help?");
  EXPECT_EQ(document["questions"][0], "What does batch normalization change in mlp-128-64?");
  EXPECT_EQ(document["arms"][1],
            (Json{{"label", "norm=batch"}, {"n", 3}, {"diverged", 0}, {"failed", 0}}));
  EXPECT_THAT(section_ids(document), ElementsAre("setup", "curves", "comparison", "inside",
                                                 "explanation", "conclusions", "appendix"));
  const Json& setup = document["sections"][0]["blocks"];
  EXPECT_THAT(setup[0]["text"], HasSubstr("no folder of that name"));
  EXPECT_EQ(
      setup[1]["layers"][0],
      (Json{{"text", "2: norm"}, {"shape", "128"}, {"parameters", 256}, {"norm_slot", true}}));
  EXPECT_EQ(setup[2]["differ"], (Json::array({{{"key", "norm"}, {"values", {"none", "batch"}}}})));
  EXPECT_EQ(setup[2]["same"], Json::array()) << "they stand in the appendix";
  const Json& appendix = document["sections"].back()["blocks"];
  const auto settings = std::find_if(appendix.begin(), appendix.end(),
                                     [](const Json& block) { return block["kind"] == "settings"; });
  ASSERT_NE(settings, appendix.end());
  EXPECT_EQ((*settings)["differ"], Json::array());
  EXPECT_THAT((*settings)["same"], testing::Contains(Json({{"key", "batch"}, {"value", "64"}})));
}

TEST(Document, NumbersAreThoseOfTheJsonReport) {
  const ReportInput input = make_input(mock_study({"norm=none", "norm=batch"}, 5));
  const Json document = report_document(input);
  const Json json =
      Json::parse(comparison_json(input.study, input.results, input.comparison, input.data));
  for (const Json& row : document["datasets"]["mean_differences"]) {
    const double scale = row["metric"] == "step_seconds"      ? 1e6
                         : row["metric"] == "validation_loss" ? 1
                                                              : 100;
    for (const Json& contrast : json["contrasts"]) {
      if (contrast["metric"] != row["metric"]) continue;
      EXPECT_DOUBLE_EQ(row["difference"].get<double>(),
                       contrast["difference"].get<double>() * scale);
      if (row["metric"] == "step_seconds") {
        EXPECT_TRUE(row["low"].is_null()) << "a bar would look like a verdict";
        continue;
      }
      EXPECT_DOUBLE_EQ(row["low"].get<double>(), contrast["ci95"][0].get<double>() * scale);
      EXPECT_DOUBLE_EQ(row["high"].get<double>(), contrast["ci95"][1].get<double>() * scale);
    }
  }
  EXPECT_EQ(document["downloads"][4]["text"], json.dump(2) + "\n");
}

TEST(Document, FilesTooLargeForAPageAreNamedInstead) {
  MockStudy mock = mock_study({"norm=none", "norm=batch"}, 2);
  for (TrialResult& result : mock.results) {
    result.record.epochs.resize(20'000, result.record.epochs.back());
  }
  const Json document = report_document(make_input(mock));
  EXPECT_EQ(document["downloads"].size(), 3u) << "no epochs.csv, no json";
  EXPECT_THAT(document["sections"].back().dump(), HasSubstr("-epochs.csv, "));
}

TEST(Document, WorksForStudiesThatShowLittle) {
  EXPECT_THAT(section_ids(report_document(make_input(mock_study({""}, 1)))),
              ElementsAre("setup", "curves", "comparison", "conclusions", "appendix"));
  MockStudy failed = mock_study({"norm=none", "norm=batch"}, 2);
  for (TrialResult& result : failed.results) break_down(result.record, "out of <memory>");
  const Json document = report_document(make_input(failed));
  EXPECT_THAT(document["sections"].back().dump(), HasSubstr("failed: out of <memory>"));
  MockStudy unfinished = mock_study({"norm=none", "norm=batch"}, 2);
  unfinished.results.clear();
  EXPECT_THAT(report_document(make_input(unfinished))["sections"].back().dump(),
              HasSubstr("4 of 4 trials have no result yet"));
}

/// Forty trials whose every number is noise, so that none is short and no two columns are extreme
/// in the same epochs.
MockStudy long_grid(std::int64_t epochs) {
  constexpr std::size_t kSteps = 100'000;
  MockStudy mock = mock_grid({32, 64, 128, 256}, 5);
  std::mt19937 generator(1);
  std::uniform_real_distribution<double> noise(0.1, 0.9);
  for (TrialResult& result : mock.results) {
    TrialRecord& record = result.record;
    record.step_losses = mock_losses(kSteps, result.trial.settings.seed, result.trial.arm);
    record.steps = kSteps;
    record.epochs.clear();
    for (std::int64_t epoch = 1; epoch <= epochs; ++epoch) {
      record.epochs.push_back({epoch, static_cast<std::int64_t>(kSteps) / epochs * epoch,
                               classified(noise(generator), noise(generator)),
                               classified(noise(generator), noise(generator)), noise(generator)});
    }
    record.probe = mock_probe();
    ProbeStep last{.quantities = record.probe->quantities};
    for (auto& [name, layers] : last.quantities) layers[0].values.erase(layers[0].values.begin());
    for (int i = 2; i < 1000; ++i) {
      last.step = 100 * i;
      last.quantities["norm"][0].values[0] = {static_cast<float>(noise(generator))};
      add(*record.probe, last);
    }
  }
  return mock;
}

/// 4 MB is what the whole file may have: the page itself has about one, images of CIFAR-10 add 0.6.
/// With 80 epochs, the files to save are as large as they may be; 10,000 fill the rows' budget.
TEST(Document, FortyTrialsOfAHundredThousandStepsStaySmall) {
  constexpr std::size_t kMostBytes = 2'300'000;
  for (const std::int64_t epochs : {80, 10'000}) {
    const Json document = report_document(make_input(long_grid(epochs)));
    EXPECT_LT(html_report(document, "@REPORT@").size(), kMostBytes) << epochs << " epochs";
  }
}

TEST(Document, TheSameInputGivesTheSameBytes) {
  const ReportInput input = make_input(mock_study({"norm=none", "norm=batch"}, 3));
  EXPECT_EQ(report_document(input).dump(), report_document(input).dump());
}

TEST(FileName, IsSafe) {
  EXPECT_EQ(file_name("mlp-128-64"), "mlp-128-64");
  EXPECT_EQ(file_name("../a b/ü"), "study..-a-b---");
  EXPECT_EQ(file_name(""), "study");
  EXPECT_EQ(file_name(".hidden"), "study.hidden");
}

}  // namespace
}  // namespace normlab
