#include "normlab/cli/model_command.h"

#include <gtest/gtest.h>

namespace normlab {
namespace {

TEST(ModelCommand, ShowsShapesOperationsAndNorms) {
  const ModelSpec model = parse_model_text("28x28x1: flatten, linear 128, norm, relu, linear 10");
  const std::string text = describe_model(model, *model.input, {});
  EXPECT_EQ(text, "PENDING");
}

}  // namespace
}  // namespace normlab
