#include "normlab/report/text_layout.h"

#include <gmock/gmock.h>

namespace normlab {
namespace {

using testing::ElementsAre;

TEST(DisplayWidth, CountsColumnsNotBytes) {
  EXPECT_EQ(display_width(""), 0u);
  EXPECT_EQ(display_width("abc"), 3u);
  EXPECT_EQ(display_width("0.5 ± 0.1"), 9u);
  EXPECT_EQ(display_width("µs"), 2u);
  EXPECT_EQ(display_width("–─"), 2u);
  EXPECT_EQ(display_width("手書き"), 6u) << "wide characters";
  EXPECT_EQ(display_width("e\u0301"), 1u) << "a combining accent";
  EXPECT_EQ(display_width("\U0001F600"), 2u);
}

TEST(DisplayWidth, CountsBrokenBytesOneByOne) {
  EXPECT_EQ(display_width("\xFF\xFE"), 2u);
  EXPECT_EQ(display_width("a\xC2"), 2u) << "cut in the middle of a character";
  EXPECT_EQ(display_width("\x80\x80"), 2u);
}

TEST(Widest, IsOfWhatIsShown) {
  EXPECT_EQ(widest({"abc", "手書き", "e\u0301"}), 6u);
  EXPECT_EQ(widest({}), 0u);
}

TEST(Pad, FillsUpToTheWidth) {
  EXPECT_EQ(pad_left("±1", 4), "  ±1");
  EXPECT_EQ(pad_right("±1", 4), "±1  ");
  EXPECT_EQ(pad_left("longer", 4), "longer");
}

TEST(Wrap, BreaksAtSpaces) {
  EXPECT_THAT(wrap("norm=batch batch=64", 12), ElementsAre("norm=batch", "batch=64"));
  EXPECT_THAT(wrap("norm=batch batch=64", 19), ElementsAre("norm=batch batch=64"));
  EXPECT_THAT(wrap("a-word-too-long for it", 6), ElementsAre("a-word-too-long", "for it"));
  EXPECT_THAT(wrap("  two  spaces ", 20), ElementsAre("two spaces"));
  EXPECT_THAT(wrap("", 5), ElementsAre(""));
  EXPECT_THAT(wrap("a b", 0), ElementsAre("a", "b"));
}

}  // namespace
}  // namespace normlab
