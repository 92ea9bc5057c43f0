#include "normlab/data/locate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "normlab/data/test_files.h"

namespace normlab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;
using namespace testing_files;
namespace fs = std::filesystem;

/// Makes `folder` the current one until the end of the scope.
class ScopedFolder {
 public:
  explicit ScopedFolder(const fs::path& folder) : old_(fs::current_path()) {
    fs::current_path(folder);
  }
  ~ScopedFolder() { fs::current_path(old_); }
  ScopedFolder(const ScopedFolder&) = delete;
  ScopedFolder& operator=(const ScopedFolder&) = delete;

 private:
  fs::path old_;
};

/// Takes root's rights away until the end of the scope; others have none that matter here.
class Unprivileged {
 public:
  Unprivileged() {
    if (is_root_ && ::seteuid(65534) != 0) ADD_FAILURE() << "seteuid";
  }
  ~Unprivileged() {
    if (is_root_ && ::seteuid(0) != 0) ADD_FAILURE() << "seteuid";
  }
  Unprivileged(const Unprivileged&) = delete;
  Unprivileged& operator=(const Unprivileged&) = delete;

 private:
  bool is_root_ = ::geteuid() == 0;
};

class LocateTest : public testing::Test {
 protected:
  void make(const std::string& folder) {
    fs::create_directories(folder_ / folder);
    write_small_idx_set(folder_ / folder);
  }
  static std::string found(const std::string& name) {
    const auto location = find_dataset(name);
    return location ? location->place.string() : "";
  }

  TemporaryFolder folder_;
  ScopedVariable data_{"NORMLAB_DATA", (folder_ / "data").c_str()};
  ScopedVariable cache_{"XDG_CACHE_HOME", (folder_ / "cache").c_str()};
};

TEST_F(LocateTest, LooksInTheDataFolderThenInTheCache) {
  EXPECT_THAT(dataset_places("own"),
              ElementsAre("own", folder_ / "data/own", folder_ / "cache/normlab/own"));
  EXPECT_EQ(found("mnist"), "");
  make("cache/normlab/mnist");
  EXPECT_EQ(locate_dataset("mnist").place, folder_ / "cache/normlab/mnist");
  make("data/mnist");
  EXPECT_EQ(locate_dataset("mnist").place, folder_ / "data/mnist");
}

TEST_F(LocateTest, ANameWithASlashIsAPath) {
  make("data/mnist");
  EXPECT_EQ(locate_dataset(folder_ / "data/mnist").place, folder_ / "data/mnist");
  EXPECT_THAT(request_error([] { locate_dataset("./absent"); }),
              HasSubstr("data './absent': no such file or folder"));
}

TEST_F(LocateTest, ABrokenDownloadIsNotThere) {
  fs::create_directories(folder_ / "data/mnist");
  write_file(folder_ / "data/mnist/train-images-idx3-ubyte.gz.part", "begun");
  EXPECT_EQ(found("mnist"), "");
  make("cache/normlab/mnist");
  EXPECT_EQ(found("mnist"), folder_ / "cache/normlab/mnist");
}

TEST_F(LocateTest, FindsKnownSetsWhereTorchvisionAndKerasPutThem) {
  EXPECT_THAT(dataset_places("mnist"), IsSupersetOf({fs::path("MNIST/raw"), fs::path("mnist.npz"),
                                                     folder_ / "data/MNIST/raw"}));
  make("data/FashionMNIST/raw");
  EXPECT_EQ(found("fashion-mnist"), folder_ / "data/FashionMNIST/raw");
  make("data/fashion-mnist");
  EXPECT_EQ(found("fashion-mnist"), folder_ / "data/fashion-mnist") << "our own name comes first";
}

TEST_F(LocateTest, AFolderOfOtherThingsHidesNothing) {
  const ScopedFolder here(folder_.path());
  fs::create_directories(folder_ / "mnist/src");
  write_file(folder_ / "mnist/readme.txt", "not data");
  EXPECT_THAT(request_error([] { locate_dataset("mnist"); }),
              HasSubstr((folder_ / "mnist").string() + ": no data set in it"));
  make("data/mnist");
  const Location location = locate_dataset("mnist");
  EXPECT_EQ(location.place, folder_ / "data/mnist");
  EXPECT_THAT(location.warnings, IsEmpty());
}

TEST_F(LocateTest, APartOfADataSetIsPassedOverWithAWarning) {
  const ScopedFolder here(folder_.path());
  make("mine");
  fs::remove(folder_ / "mine/t10k-labels-idx1-ubyte");
  EXPECT_THAT(request_error([] { locate_dataset("mine"); }),
              HasSubstr("t10k-labels-idx1-ubyte is missing"));
  make("data/mine");
  const Location location = locate_dataset("mine");
  EXPECT_EQ(location.place, folder_ / "data/mine");
  EXPECT_THAT(location.warnings, ElementsAre(HasSubstr("t10k-labels-idx1-ubyte is missing")));
}

TEST_F(LocateTest, SaysWhyAPlaceCannotBeRead) {
  fs::create_symlink("loop", folder_ / "loop");
  EXPECT_THAT(request_error([&] { locate_dataset(folder_ / "loop/x"); }),
              HasSubstr("loop/x cannot be read: Too many levels of symbolic links"));
  make("data/secret");
  fs::permissions(folder_.path(), fs::perms::none);
  {
    const Unprivileged user;
    EXPECT_THAT(request_error([&] { locate_dataset(folder_ / "data/secret"); }),
                HasSubstr("data/secret cannot be read: Permission denied"));
    EXPECT_THAT(request_error([&] { locate_dataset("secret"); }),
                HasSubstr("data/secret cannot be read: Permission denied"));
  }
  fs::permissions(folder_.path(), fs::perms::owner_all);
}

TEST_F(LocateTest, SaysWhyAFolderCannotBeListed) {
  make("data/secret");
  fs::permissions(folder_.path(), fs::perms::all);
  fs::permissions(folder_ / "data/secret", fs::perms::none);
  {
    const Unprivileged user;
    EXPECT_THAT(request_error([&] { locate_dataset("secret"); }),
                HasSubstr("data/secret: cannot be listed: Permission denied"));
  }
  fs::permissions(folder_ / "data/secret", fs::perms::owner_all);
}

TEST_F(LocateTest, AUrlIsNoFile) {
  EXPECT_THAT(request_error([] { locate_dataset("https://example.org/mnist.zip"); }),
              HasSubstr("is a URL; data is read from files: download it first"));
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
