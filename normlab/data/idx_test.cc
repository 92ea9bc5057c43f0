#include "normlab/data/idx.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/data/test_files.h"

namespace normlab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using namespace testing_files;

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

std::string images_error(const std::string& bytes) {
  return request_error([&] { parse_idx_images(bytes_of(bytes), "some-file"); });
}
std::string labels_error(const std::string& bytes) {
  return request_error([&] { parse_idx_labels(bytes_of(bytes), "some-file"); });
}

TEST(Idx, ReadsImages) {
  const std::string bytes = idx_images(2, 1, 3, "abcdef");
  const IdxImages images = parse_idx_images(bytes_of(bytes), "some-file");
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

TEST(Idx, RefusesAnotherMagicNumber) {
  EXPECT_THAT(images_error(big_endian(0x80d) + std::string(20, 'a')),
              HasSubstr("starts with 0000080d; expected 00000803"));
  EXPECT_THAT(images_error(idx_labels(3, "abc")), HasSubstr("exchanged"));
  EXPECT_THAT(labels_error(idx_images(2, 1, 3, "abcdef")), HasSubstr("exchanged"));
}

TEST(Idx, RefusesEmptyAndEnormousShapes) {
  EXPECT_THAT(images_error(idx_images(0, 28, 28, "")), HasSubstr("holds no records"));
  EXPECT_THAT(labels_error(idx_labels(0, "")), HasSubstr("holds no records"));
  EXPECT_THAT(images_error(idx_images(1, 0, 28, "")), HasSubstr("0 x 28"));
  EXPECT_THAT(images_error(idx_images(1, 28, 4097, "")), HasSubstr("28 x 4097"));
  EXPECT_THAT(images_error(idx_images(0xffffffff, 4096, 4096, "")), HasSubstr("at most"));
  EXPECT_THAT(images_error(idx_images(6'000'000, 28, 28, "")), HasSubstr("at most"));
  EXPECT_THAT(labels_error(idx_labels(0xffffffff, "")), HasSubstr("at most"));
}

}  // namespace
}  // namespace normlab
