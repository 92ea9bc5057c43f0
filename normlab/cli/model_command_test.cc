#include "normlab/cli/model_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace normlab {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(ModelCommand, ShowsShapesOperationsAndNorms) {
  const ModelSpec model = parse_model_text("28x28x1: flatten, linear 128, norm, relu, linear 10");
  const std::string text = describe_model(model, *model.input, {});
  // Operations: 2 * 784 * 128 and 2 * 128 * 10; parameters: 784 * 128 + 128 + 2 * 128 + 128 * 10
  // + 10.
  EXPECT_THAT(text, StartsWith(R"(flatten, linear 128, norm, relu, linear 10

layer                output           flops
input               28x28x1
0: flatten              784
1: linear 128           128         200,704
2: norm                 128                  runs inside the layer before
3: relu                 128                  runs inside the layer before
4: linear 10             10           2,560

parameters   102,026 (408,104 bytes)
flops        203,264 for the forward pass of one example, a multiply-add counted as two
)"));
  EXPECT_THAT(
      text,
      EndsWith(
          "norm slots   1, norm=batch eps=1e-5 stat_update=0.1 running_var=unbiased gamma=learn "
          "beta=learn\n"));
}

TEST(ModelCommand, EmptySlotsHaveNoParameters) {
  const ModelSpec model = parse_model_text("28x28x1: flatten, linear 128, norm, relu, linear 10");
  NetworkOptions options;
  options.norm.kind = NormKind::none;
  const std::string text = describe_model(model, *model.input, options);
  EXPECT_THAT(text, HasSubstr("parameters   101,770 "));
  EXPECT_THAT(text, HasSubstr("none: norm slots are empty"));
}

TEST(ModelCommand, DrawsTheBranchesOfBlocks) {
  const ModelSpec model = parse_model_text(
      "4: residual(linear 4, residual(norm, relu)), residual(linear 2 | linear 2, norm), relu");
  EXPECT_THAT(describe_model(model, *model.input, {}), HasSubstr(R"(
input                                 4
0: residual                           4                  the sum of
│ 0.body.0: linear 4                  4              32
│ 0.body.1: residual                  4                  the sum of
│ │ 0.body.1.body.0: norm             4
│ │ 0.body.1.body.1: relu             4                  runs inside the layer before
│ ├ and the block's input itself
├ and the block's input itself
1: residual                           2                  the sum of
│ 1.body.0: linear 2                  2              16
├ and
│ 1.shortcut.0: linear 2              2              16
│ 1.shortcut.1: norm                  2                  runs inside the layer before
2: relu                               2                  runs inside the layer before
)"));
}

}  // namespace
}  // namespace normlab
