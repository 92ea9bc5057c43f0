#include "normlab/data/glyph_cache.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "normlab/data/glyphs.h"
#include "normlab/data/test_files.h"

namespace normlab {
namespace {

namespace fs = std::filesystem;
using testing_files::read_file;
using testing_files::TemporaryFolder;
using testing_files::write_file;

constexpr char kTitle[] = "normlab glyphs version 1 seed 5 train 20 test 10";

Dataset drawn() {
  return draw_glyphs(5, 20, 10, 1);
}
Dataset cached(const fs::path& cache) {
  return cached_glyphs(cache, 5, 20, 10, 1);
}
fs::path file_in(const fs::path& cache) {
  return cache / "glyphs-1" / "seed5-20-10.images";
}

void expect_equal(const Dataset& actual, const Dataset& expected) {
  EXPECT_EQ(actual.train.pixels, expected.train.pixels);
  EXPECT_EQ(actual.train.labels, expected.train.labels);
  EXPECT_EQ(actual.test.pixels, expected.test.pixels);
  EXPECT_EQ(actual.test.labels, expected.test.labels);
  EXPECT_EQ(actual.sha256, expected.sha256);
  EXPECT_EQ(actual.name, expected.name);
  EXPECT_EQ(actual.class_names, expected.class_names);
  EXPECT_EQ(actual.height * actual.width * actual.channels, expected.image_size());
  EXPECT_TRUE(actual.synthetic);
}

/// The only file in the folder of the cache, so that no temporary one was left behind.
void expect_only_file(const fs::path& file) {
  const fs::directory_iterator files(file.parent_path());
  EXPECT_EQ(std::distance(begin(files), end(files)), 1);
  EXPECT_TRUE(fs::is_regular_file(file));
}

TEST(GlyphCache, KeepsWhatWasDrawn) {
  const TemporaryFolder folder;
  const fs::path cache = folder / "not" / "yet there";
  expect_equal(cached(cache), drawn());
  expect_only_file(file_in(cache));
  expect_equal(cached(cache), drawn());
}

TEST(GlyphCache, IsReadRatherThanDrawnAgain) {
  const TemporaryFolder folder;
  Dataset other = drawn();
  std::ranges::reverse(other.train.pixels);
  other.sha256 = content_sha256(other);
  write_glyph_cache(file_in(folder.path()), kTitle, other);
  expect_equal(cached(folder.path()), other);
}

TEST(GlyphCache, OtherSetsHaveOtherFiles) {
  const TemporaryFolder folder;
  cached(folder.path());
  expect_equal(cached_glyphs(folder.path(), 6, 20, 10, 1), draw_glyphs(6, 20, 10, 1));
  expect_equal(cached_glyphs(folder.path(), 5, 10, 20, 1), draw_glyphs(5, 10, 20, 1));
  expect_equal(cached(folder.path()), drawn());
}

TEST(GlyphCache, DamagedFileIsDrawnAgainAndReplaced) {
  const TemporaryFolder folder;
  const fs::path file = file_in(folder.path());
  cached(folder.path());
  const std::string intact = read_file(file);
  const auto with_flipped_bit = [&](std::size_t position) {
    std::string damaged = intact;
    damaged[position] = static_cast<char>(damaged[position] ^ 1);
    return damaged;
  };
  const std::vector<std::string> damages = {
      "",
      "normlab",
      intact.substr(0, intact.size() - 1),
      intact + 'x',
      with_flipped_bit(3),                   // the title
      with_flipped_bit(sizeof kTitle + 10),  // the hash
      with_flipped_bit(intact.size() / 2),   // an image
      with_flipped_bit(intact.size() - 1),   // a label
  };
  for (std::size_t i = 0; i < damages.size(); ++i) {
    SCOPED_TRACE(testing::Message() << "damage " << i);
    write_file(file, damages[i]);
    expect_equal(cached(folder.path()), drawn());
    EXPECT_TRUE(read_file(file) == intact);
    expect_only_file(file);
  }
}

// Permissions do not stop a privileged user; a file where a folder must be stops everyone.
TEST(GlyphCache, FolderThatCannotBeMadeIsNoError) {
  const TemporaryFolder folder;
  write_file(folder / "cache", "in the way");
  expect_equal(cached(folder / "cache"), drawn());
  EXPECT_EQ(read_file(folder / "cache"), "in the way");
}

TEST(GlyphCache, ReadOnlyFolderIsNoError) {
  const TemporaryFolder folder;
  fs::permissions(folder.path(), fs::perms::owner_read | fs::perms::owner_exec);
  expect_equal(cached(folder.path()), drawn());
  fs::permissions(folder.path(), fs::perms::owner_all);
}

TEST(GlyphCache, FileThatCannotBeReplacedIsNoError) {
  const TemporaryFolder folder;
  fs::create_directories(file_in(folder.path()) / "in the way");
  expect_equal(cached(folder.path()), drawn());
  const fs::directory_iterator files(folder / "glyphs-1");
  EXPECT_EQ(std::distance(begin(files), end(files)), 1) << "a temporary file was left behind";
}

}  // namespace
}  // namespace normlab
