#include "normlab/bench/json.h"

#include <gtest/gtest.h>

#include "normlab/bench/compare.h"

namespace normlab::bench {
namespace {

BenchResult some_result() {
  const Spread spread{5, 2, 1.5, 2.5, 1, 3};
  BenchResult result;
  result.limits = {100, 10, {{"avx2", 50}}, {{Mix::copy, 4096, 2e9}}};
  result.kernels = {{.name = "adam",
                     .shape = "10",
                     .limit = "bandwidth",
                     .gb_per_s = 4.5,
                     .gflops = {},
                     .share_of_limit = 0.5,
                     .seconds = spread}};
  result.steps = {{"cnn-32",
                   32,
                   "adam",
                   "batch",
                   "float",
                   2,
                   80,
                   0.8,
                   {{"0: conv 32 3x3", "conv", 0.25, 0.5}, {"1: norm", "norm", 0.25, 0}},
                   spread}};
  result.norm_cost = {{"cnn-32", 32, "adam", "float", 1, spread}};
  result.scaling = {{"trials", "cnn-32", 32, "float", spread}};
  return result;
}

TEST(BenchJson, HasTheKeysThatAreDocumented) {
  const auto json = result_json(some_result(), {{"normlab", "0"}});
  EXPECT_EQ(json["limits"]["fma_gflops_per_core"], 100);
  EXPECT_EQ(json["limits"]["bandwidth_gb_per_s"], 10);
  EXPECT_EQ(json["limits"]["fma_gflops_by_instruction_set"]["avx2"], 50);
  EXPECT_EQ(json["limits"]["bandwidth"][0]["mix"], "copy");
  EXPECT_EQ(json["limits"]["bandwidth"][0]["gb_per_s"], 2);
  const auto& kernel = json["kernels"][0];
  EXPECT_EQ(kernel["name"], "adam");
  EXPECT_EQ(kernel["shape"], "10");
  EXPECT_EQ(kernel["gb_per_s"], 4.5);
  EXPECT_TRUE(kernel["gflops"].is_null());
  EXPECT_EQ(kernel["share_of_limit"], 0.5);
  const auto& step = json["steps"][0];
  EXPECT_EQ(step["model"], "cnn-32");
  EXPECT_EQ(step["batch"], 32);
  EXPECT_EQ(step["optimizer"], "adam");
  EXPECT_EQ(step["norm"], "batch");
  EXPECT_EQ(step["precision"], "float");
  EXPECT_EQ(step["threads"], 2);
  EXPECT_EQ(step["seconds"], 2);
  EXPECT_EQ(step["gflops"], 80);
  EXPECT_EQ(step["share_of_peak"], 0.8);
  EXPECT_EQ(step["time_by_kind"]["conv"], 0.75);
  EXPECT_EQ(step["time_by_layer"][0]["layer"], "0: conv 32 3x3");
  EXPECT_EQ(step["time_by_layer"][0]["forward"], 0.25);
  EXPECT_EQ(step["time_by_layer"][0]["backward"], 0.5);
  EXPECT_EQ(step["range"], (nlohmann::ordered_json{1.0, 3.0}));
  EXPECT_EQ(json["norm_cost"][0]["model"], "cnn-32");
  EXPECT_EQ(json["norm_cost"][0]["batch"], 32);
  EXPECT_EQ(json["norm_cost"][0]["ratio"], 2);
}

TEST(BenchJson, CanBeCompared) {
  const auto text = result_json(some_result(), {}).dump();
  const auto changes = compare(nlohmann::json::parse(text), "A", nlohmann::json::parse(text), "B");
  EXPECT_EQ(changes.size(), 2u);
}

}  // namespace
}  // namespace normlab::bench
