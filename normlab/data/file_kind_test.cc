#include "normlab/data/file_kind.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/data/test_files.h"

namespace normlab {
namespace {

using testing::HasSubstr;
using namespace testing_files;

FileKind kind(const std::string& head) {
  return kind_of_content(bytes_of(head));
}

TEST(FileKind, IsSeenFromTheFirstBytes) {
  EXPECT_EQ(kind(""), FileKind::empty);
  EXPECT_EQ(kind("1,2,3\r\n"), FileKind::text);
  EXPECT_EQ(kind("Größe\n"), FileKind::text);
  EXPECT_EQ(kind(idx_labels(1, "a")), FileKind::idx);
  EXPECT_EQ(kind(npy("|u1", "(1,)", "a")), FileKind::npy);
  EXPECT_EQ(kind(png_header(1, 1)), FileKind::png);
  EXPECT_EQ(kind(jpeg_file(8, 8, 1, std::string(64, 'a'))), FileKind::jpeg);
  EXPECT_EQ(kind("RIFF....WEBPVP8 "), FileKind::other_picture);
  EXPECT_EQ(kind("\x80\4\x95 "), FileKind::pickle);
  EXPECT_EQ(kind("\x89HDF\r\n\x1a\n..."), FileKind::hdf5);
  EXPECT_EQ(kind("PAR1...."), FileKind::parquet);
  EXPECT_EQ(kind("MATLAB 5.0 MAT-file"), FileKind::matlab);
  EXPECT_EQ(kind("<!DOCTYPE html>"), FileKind::html);
  EXPECT_EQ(kind("\x01\x02\x03\x04"), FileKind::unknown);
}

TEST(FileKind, LooksThroughCompression) {
  const TemporaryFolder folder;
  write_gzip(folder / "a", "\x80\4 pickled");
  write_tar_gz(folder / "b", {{"x", "y"}});
  write_zip(folder / "c", {{"x", "y"}});
  EXPECT_EQ(kind_of_file(folder / "a"), FileKind::pickle);
  EXPECT_EQ(kind_of_file(folder / "b"), FileKind::tar);
  EXPECT_EQ(kind_of_file(folder / "c"), FileKind::zip);
  EXPECT_EQ(kind_of_file(folder / "absent"), FileKind::unknown);
}

TEST(FileKind, WhatIsNotReadHasAWayOn) {
  for (const FileKind k :
       {FileKind::pickle, FileKind::hdf5, FileKind::parquet, FileKind::matlab, FileKind::npy}) {
    EXPECT_THAT(way_on(k), HasSubstr("numpy.savez_compressed('data.npz'")) << describe(k);
  }
  EXPECT_THAT(way_on(FileKind::pickle), HasSubstr("which this program does not run"));
  EXPECT_THAT(way_on(FileKind::zip), HasSubstr("unpack it"));
  EXPECT_THAT(way_on(FileKind::html), HasSubstr("download the file again"));
}

}  // namespace
}  // namespace normlab
