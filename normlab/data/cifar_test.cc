#include "normlab/data/cifar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/data/test_files.h"

namespace normlab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using namespace testing_files;

std::string error_of(const std::string& bytes, const CifarFormat& format) {
  return request_error([&] { parse_cifar(bytes_of(bytes), format, "some-file"); });
}

TEST(Cifar, TurnsPlanesIntoPixels) {
  std::string record(1, 7);
  for (int i = 0; i < 3 * 1024; ++i) record += static_cast<char>(i % 251);
  const ImageSet images = parse_cifar(bytes_of(record), kCifar10, "some-file");
  ASSERT_EQ(images.pixels.size(), 3072u);
  EXPECT_THAT(images.labels, ElementsAre(7));
  for (const std::size_t pixel : {0u, 1u, 31u, 32u, 1023u}) {
    for (std::size_t c = 0; c < 3; ++c) {
      EXPECT_EQ(images.pixels[pixel * 3 + c], (c * 1024 + pixel) % 251) << pixel << " " << c;
    }
  }
}

TEST(Cifar, ReadsRecordsInOrder) {
  const std::string bytes =
      cifar_record("\x03", 'r', 'g', 'b') + cifar_record("\x09", 'R', 'G', 'B');
  const ImageSet images = parse_cifar(bytes_of(bytes), kCifar10, "some-file");
  EXPECT_THAT(images.labels, ElementsAre(3, 9));
  EXPECT_EQ(images.pixels[0], 'r');
  EXPECT_EQ(images.pixels[3072 + 2], 'B');
}

TEST(Cifar, TakesTheFineLabelOfCifar100) {
  const std::string bytes = cifar_record("\x13\x63", 'r', 'g', 'b');
  EXPECT_THAT(parse_cifar(bytes_of(bytes), kCifar100, "some-file").labels, ElementsAre(99));
}

TEST(Cifar, RefusesLabelsOutOfRange) {
  EXPECT_THAT(error_of(cifar_record("\x09", 0, 0, 0) + cifar_record("\x0a", 0, 0, 0), kCifar10),
              HasSubstr("some-file: record 1 has label 10; CIFAR-10 has 0..9"));
  EXPECT_THAT(error_of(cifar_record("\x13\x64", 0, 0, 0), kCifar100), HasSubstr("label 100"));
}

TEST(Cifar, RefusesWhatIsNoWholeNumberOfRecords) {
  const std::string record = cifar_record("\x03", 0, 0, 0);
  EXPECT_THAT(error_of("", kCifar10), HasSubstr("some-file: the file is empty"));
  EXPECT_THAT(error_of(record.substr(1), kCifar10), HasSubstr("cut short"));
  EXPECT_THAT(error_of(record + "x", kCifar10), HasSubstr("3074 bytes"));
  EXPECT_THAT(error_of(record, kCifar100), HasSubstr("no whole number of CIFAR-100 records"));
}

TEST(Cifar, RefusesAFileAHundredTimesTooLarge) {
  const std::vector<std::byte> bytes(max_cifar_file_bytes(kCifar10) + 1);
  EXPECT_THAT(request_error([&] { parse_cifar(bytes, kCifar10, "some-file"); }),
              HasSubstr("more than the 100000 CIFAR-10 records"));
}

}  // namespace
}  // namespace normlab
