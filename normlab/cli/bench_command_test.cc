#include "normlab/cli/bench_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace normlab {
namespace {

using ::testing::HasSubstr;

bench::BenchResult some_result() {
  const bench::Spread spread{5, 2e-6, 1.9e-6, 2.1e-6, 1e-6, 3e-6};
  bench::BenchResult result;
  result.limits = {117.2, 10.5, {{"avx2", 50}, {"avx512", 117.2}}, {}};
  for (const bench::Mix mix : bench::kMixes) {
    result.limits.bandwidth.push_back({mix, 1 << 20, 2e9});
  }
  result.kernels = {{.name = "adam",
                     .shape = "10",
                     .limit = "bandwidth",
                     .gb_per_s = 4.5,
                     .gflops = {},
                     .share_of_limit = 0.51,
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
  result.norm_cost = {{"cnn-32", 32, "adam", "float", 1, {5, 1.08, 1.07, 1.09, 1, 1.2}}};
  result.scaling = {{"limit", "", 0, "float", {5, 1.97, 1.96, 1.98, 1.9, 2}},
                    {"trials", "cnn-32", 32, "float", {5, 1.95, 1.9, 2, 1.8, 2}}};
  result.rounds = 5;
  result.seconds = 12;
  return result;
}

TEST(BenchText, ShowsLimitsKernelsStepsAndRatios) {
  const std::string text = describe_bench(some_result());
  EXPECT_THAT(text,
              HasSubstr("FMA peak of one core     117.2 GFLOP/s (avx2 50.0, avx512 117.2)\n"));
  EXPECT_THAT(text, HasSubstr("1 MiB             2.0    2.0   2.0     2.0\n"));
  EXPECT_THAT(text,
              HasSubstr("adam    10     2 us  5  10.0 %   4.5               51 %  bandwidth\n"));
  EXPECT_THAT(
      text,
      HasSubstr(
          "cnn-32            32  adam       batch        2  2 us  5  10.0 %     80.0     80 %\n"));
  EXPECT_THAT(text, HasSubstr("cnn-32           32        2  conv 75 %, norm 25 %\n"));
  EXPECT_THAT(text, HasSubstr("+8.0 %  +7.0 to +9.0 %\n"));
  EXPECT_THAT(text, HasSubstr("two trials   1.95  1.90 to 2.00\n"));
  EXPECT_THAT(text, HasSubstr("multiply-adds                 two loops    1.97  1.96 to 1.98\n"));
  EXPECT_THAT(text, HasSubstr("5 rounds, 12 s"));
}

TEST(BenchText, ShowsWhereOneThreadSpendsItsTime) {
  bench::BenchResult result = some_result();
  EXPECT_THAT(describe_bench(result), Not(HasSubstr("0: conv")));
  result.steps[0].threads = 1;
  EXPECT_THAT(describe_bench(result),
              HasSubstr("cnn-32                      32  0: conv 32 3x3   25.0 %    50.0 %\n"));
}

TEST(BenchText, NamesAPrecisionThatIsNotFloat) {
  bench::BenchResult result = some_result();
  result.steps[0].precision = "bf16";
  EXPECT_THAT(describe_bench(result), HasSubstr("cnn-32 bf16       32  adam "));
}

TEST(BenchText, ShowsOnlyTrueDifferences) {
  const std::string text = describe_changes({{"adam 10", 1e-6, 2e-6, true, false},
                                             {"sgd 10", 1e-6, 1.1e-6, false, false},
                                             {"gather 1", 2e-6, 1e-6, false, true}});
  EXPECT_THAT(text, HasSubstr("adam 10     1 us   2 us            2.00  slower\n"));
  EXPECT_THAT(text, HasSubstr("gather 1    2 us   1 us            0.50  faster\n"));
  EXPECT_THAT(text, Not(HasSubstr("sgd")));
  EXPECT_THAT(text, HasSubstr("3 compared: 1 slower, 1 faster, the others' ranges meet\n"));
}

}  // namespace
}  // namespace normlab
