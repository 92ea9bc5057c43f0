#include "normlab/data/picture.h"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/data/test_files.h"

namespace normlab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using namespace testing_files;

ImageArray decode(const std::string& file) {
  return decode_picture(bytes_of(file), "p");
}
std::string error(const std::string& file) {
  return request_error([&] { decode(file); });
}

TEST(Picture, ReadsPngExactly) {
  const ImageArray grey = decode(png_file(2, 3, 1, std::string("\0\1\x80\xff\x10\x20", 6)));
  EXPECT_EQ(shape_text(grey), "2 x 3");
  EXPECT_THAT(grey.pixels, ElementsAre(0, 1, 0x80, 0xff, 0x10, 0x20));
  const ImageArray colour = decode(png_file(1, 2, 3, "abcdef"));
  EXPECT_EQ(shape_text(colour), "1 x 2 x 3");
  EXPECT_THAT(colour.pixels, ElementsAre('a', 'b', 'c', 'd', 'e', 'f'));
}

TEST(Picture, ReadsJpegAsNearAsItIs) {
  std::string values;
  for (int i = 0; i < 16 * 16; ++i) values += static_cast<char>(i / 16 * 8 + 40);
  const ImageArray grey = decode(jpeg_file(16, 16, 1, values));
  ASSERT_EQ(shape_text(grey), "16 x 16");
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_LE(std::abs(grey.pixels[i] - static_cast<unsigned char>(values[i])), 2) << i;
  }
  const ImageArray colour = decode(jpeg_file(8, 8, 3, std::string(192, 'a')));
  EXPECT_EQ(shape_text(colour), "8 x 8 x 3");
  EXPECT_LE(std::abs(colour.pixels[0] - 'a'), 2);
}

TEST(Picture, RefusesEveryTruncationOfPng) {
  const std::string whole = png_file(4, 4, 1, "abcdefghijklmnop");
  for (std::size_t size = 8; size + 16 < whole.size(); ++size) {
    EXPECT_THAT(error(whole.substr(0, size)), HasSubstr("p: a damaged PNG picture, or cut short"))
        << size;
  }
}

TEST(Picture, RefusesEveryTruncationOfJpeg) {
  std::string values;
  for (int i = 0; i < 32 * 32; ++i) values += static_cast<char>(i * i % 251);
  const std::string whole = jpeg_file(32, 32, 1, values);
  for (std::size_t size = 3; size + 3 < whole.size(); size += 7) {
    EXPECT_THAT(error(whole.substr(0, size)), HasSubstr("p: a damaged JPEG picture, or cut short"))
        << size;
  }
}

TEST(Picture, RefusesFlippedBitsOfPng) {
  const std::string whole = png_file(4, 4, 1, "abcdefghijklmnop");
  std::string flipped = whole;
  const std::size_t place = whole.find("IDAT") + 6;
  flipped[place] = static_cast<char>(flipped[place] ^ 4);
  EXPECT_THAT(error(flipped), HasSubstr("a damaged PNG picture"));
}

TEST(Picture, RefusesEnormousSizesByTheHeader) {
  EXPECT_THAT(error(png_header(60'000, 60'000)),
              HasSubstr("p: a picture of 60000 x 60000 pixels; each side must be 1..4096"));
  EXPECT_THAT(error(png_header(0x7fffffff, 0x7fffffff)), HasSubstr("p: "));
  std::string jpeg = jpeg_file(8, 8, 1, std::string(64, 'a'));
  const std::size_t frame = jpeg.find("\xff\xc0");
  ASSERT_NE(frame, std::string::npos);
  jpeg.replace(frame + 5, 4, "\xff\x00\xff\x00", 4);  // height and width
  EXPECT_THAT(error(jpeg), HasSubstr("a picture of 65280 x 65280 pixels"));
}

TEST(Picture, RefusesOtherFiles) {
  EXPECT_THAT(error("GIF89a..."), HasSubstr("p: a picture; expected a PNG or JPEG picture"));
  EXPECT_THAT(error("hello"), HasSubstr("p: a text file; expected a PNG or JPEG picture"));
  EXPECT_THAT(error(""), HasSubstr("p: an empty file; expected"));
}

}  // namespace
}  // namespace normlab
