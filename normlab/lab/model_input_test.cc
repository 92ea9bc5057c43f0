#include "normlab/lab/model_input.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/base/error.h"

namespace normlab {
namespace {

Dataset eights() {
  Dataset data;
  data.name = "eights";
  data.height = data.width = 8;
  data.channels = 1;
  return data;
}

TEST(ModelInput, OfAListOfLayersMustBeThatOfTheData) {
  EXPECT_EQ(check_input(parse_model_text("flatten, linear 10"), eights()), "");
  EXPECT_EQ(check_input(parse_model_text("8x8x1: flatten, linear 10"), eights()), "");
  for (const char* shape : {"28x28x1", "8x8x3", "64"}) {
    EXPECT_THAT(
        [&] { check_input(parse_model_text(std::string(shape) + ": linear 10"), eights()); },
        testing::ThrowsMessage<RequestError>(
            testing::AllOf(testing::HasSubstr(std::string("its input is ") + shape),
                           testing::HasSubstr("the images of eights are 8x8x1"))));
  }
}

TEST(ModelInput, OfAFileIsToldOf) {
  const char* text = "name = 'net'\ninput = [28, 28, 1]\nlayers = ['flatten', 'linear 10']";
  EXPECT_EQ(check_input(parse_model_toml(text, "net.toml"), eights()),
            "model net was made for inputs of 28x28x1; with eights it takes 8x8x1");
}

}  // namespace
}  // namespace normlab
