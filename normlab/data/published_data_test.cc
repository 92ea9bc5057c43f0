// The published data themselves, as far as $NORMLAB_DATA has them: one case for each set found
// there.

#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <ostream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/data/known_sets.h"
#include "normlab/data/load.h"
#include "normlab/data/test_files.h"
#include "normlab/data/verify.h"

namespace normlab {
namespace {

namespace fs = std::filesystem;

/// Counted in the published files by other programs; the sums are of all bytes.
struct Facts {
  std::string name;
  std::array<std::int64_t, 3> shape;
  std::vector<std::int64_t> train_counts;
  double mean;  ///< of the training pixels, scaled to [0, 1]
  double standard_deviation;
};

void PrintTo(const Facts& facts, std::ostream* out) {
  *out << facts.name;
}

std::vector<Facts> facts_of_sets_found() {
  const char* folder = std::getenv("NORMLAB_DATA");
  std::vector<Facts> found;
  const std::vector<Facts> all{
      {"mnist",
       {28, 28, 1},
       {5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949},
       0.1307,
       0.3081},
      {"fashion-mnist", {28, 28, 1}, std::vector<std::int64_t>(10, 6000), 0.2860, 0.3530},
      {"cifar10", {32, 32, 3}, std::vector<std::int64_t>(10, 5000), 0.4734, 0.2516}};
  for (const Facts& facts : all) {
    if (folder && fs::exists(fs::path(folder) / facts.name)) found.push_back(facts);
  }
  return found;
}

class PublishedDataTest : public testing::TestWithParam<Facts> {};

TEST_P(PublishedDataTest, IsWhatWasPublished) {
  const Facts& facts = GetParam();
  const Dataset data = load_dataset(facts.name);
  EXPECT_EQ(data.sha256, find_known_set(facts.name)->content_sha256);
  EXPECT_EQ(data.class_names, find_known_set(facts.name)->class_names);
  EXPECT_EQ((std::array<std::int64_t, 3>{data.height, data.width, data.channels}), facts.shape);
  EXPECT_EQ(data.test.size(), 10'000);

  std::vector<std::int64_t> counts(static_cast<std::size_t>(data.classes()));
  for (const Label label : data.train.labels) ++counts[label];
  EXPECT_EQ(counts, facts.train_counts);

  double sum = 0;
  double squares = 0;
  for (const std::uint8_t pixel : data.train.pixels) {
    sum += pixel;
    squares += double{1} * pixel * pixel;
  }
  const double n = static_cast<double>(data.train.pixels.size());
  const double mean = sum / n;
  EXPECT_NEAR(mean / 255, facts.mean, 6e-5) << "published with four digits";
  EXPECT_NEAR(std::sqrt(squares / n - mean * mean) / 255, facts.standard_deviation, 6e-5);
}

TEST_P(PublishedDataTest, IsKnownUnderAnyName) {
  const testing_files::TemporaryFolder folder;
  const fs::path place = fs::absolute(fs::path(std::getenv("NORMLAB_DATA")) / GetParam().name);
  for (const char* name : {"3f2a9c", "mnist", "fashion-mnist"}) {
    fs::create_directory_symlink(place, folder / name);
    const Dataset data = load_dataset(folder / name);
    EXPECT_EQ(data.name, GetParam().name);
    const bool is_as_named = name == GetParam().name || name == std::string("3f2a9c");
    EXPECT_EQ(data.warnings.empty(), is_as_named) << name;
  }
}

TEST_P(PublishedDataTest, PassesVerification) {
  for (const FileCheck& check :
       verify_dataset(fs::path(std::getenv("NORMLAB_DATA")) / GetParam().name)) {
    EXPECT_EQ(check.status, FileStatus::ok) << check.file << ": " << check.detail;
  }
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(PublishedDataTest);
INSTANTIATE_TEST_SUITE_P(Found, PublishedDataTest, testing::ValuesIn(facts_of_sets_found()),
                         [](const auto& facts) {
                           std::string name = facts.param.name;
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace normlab
