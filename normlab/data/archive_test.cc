#include "normlab/data/archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/data/test_files.h"

namespace normlab {
namespace {

using testing::HasSubstr;
using namespace testing_files;

/// Does not compress to nothing, so that a cut or a flipped bit hits data.
std::string noisy_text(std::size_t size) {
  std::string text(size, '\0');
  std::uint32_t state = 1;
  for (char& c : text) c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  return text;
}

std::string text_of(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

constexpr std::size_t kLimit = 1 << 20;
SizeLimit at_most(std::size_t limit) {
  return [limit](auto) { return limit; };
}

std::string read_error(const std::filesystem::path& file) {
  return request_error([&] { read_decoded(file, at_most(kLimit)); });
}

class ArchiveTest : public testing::Test {
 protected:
  TemporaryFolder folder_;
  const std::string text_ = noisy_text(300'000);
};

TEST_F(ArchiveTest, ReadsPlainGzipAndXzWhateverTheirNames) {
  write_file(folder_ / "plain.gz", text_);
  write_gzip(folder_ / "gzipped", text_);
  write_xz(folder_ / "xzipped.bin", text_);
  for (const char* name : {"plain.gz", "gzipped", "xzipped.bin"}) {
    EXPECT_EQ(text_of(read_decoded(folder_ / name, at_most(kLimit))), text_) << name;
  }
}

TEST_F(ArchiveTest, ReadsFilesInSeveralGzipPieces) {
  write_gzip(folder_ / "a", "one ");
  write_gzip(folder_ / "b", "two");
  write_file(folder_ / "both", read_file(folder_ / "a") + read_file(folder_ / "b"));
  EXPECT_EQ(text_of(read_decoded(folder_ / "both", at_most(kLimit))), "one two");
}

TEST_F(ArchiveTest, AnEmptyFileIsNoBytes) {
  write_file(folder_ / "empty", "");
  EXPECT_TRUE(read_decoded(folder_ / "empty", at_most(kLimit)).empty());
}

TEST_F(ArchiveTest, AsksForTheLimitWithTheFirstBytesAndStopsBehindIt) {
  write_gzip(folder_ / "file", text_);
  std::string head;
  const Bytes bytes = read_decoded(folder_ / "file", [&](std::span<const std::byte> first) {
    head.assign(reinterpret_cast<const char*>(first.data()), first.size());
    return std::size_t{1000};
  });
  EXPECT_EQ(head, text_.substr(0, kHeadBytes));
  EXPECT_EQ(text_of(bytes), text_.substr(0, 1001));
}

TEST_F(ArchiveTest, AFileOfTheLimitIsReadWhole) {
  write_file(folder_ / "file", text_);
  EXPECT_EQ(read_decoded(folder_ / "file", at_most(text_.size())).size(), text_.size());
}

TEST_F(ArchiveTest, RefusesEveryTruncationOfGzip) {
  write_gzip(folder_ / "whole", text_);
  const std::string whole = read_file(folder_ / "whole");
  for (const std::size_t cut : {1u, 3u, 8u, 9u, 1000u, 200'000u}) {
    write_file(folder_ / "cut", whole.substr(0, whole.size() - cut));
    EXPECT_THAT(read_error(folder_ / "cut"),
                HasSubstr("damaged or cut short (gzip: unexpected end of file)"))
        << cut;
  }
  for (const std::size_t left : {2u, 5u, 10u}) {
    write_file(folder_ / "cut", whole.substr(0, left));
    EXPECT_THAT(read_error(folder_ / "cut"), HasSubstr("damaged or cut short")) << left;
  }
}

TEST_F(ArchiveTest, RefusesEveryTruncationOfXz) {
  write_xz(folder_ / "whole", text_);
  const std::string whole = read_file(folder_ / "whole");
  for (const std::size_t cut : {1u, 12u, 40u, 1000u, 200'000u}) {
    write_file(folder_ / "cut", whole.substr(0, whole.size() - cut));
    EXPECT_THAT(read_error(folder_ / "cut"), HasSubstr("damaged or cut short")) << cut;
  }
}

TEST_F(ArchiveTest, NoticesOneFlippedBit) {
  write_gzip(folder_ / "gzip", text_);
  write_xz(folder_ / "xz", text_);
  for (const char* name : {"gzip", "xz"}) {
    std::string content = read_file(folder_ / name);
    content[content.size() / 2] = static_cast<char>(content[content.size() / 2] ^ 1);
    write_file(folder_ / "flipped", content);
    EXPECT_THAT(read_error(folder_ / "flipped"), HasSubstr("damaged")) << name;
  }
}

TEST_F(ArchiveTest, AMissingFileIsAFailureThatNamesIt) {
  try {
    read_decoded(folder_ / "absent", at_most(kLimit));
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("absent: cannot be read: No such file"));
  }
}

MemberLimit up_to(std::size_t limit) {
  return [limit](const std::string&, auto) { return limit; };
}

const std::vector<std::string> kWanted{"a.bin", "b.bin"};

TEST_F(ArchiveTest, ReadsTheWantedMembersOnly) {
  write_tar_gz(folder_ / "x.tar.gz",
               {{"dir/readme.html", "no"}, {"dir/b.bin", text_}, {"dir/a.bin", "small"}});
  const auto members =
      read_members(folder_ / "x.tar.gz", ArchiveFormat::tar, kWanted, up_to(kLimit));
  ASSERT_EQ(members.size(), 2u);
  EXPECT_EQ(members[0].name, "b.bin");
  EXPECT_EQ(text_of(members[0].bytes), text_);
  EXPECT_EQ(text_of(members[1].bytes), "small");
}

TEST_F(ArchiveTest, RefusesDamagedArchives) {
  const auto error = [&](const std::string& name) {
    return request_error(
        [&] { read_members(folder_ / name, ArchiveFormat::tar, kWanted, up_to(1000)); });
  };
  write_tar_gz(folder_ / "long", {{"a.bin", std::string(1001, 'a')}});
  EXPECT_THAT(error("long"), HasSubstr("a.bin is longer than 1000 bytes"));
  write_tar_gz(folder_ / "twice", {{"x/a.bin", "1"}, {"y/a.bin", "2"}});
  EXPECT_THAT(error("twice"), HasSubstr("holds a.bin more than once"));
  write_gzip(folder_ / "no-tar", text_);
  EXPECT_THAT(error("no-tar"), HasSubstr("damaged or cut short (Unrecognized archive format"));
  write_tar_gz(folder_ / "whole",
               {{"a.bin", text_.substr(0, 900)}, {"b.bin", text_.substr(0, 900)}});
  const std::string whole = read_file(folder_ / "whole");
  write_file(folder_ / "cut", whole.substr(0, whole.size() / 2));
  EXPECT_THAT(error("cut"), HasSubstr("damaged or cut short"));
}

TEST_F(ArchiveTest, AnArchiveWithoutTheMembersGivesNone) {
  write_tar_gz(folder_ / "other", {{"readme.html", "hello"}});
  EXPECT_TRUE(read_members(folder_ / "other", ArchiveFormat::tar, kWanted, up_to(kLimit)).empty());
  write_tar_gz(folder_ / "empty", {});
  EXPECT_TRUE(read_members(folder_ / "empty", ArchiveFormat::tar, kWanted, up_to(kLimit)).empty());
}

}  // namespace
}  // namespace normlab
