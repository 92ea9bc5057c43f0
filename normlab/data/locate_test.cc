#include "normlab/data/locate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/data/test_files.h"

namespace normlab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using namespace testing_files;
namespace fs = std::filesystem;

class LocateTest : public testing::Test {
 protected:
  void make(const std::string& folder) {
    fs::create_directories(folder_ / folder);
    write_file(folder_ / folder / "file", "");
  }

  TemporaryFolder folder_;
  ScopedVariable data_{"NORMLAB_DATA", (folder_ / "data").c_str()};
  ScopedVariable cache_{"XDG_CACHE_HOME", (folder_ / "cache").c_str()};
};

TEST_F(LocateTest, LooksInTheDataFolderThenInTheCache) {
  EXPECT_THAT(dataset_places("mnist"),
              ElementsAre("mnist", folder_ / "data/mnist", folder_ / "cache/normlab/mnist"));
  EXPECT_EQ(find_dataset("mnist"), std::nullopt);
  make("cache/normlab/mnist");
  EXPECT_EQ(locate_dataset("mnist"), folder_ / "cache/normlab/mnist");
  make("data/mnist");
  EXPECT_EQ(locate_dataset("mnist"), folder_ / "data/mnist");
}

TEST_F(LocateTest, ANameWithASlashIsAPath) {
  make("data/mnist");
  EXPECT_EQ(locate_dataset(folder_ / "data/mnist"), folder_ / "data/mnist");
  EXPECT_THAT(request_error([] { locate_dataset("./absent"); }),
              HasSubstr("data './absent': no such file or folder"));
}

TEST_F(LocateTest, ABrokenDownloadIsNotThere) {
  fs::create_directories(folder_ / "data/mnist");
  write_file(folder_ / "data/mnist/train-images-idx3-ubyte.gz.part", "begun");
  EXPECT_EQ(find_dataset("mnist"), std::nullopt);
  make("cache/normlab/mnist");
  EXPECT_EQ(find_dataset("mnist"), folder_ / "cache/normlab/mnist");
}

TEST_F(LocateTest, SaysWhereItLookedAndHowToGetIt) {
  const std::string message = request_error([] { locate_dataset("mnist"); });
  EXPECT_THAT(message, HasSubstr("`normlab data fetch mnist` downloads it"));
  EXPECT_THAT(message, HasSubstr((fs::current_path() / "mnist").string()));
  EXPECT_THAT(message, HasSubstr(folder_ / "data/mnist"));
  EXPECT_THAT(message, HasSubstr(folder_ / "cache/normlab/mnist"));
}

TEST_F(LocateTest, SuggestsTheNearestName) {
  EXPECT_THAT(request_error([] { locate_dataset("mnits"); }), HasSubstr("did you mean 'mnist'?"));
  EXPECT_THAT(request_error([] { locate_dataset("imagenet"); }), Not(HasSubstr("did you mean")));
  EXPECT_THAT(request_error([] { locate_dataset(""); }), HasSubstr("unknown data ''"));
}

TEST_F(LocateTest, TheCacheIsXdgOrHome) {
  EXPECT_EQ(data_cache(), folder_ / "cache/normlab");
  const ScopedVariable home("HOME", "/somewhere");
  const ScopedVariable relative("XDG_CACHE_HOME", "relative");
  EXPECT_EQ(data_cache(), "/somewhere/.cache/normlab");
  const ScopedVariable no_home("HOME", nullptr);
  EXPECT_THAT(request_error([] { data_cache(); }), HasSubstr("set HOME or XDG_CACHE_HOME"));
}

}  // namespace
}  // namespace normlab
