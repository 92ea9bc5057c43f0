#include "normlab/data/idx.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/data/test_files.h"

namespace normlab {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using namespace testing_files;

std::string images_error(const std::string& bytes) {
  return request_error([&] { parse_idx_images(bytes_of(bytes), "some-file"); });
}
std::string labels_error(const std::string& bytes) {
  return request_error([&] { parse_idx_labels(bytes_of(bytes), "some-file"); });
}

TEST(Idx, ReadsImages) {
  const std::string bytes = idx_images(2, 1, 3, "abcdef");
  const ImageArray images = parse_idx_images(bytes_of(bytes), "some-file");
  EXPECT_EQ(images.size(), 2);
  EXPECT_EQ(images.height, 1);
  EXPECT_EQ(images.width, 3);
  EXPECT_THAT(images.pixels, ElementsAre('a', 'b', 'c', 'd', 'e', 'f'));
  EXPECT_EQ(idx_file_size(bytes_of(bytes).first(kIdxHeaderBytes), "some-file"), bytes.size());
}

TEST(Idx, ReadsLabels) {
  const std::string bytes = idx_labels(3, "\x01\xff\x02");
  EXPECT_THAT(parse_idx_labels(bytes_of(bytes), "some-file"), ElementsAre(1, 255, 2));
  EXPECT_EQ(idx_file_size(bytes_of(bytes), "some-file"), bytes.size());
}

TEST(Idx, RefusesAnEmptyFile) {
  EXPECT_THAT(images_error(""), HasSubstr("some-file: the file is empty"));
  EXPECT_THAT(labels_error(""), HasSubstr("some-file: the file is empty"));
}

TEST(Idx, RefusesEveryTruncation) {
  const std::string images = idx_images(2, 1, 3, "abcdef");
  const std::string labels = idx_labels(3, "abc");
  for (std::size_t size = 1; size < images.size(); ++size) {
    EXPECT_THAT(images_error(images.substr(0, size)), HasSubstr("bytes"))
        << "images cut to " << size;
  }
  for (std::size_t size = 1; size < labels.size(); ++size) {
    EXPECT_THAT(labels_error(labels.substr(0, size)), HasSubstr("bytes"))
        << "labels cut to " << size;
  }
  EXPECT_THAT(images_error(images.substr(0, 18)), HasSubstr("cut short"));
}

TEST(Idx, RefusesMoreBytesThanTheHeaderPromises) {
  EXPECT_THAT(images_error(idx_images(2, 1, 3, "abcdefg")), HasSubstr("more than the 22 bytes"));
  EXPECT_THAT(labels_error(idx_labels(2, std::string(200, 'a'))),
              HasSubstr("more than the 10 bytes"));
}

TEST(Idx, ReadsLabelsOfMoreThanAByte) {
  const std::string shorts = big_endian(0xb01) + big_endian(2) + std::string("\x03\xe7\0\1", 4);
  EXPECT_THAT(parse_idx_labels(bytes_of(shorts), "some-file"), ElementsAre(999, 1));
  const std::string ints = big_endian(0xc01) + big_endian(2) + big_endian(300) + big_endian(0);
  EXPECT_THAT(parse_idx_labels(bytes_of(ints), "some-file"), ElementsAre(300, 0));
  EXPECT_EQ(idx_file_size(bytes_of(ints), "some-file"), ints.size());
}

TEST(Idx, ReadsTheClassInFrontOfWhatElseQmnistKnows) {
  const std::string bytes = big_endian(0xc02) + big_endian(2) + big_endian(3) + big_endian(7) +
                            big_endian(5000) + big_endian(1) + big_endian(9) + big_endian(1) +
                            big_endian(2);
  EXPECT_THAT(parse_idx_labels(bytes_of(bytes), "some-file"), ElementsAre(7, 9));
}

TEST(Idx, RefusesLabelsThatAreNoClasses) {
  EXPECT_THAT(labels_error(big_endian(0xc01) + big_endian(2) + big_endian(0) + big_endian(1000)),
              HasSubstr("label 1000 of record 1; labels are numbers of classes, 0..999"));
  EXPECT_THAT(labels_error(big_endian(0xc01) + big_endian(1) + big_endian(0xffffffff)),
              HasSubstr("label -1 of record 0"));
  EXPECT_THAT(labels_error(big_endian(0xb01) + big_endian(1) + "\xff\xfe"),
              HasSubstr("label -2 of record 0"));
  EXPECT_THAT(labels_error(big_endian(0x901) + big_endian(1) + "\xff"),
              HasSubstr("label -1 of record 0"));
}

TEST(Idx, SaysInWordsWhatAFileOfAnotherTypeOrRankHolds) {
  EXPECT_THAT(images_error(big_endian(0xd02) + big_endian(1) + big_endian(2) + std::string(8, 'a')),
              AllOf(HasSubstr("some-file: holds 32-bit floats in 2 dimensions, 1 x 2, but images"),
                    HasSubstr("images are bytes in 3 dimensions (count, height, width)")));
  EXPECT_THAT(labels_error(big_endian(0xe01) + big_endian(1) + std::string(8, 'a')),
              HasSubstr("holds 64-bit floats in 1 dimension, 1, but labels are expected here"));
  EXPECT_THAT(images_error(big_endian(0x804) + std::string(40, '\1')),
              HasSubstr("holds bytes in 4 dimensions"));
  EXPECT_THAT(images_error("<!DOCTYPE html><html>"),
              HasSubstr("is no IDX file: it starts with 3c21444f (an HTML page)"));
  EXPECT_THAT(images_error(std::string("\x07\x07\x08\x03 and more", 13)),
              HasSubstr("starts with 07070803; IDX images start with 00000803"));
}

TEST(Idx, NoticesExchangedFiles) {
  EXPECT_THAT(images_error(idx_labels(3, "abc")), HasSubstr("exchanged"));
  EXPECT_THAT(labels_error(idx_images(2, 1, 3, "abcdef")), HasSubstr("exchanged"));
}

TEST(Idx, RefusesEmptyAndEnormousShapes) {
  EXPECT_THAT(images_error(idx_images(0, 28, 28, "")), HasSubstr("holds no values"));
  EXPECT_THAT(labels_error(idx_labels(0, "")), HasSubstr("holds no values"));
  EXPECT_THAT(images_error(idx_images(1, 0, 28, "")), HasSubstr("1 x 0 x 28"));
  EXPECT_THAT(images_error(idx_images(1, 28, 4097, "")), HasSubstr("28 x 4097"));
  EXPECT_THAT(images_error(idx_images(0xffffffff, 4096, 4096, "")), HasSubstr("at most"));
  EXPECT_THAT(images_error(idx_images(6'000'000, 28, 28, "")), HasSubstr("at most"));
  EXPECT_THAT(labels_error(idx_labels(0xffffffff, "")), HasSubstr("at most"));
}

}  // namespace
}  // namespace normlab
