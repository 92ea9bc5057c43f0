#include "normlab/nn/layer_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/base/error_test.h"

namespace normlab {
namespace {

LayerList parse(std::string_view text) {
  return parse_layer_list(text, "model");
}

TEST(LayerList, HasLayersBlocksAndShortcuts) {
  const LayerList list =
      parse("linear 4, residual( norm,relu , linear 4 | linear 4 bias off ), relu");
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(list[0].text, "linear 4");
  EXPECT_FALSE(list[0].is_residual());
  ASSERT_TRUE(list[1].is_residual());
  EXPECT_EQ(list[1].body.size(), 3u);
  EXPECT_EQ(list[1].body[1].text, "relu");
  ASSERT_EQ(list[1].shortcut.size(), 1u);
  EXPECT_EQ(list[1].shortcut[0].text, "linear 4 bias off");
  EXPECT_EQ(count_layers(list), 7u);
}

TEST(LayerList, RepeatsAreWrittenOut) {
  EXPECT_EQ(parse("3 x (linear 4, relu), linear 2"),
            parse("linear 4, relu, linear 4, relu, linear 4, relu, linear 2"));
  EXPECT_EQ(parse("2x(residual(2 x (linear 4)))"),
            parse("residual(linear 4, linear 4), residual(linear 4, linear 4)"));
}

TEST(LayerList, ItsTextIsTheSameForEqualLists) {
  const std::string text = "residual(linear 4, residual(norm | relu), norm | linear 4), relu";
  EXPECT_EQ(to_text(parse(text)), text);
  EXPECT_EQ(to_text(parse("2 x (residual( relu ))")), "residual(relu), residual(relu)");
  EXPECT_EQ(parse(to_text(parse(text))), parse(text));
}

TEST(LayerList, SaysWhatIsWrongAndWhere) {
  EXPECT_THAT([] { parse("residual(linear 4, relu"); }, throws_request("not closed", "(linear 4"));
  EXPECT_THAT([] { parse("residual(relu | norm"); }, throws_request("not closed"));
  EXPECT_THAT([] { parse("relu)"); }, throws_request("')'", "without an opening"));
  EXPECT_THAT([] { parse("relu | norm"); }, throws_request("'|'", "without an opening"));
  EXPECT_THAT([] { parse("residual()"); }, throws_request("without layers"));
  EXPECT_THAT([] { parse("residual(relu |)"); }, throws_request("nothing behind the '|'"));
  EXPECT_THAT([] { parse("residual(relu) relu"); }, throws_request("expected a comma", "relu"));
  EXPECT_THAT([] { parse("block(relu)"); }, throws_request("'block('", "residual(...)", "3 x"));
  EXPECT_THAT([] { parse("nn.Linear(784, 10)"); }, throws_request("'linear 10'"));
  EXPECT_THAT([] { parse("nn.Conv2d(3, 16)"); }, throws_request("conv CHANNELS 3x3"));
  EXPECT_THAT([] { parse("0 x (relu)"); }, throws_request("0 x", "from 1 to"));
  EXPECT_THAT([] { parse("200 x (200 x (relu))"); }, throws_request("more than 10000 layers"));
  std::string deep;
  for (int i = 0; i < 20; ++i) deep += "residual(";
  EXPECT_THAT([&] { parse(deep); }, throws_request("nested deeper than 16"));
}

}  // namespace
}  // namespace normlab
