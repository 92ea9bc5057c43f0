#include "normlab/lab/model_parts.h"

#include <string>

#include <gtest/gtest.h>

#include "normlab/nn/model_spec.h"
#include "normlab/nn/network.h"

namespace normlab {
namespace {

TEST(ModelParts, AreThoseOfTheNetwork) {
  const Shape input{8, 8, 1};
  for (const char* text :
       {"flatten, linear 10", "flatten, linear 16, norm, relu, linear 10",
        "flatten, linear 16, relu, norm, linear 10", "flatten, norm, linear 10",
        "flatten,linear 16,  norm ,relu,linear 10", "conv 4 3x3, norm, relu, flatten, linear 10",
        "conv 4 3x3, relu, norm, flatten, linear 10", "conv 10 3x3, global_avgpool",
        "conv 4 3x3, norm, relu, maxpool 2, flatten, linear 10",
        "flatten, linear 16, dropout 0.5, norm, linear 10",
        "flatten, linear 16, norm, norm, linear 10", "conv 10 3x3, norm, global_avgpool",
        "conv 4 3x3, relu, residual(conv 4 3x3 pad same, norm, relu), global_avgpool, linear 10",
        "conv 4 3x3 bias off, norm, residual(norm, conv 4 1x1 | relu), global_avgpool"}) {
    SCOPED_TRACE(text);
    const ModelSpec model = parse_model_text(text);
    const ModelParts parts = model_parts(to_text(model));
    NetworkOptions options;
    options.norm.kind = NormKind::batch;
    const NetworkSummary kept = summarize(model, input, options, 1);
    EXPECT_EQ(parts.norm_slots, !kept.norms.empty());
    options.redundant_bias = RedundantBias::drop;
    EXPECT_EQ(parts.bias_before_norm,
              summarize(model, input, options, 1).parameters != kept.parameters);
    EXPECT_EQ(parts.linear, std::string(text).find("linear") != std::string::npos);
    EXPECT_EQ(parts.convolution, std::string(text).find("conv") != std::string::npos);
  }
}

TEST(ModelParts, OfABlockAreFoundInside) {
  const ModelParts parts = model_parts(
      "conv 4 3x3 bias off, norm, 2 x (residual(norm, conv 4 3x3 | norm), relu), global_avgpool");
  EXPECT_TRUE(parts.norm_slots);
  EXPECT_TRUE(parts.bias);
  EXPECT_FALSE(parts.bias_before_norm);
  EXPECT_FALSE(parts.linear);
  EXPECT_TRUE(model_parts("residual(linear 4, norm | linear 4)").bias_before_norm);
  EXPECT_FALSE(model_parts("linear 4, residual(norm)").bias_before_norm);
  EXPECT_FALSE(parts.scale);
  EXPECT_TRUE(model_parts("residual(linear 4, scale 0)").scale);
  EXPECT_FALSE(model_parts("conv 4 3x3 bias off, norm, linear 3 bias off").bias);
  EXPECT_FALSE(model_parts("").norm_slots);
}

}  // namespace
}  // namespace normlab
