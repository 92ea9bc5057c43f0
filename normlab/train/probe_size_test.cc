#include "normlab/train/probe_size.h"

#include <gtest/gtest.h>

namespace normlab {
namespace {

TEST(ProbeSize, CountsParametersActivationsAndImages) {
  const ModelSpec model = find_model("flatten, linear 100, norm, relu, linear 10");
  const Shape input{10, 10, 1};
  const NetworkOptions options{.norm = {.kind = NormKind::batch}};
  const auto bytes = [&](std::int64_t examples) {
    return probe_bytes(model, input, options, examples);
  };
  const std::int64_t parameters = 100 * 100 + 100 + 200 + 1000 + 10;
  // What is needed until the way back: the images, the norm's input, the ReLU's output, the logits.
  // The rest shares storage with gradients and scratch, which are less than that.
  const std::int64_t per_example = 4 * (100 + 100 + 100 + 10);
  EXPECT_GE(bytes(64), 8 * parameters + 64 * per_example);
  EXPECT_LE(bytes(64), 8 * parameters + 2 * 64 * per_example);
  EXPECT_GE(bytes(256) - bytes(64), 192 * per_example);
}

}  // namespace
}  // namespace normlab
