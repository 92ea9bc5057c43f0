#include "normlab/train/probe_document.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "normlab/base/error.h"
#include "normlab/train/cbor.h"

namespace normlab {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

ProbeRecord make_record() {
  ProbeRecord record{.interval = 100, .examples = 64, .seconds = 0.1};
  for (const std::int64_t step : {0, 100, 137}) {
    const auto s = static_cast<float>(step) / 3;
    add(record,
        {step,
         {{"input",
           {{"2: relu", {{-kInfinity, -1.1f, s, 1e-42f, kNaN}}}, {"4: tanh", {{1, 2, 3, 4, 5}}}}},
          {"dead", {{"2: relu", {{0.25f}}}, {"4: tanh", {{0}}}}},
          {"norm", {{"0: linear 8", {{0.1f + s}}}}},
          {"gamma", {{"1: norm", {{1, 1, s, 1, 1}}}}},
          {"beta", {{"1: norm", {{0, 0, 0, 0, -0.0f}}}}},
          {"mean_distance", {{"1: norm", {{2.5f}}}}},
          {"log_variance_distance", {{"1: norm", {{0.3f}}}}}}});
  }
  record.times = {{"linear", 1.0 / 3}, {"norm", 1e-9}};
  record.example = {"1: norm", 3,    {0.1f, -0.2f}, 1.0 / 7, 2.0 / 7, 2,
                    1e-5f,     0.9f, 0.1f,          0.3f,    1.2f};
  return record;
}

TEST(ProbeDocument, KeepsEveryBitAndWhatIsNotFinite) {
  const ProbeRecord record = make_record();
  const std::vector<std::byte> document = to_document(record);
  const ProbeRecord read = probe_from_document(document);
  EXPECT_EQ(to_document(read), document);
  EXPECT_EQ(read.interval, 100);
  EXPECT_EQ(read.examples, 64);
  EXPECT_EQ(read.seconds, 0.1);
  EXPECT_EQ(read.steps, (std::vector<std::int64_t>{0, 100, 137}));
  EXPECT_EQ(read.quantities.size(), 7u);
  const auto last = [&](std::string_view quantity, std::size_t layer) {
    return layers_of(read, quantity)[layer].values.at(2);
  };
  EXPECT_EQ(layers_of(read, "input")[0].layer, "2: relu");
  EXPECT_EQ(last("input", 0)[0], -kInfinity);
  EXPECT_EQ(last("input", 0)[2], 137.0f / 3);
  EXPECT_EQ(last("input", 0)[3], 1e-42f);
  EXPECT_TRUE(std::isnan(last("input", 0)[4]));
  EXPECT_EQ(last("dead", 0), std::vector{0.25f});
  EXPECT_EQ(layers_of(read, "input")[1].layer, "4: tanh");
  EXPECT_EQ(last("norm", 0), std::vector{0.1f + 137.0f / 3});
  EXPECT_EQ(last("gamma", 0)[2], 137.0f / 3);
  EXPECT_TRUE(std::signbit(last("beta", 0)[4]));
  EXPECT_EQ(last("mean_distance", 0), std::vector{2.5f});
  EXPECT_EQ(last("log_variance_distance", 0), std::vector{0.3f});
  EXPECT_EQ(read.times[0].seconds, 1.0 / 3);
  EXPECT_EQ(read.times[1].kind, "norm");
  EXPECT_EQ(read.example.x, record.example.x);
  EXPECT_EQ(read.example.batch_var, 2.0 / 7);
  EXPECT_EQ(read.example.running_var, 1.2f);
}

/// As the first version that had probes wrote it, less one quantity.
nlohmann::json old_document() {
  const auto norm = nlohmann::json{{"layer", "1: norm"},
                                   {"gamma", {{1, 1, 1, 1, 1}, {1, 1, 2, 1, 1}}},
                                   {"beta", {{0, 0, 0, 0, 0}, {0, 0, 0, 0, 0}}},
                                   {"mean_distance", {0.5, 0.25}}};
  const auto weights = nlohmann::json{{"layer", "0: linear 8"}, {"norm", {1.5, 2.5}}};
  return {{"interval", 100},
          {"examples", 64},
          {"seconds", 0.1},
          {"steps", {0, 100}},
          {"activations", nlohmann::json::array()},
          {"gradients", nlohmann::json::array({weights})},
          {"norms", nlohmann::json::array({norm})},
          {"times", nlohmann::json::array()},
          {"example",
           {{"layer", ""},
            {"channel", 0},
            {"x", nlohmann::json::array()},
            {"batch_mean", 0},
            {"batch_var", 0},
            {"rows", 0},
            {"eps", 0},
            {"gamma", 1},
            {"beta", 0},
            {"running_mean", 0},
            {"running_var", 1}}}};
}

TEST(ProbeDocument, OfAProgramThatMeasuredLessIsRead) {
  const ProbeRecord read = probe_from_document(cbor_from(old_document()));
  EXPECT_EQ(read.steps, (std::vector<std::int64_t>{0, 100}));
  EXPECT_EQ(layers_of(read, "norm")[0].values[1], std::vector{2.5f});
  EXPECT_EQ(layers_of(read, "gamma")[0].values[1][2], 2);
  EXPECT_EQ(layers_of(read, "mean_distance")[0].values[0], std::vector{0.5f});
  EXPECT_TRUE(layers_of(read, "log_variance_distance").empty()) << "not measured";
  EXPECT_TRUE(layers_of(read, "input").empty()) << "no such layer";
}

TEST(ProbeDocument, EveryLayerHasAValueForEveryStep) {
  nlohmann::json document = old_document();
  document["steps"].push_back(200);
  EXPECT_THROW(probe_from_document(cbor_from(document)), Error);
}

TEST(ProbeDocument, MayBeEmpty) {
  const ProbeRecord read = probe_from_document(to_document({.interval = 7}));
  EXPECT_EQ(read.interval, 7);
  EXPECT_TRUE(read.steps.empty());
  EXPECT_TRUE(read.quantities.empty());
}

TEST(ProbeDocument, SaysThatItIsDamaged) {
  std::vector<std::byte> document = to_document(make_record());
  document.resize(document.size() / 2);
  EXPECT_THROW(probe_from_document(document), Error);
  EXPECT_THROW(probe_from_document({}), Error);
  EXPECT_THROW(probe_from_document(std::as_bytes(std::span("\xa1\x61\x61"))), Error);
}

}  // namespace
}  // namespace normlab
