#include "normlab/nn/model_spec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/base/error_test.h"
#include "normlab/nn/registry.h"

namespace normlab {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;

TEST(ModelText, IsAListOfLayersWithAnOptionalInput) {
  const ModelSpec plain = parse_model_text(" flatten,linear 10 ");
  EXPECT_FALSE(plain.input);
  EXPECT_EQ(to_text(plain), "flatten, linear 10");
  const ModelSpec shaped = parse_model_text("28x28x1: flatten, linear 10");
  EXPECT_EQ(shaped.input, (Shape{28, 28, 1}));
  EXPECT_EQ(to_text(shaped), "flatten, linear 10");
  EXPECT_EQ(parse_model_text("784: linear 10").input, Shape::vector(784));
}

TEST(ModelText, RefusesImpossibleInputs) {
  EXPECT_THAT([] { parse_model_text("28x28: flatten"); }, throws_request("28x28", "28x28x1"));
  EXPECT_THAT([] { parse_model_text("0x28x1: flatten"); }, throws_request("0x28x1"));
  EXPECT_THAT([] { parse_model_text("1000000000x1x1: flatten"); }, throws_request("65536"));
  EXPECT_THAT([] { parse_model_text("-3: linear 1"); }, throws_request("-3"));
  EXPECT_THAT([] { parse_model_text("028x28x1: flatten"); }, throws_request("028x28x1"));
  EXPECT_THAT([] { parse_model_text("+28x28x1: flatten"); }, throws_request("+28x28x1"));
}

TEST(ModelToml, HasNameInputAndLayers) {
  const ModelSpec model =
      parse_model_toml("name = 'x'\ninput = [4, 5, 6]\nlayers = ['flatten', 'linear 2']", "x.toml");
  EXPECT_EQ(model.name, "x");
  EXPECT_EQ(model.input, (Shape{4, 5, 6}));
  EXPECT_EQ(to_text(model), "flatten, linear 2");
}

TEST(ModelToml, SaysWhatIsWrongAndWhere) {
  const auto parse = [](const char* text) { return [text] { parse_model_toml(text, "x.toml"); }; };
  EXPECT_THAT(parse("name = 'x'\nlayers = ['flatten'"), throws_request("x.toml:2"));
  EXPECT_THAT(parse("layers = ['flatten']"), throws_request("x.toml", "name"));
  EXPECT_THAT(parse("name = 'x'"), throws_request("x.toml", "layers"));
  EXPECT_THAT(parse("name = 'x'\nlayers = []"), throws_request("no layers"));
  EXPECT_THAT(parse("name = 'x'\nlayers = [1]"), throws_request("string"));
  EXPECT_THAT(
      parse("name = 'x'\nlayer = ['flatten']"),
      throws_request("x.toml:2: unknown key 'layer' (did you mean 'layers'?); known: name"));
  EXPECT_THAT(parse("name = 'x'\nname = 'y'\nlayers = ['flatten']"),
              throws_request("x.toml:2", "'name'"));
}

TEST(FindModel, KnowsTheModelsOfTheFolder) {
  EXPECT_THAT(model_names(),
              AllOf(Contains("mlp-128-64"), Contains("mlp-512-256"), Contains("cnn-32")));
  for (const std::string& name : model_names()) EXPECT_EQ(find_model(name).name, name);
}

TEST(FindModel, SuggestsTheNearest) {
  EXPECT_THAT([] { find_model("mlp-128-46"); }, throws_request("did you mean 'mlp-128-64'"));
  EXPECT_THAT([] { find_model("nowhere/model.toml"); }, throws_request("nowhere/model.toml"));
}

TEST(MakeLayer, WritesBackWhatItRead) {
  for (const char* text :
       {"linear 10", "conv 32 3x3", "conv 32 3x3 stride 2 pad 1", "norm", "relu", "leaky_relu",
        "leaky_relu slope 0.2", "sigmoid", "tanh", "gelu", "maxpool 2", "maxpool 3 stride 2",
        "avgpool 2", "global_avgpool", "dropout 0.5", "flatten"}) {
    EXPECT_EQ(make_layer(text, {})->text(), text);
  }
  EXPECT_EQ(make_layer("conv 8 5 pad same", {})->text(), "conv 8 5x5 pad 2");
}

TEST(MakeLayer, SaysWhatWasExpected) {
  const auto make = [](const char* text) { return [text] { make_layer(text, {}); }; };
  EXPECT_THAT(make("lineer 10"),
              throws_request("unknown layer 'lineer'", "did you mean 'linear'", "maxpool"));
  for (const char* norm : {"batchnorm", "bn", "BatchNorm2d", "nn.BatchNorm1d", "batch_norm",
                           "BatchNormalization", "LayerNorm", "layers.BatchNormalization()"})
    EXPECT_THAT(make(norm), throws_request(norm, "'norm'", "norm=batch"));
  for (const char* linear :
       {"dense 10", "Dense 10", "fc 10", "FullyConnected 10", "nn.LazyLinear 10"})
    EXPECT_THAT(make(linear), throws_request("unknown layer", "'linear UNITS'"));
  for (const char* conv : {"Conv2d 8 3x3", "conv2d 8 3x3", "Conv2D 8 3x3", "nn.Conv2d 8"})
    EXPECT_THAT(make(conv), throws_request("'conv CHANNELS 3x3'"));
  EXPECT_THAT(make("softmax"), throws_request("the loss applies it", "linear CLASSES"));
  EXPECT_THAT(make("LogSoftmax"), throws_request("the loss applies it"));
  EXPECT_THAT(make("MaxPool2d 2"), throws_request("'maxpool 2'"));
  EXPECT_THAT(make("MaxPooling2D 2"), throws_request("'maxpool 2'"));
  EXPECT_THAT(make("GlobalAveragePooling2D"), throws_request("'global_avgpool'"));
  EXPECT_THAT(make("AdaptiveAvgPool2d 1"), throws_request("'global_avgpool'"));
  EXPECT_THAT(make("ReLU"), throws_request("did you mean 'relu'"));
  EXPECT_THAT(make("Activation relu"), throws_request("a layer of its own"));
  EXPECT_THAT(make("Input 28"), throws_request("stands in front"));
  EXPECT_THAT(make("linear 010"), throws_request("'010' begins with a zero: write 10"));
  EXPECT_THAT(make("linear +10"), throws_request("'+10'"));
  EXPECT_THAT(make("dropout 00.5"), throws_request("write 0.5"));
  EXPECT_THAT(make("conv 8 03x03"), throws_request("square", "03x03"));
  EXPECT_THAT(make(""), throws_request("empty layer"));
  EXPECT_THAT(make("linear"), throws_request("number of units", "linear UNITS"));
  EXPECT_THAT(make("linear 0"), throws_request("'0'", "1 to 1000000"));
  EXPECT_THAT(make("linear 1000000000"), throws_request("'1000000000'"));
  EXPECT_THAT(make("linear 10 20"), throws_request("'20'", "too many"));
  EXPECT_THAT(make("conv 0 3x3"), throws_request("channels", "'0'"));
  EXPECT_THAT(make("conv 8 3x5"), throws_request("square", "3x5"));
  EXPECT_THAT(make("conv 8 3x3 stride 0"), throws_request("stride"));
  EXPECT_THAT(make("conv 8 3x3 pad 3"), throws_request("padding"));
  EXPECT_THAT(make("conv 8 4x4 pad same"), throws_request("odd kernel"));
  EXPECT_THAT(make("dropout 1"), throws_request("probability", "'1'"));
  EXPECT_THAT(make("dropout nan"), throws_request("probability"));
  EXPECT_THAT(make("maxpool 16"), throws_request("16"));
  EXPECT_THAT(make("leaky_relu slope 0"), throws_request("slope"));
}

}  // namespace
}  // namespace normlab
