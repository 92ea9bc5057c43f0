#include "normlab/bench/step_flops.h"

#include <gtest/gtest.h>

namespace normlab::bench {
namespace {

double flops_of(const char* model, NormKind norm, std::int64_t examples) {
  NetworkOptions options;
  options.norm.kind = norm;
  return step_flops(summarize(find_model(model), {28, 28, 1}, options, examples), examples);
}

TEST(StepFlops, DenseLayersAreThreeProductsEachButTheFirst) {
  const double first = 2.0 * 784 * 128;
  const double others = 2.0 * (128 * 64 + 64 * 10);
  EXPECT_EQ(flops_of("mlp-128-64", NormKind::batch, 64), 64 * (2 * first + 3 * others));
}

TEST(StepFlops, ConvolutionsCountEveryPosition) {
  const double convolution = 2.0 * 26 * 26 * 32 * 9;
  const double dense = 2.0 * (13 * 13 * 32 * 128 + 128 * 10);
  EXPECT_EQ(flops_of("cnn-32", NormKind::batch, 32), 32 * (2 * convolution + 3 * dense));
}

TEST(StepFlops, NormsCountAsNothing) {
  EXPECT_EQ(flops_of("cnn-32", NormKind::batch, 7), flops_of("cnn-32", NormKind::none, 7));
}

TEST(StepFlops, ANetworkWithoutProductsHasNone) {
  EXPECT_EQ(flops_of("flatten, relu", NormKind::none, 7), 0);
}

}  // namespace
}  // namespace normlab::bench
