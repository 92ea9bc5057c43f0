#include "normlab/data/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/base/hash.h"
#include "normlab/data/test_files.h"

namespace normlab {
namespace {

using testing::Each;
using testing::Field;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;
using namespace testing_files;

class VerifyTest : public testing::Test {
 protected:
  TemporaryFolder folder_;
};

TEST_F(VerifyTest, FilesOfAnUnpublishedSetAreUnknown) {
  write_small_idx_set(folder_ / "small");
  const auto checks = verify_dataset(folder_ / "small");
  EXPECT_THAT(checks, SizeIs(4));
  EXPECT_THAT(checks, Each(Field(&FileCheck::status, FileStatus::unknown)));
  EXPECT_EQ(checks[0].sha256, sha256_hex(read_file(folder_ / "small/train-images-idx3-ubyte")));
}

TEST_F(VerifyTest, OtherContentUnderAKnownNameIsBad) {
  write_small_idx_set(folder_ / "mnist");
  const auto checks = verify_dataset(folder_ / "mnist");
  EXPECT_THAT(checks, Each(Field(&FileCheck::status, FileStatus::bad)));
  EXPECT_THAT(checks[0].detail, HasSubstr("published ba891046e6505d7a"));
}

TEST_F(VerifyTest, AFileThatCannotBeDecodedIsBadUnderAnyName) {
  write_small_idx_set(folder_ / "small");
  std::filesystem::remove(folder_ / "small/t10k-labels-idx1-ubyte");
  write_file(folder_ / "small/t10k-labels-idx1-ubyte.gz", "\x1f\x8b\x08 no gzip");
  const auto checks = verify_dataset(folder_ / "small");
  EXPECT_EQ(checks[0].status, FileStatus::unknown);
  EXPECT_EQ(checks[3].status, FileStatus::bad);
  EXPECT_THAT(checks[3].detail, StartsWith("damaged or cut short")) << "the file is named already";
}

TEST_F(VerifyTest, WhatNobodyPublishedInFilesIsJudgedByItsContent) {
  write_zip(folder_ / "own.npz", small_npz_members());
  write_zip(folder_ / "mnist.npz", small_npz_members());
  write_small_idx_set(folder_ / "small");
  const auto own = verify_dataset(folder_ / "own.npz");
  ASSERT_THAT(own, SizeIs(1));
  EXPECT_EQ(own[0].status, FileStatus::unknown);
  EXPECT_EQ(own[0].sha256, sha256_hex(std::string("abcdefghijkl\0\1\2mnopqrst\0\2", 25)));
  const auto named = verify_dataset(folder_ / "mnist.npz");
  EXPECT_EQ(named[0].status, FileStatus::bad);
  EXPECT_THAT(named[0].detail, HasSubstr("published 06b0d1f124c4e5fa"));
  write_file(folder_ / "own.npz", read_file(folder_ / "own.npz").substr(0, 100));
  EXPECT_EQ(verify_dataset(folder_ / "own.npz")[0].status, FileStatus::bad);
}

TEST_F(VerifyTest, AnArchiveIsComparedAsItIsStored) {
  std::filesystem::create_directories(folder_ / "cifar10");
  write_file(folder_ / "cifar10/cifar-10-binary.tar.gz", "cut short");
  const auto checks = verify_dataset(folder_ / "cifar10");
  ASSERT_THAT(checks, SizeIs(1));
  EXPECT_EQ(checks[0].status, FileStatus::bad);
  EXPECT_EQ(checks[0].sha256, sha256_hex("cut short"));
}

}  // namespace
}  // namespace normlab
