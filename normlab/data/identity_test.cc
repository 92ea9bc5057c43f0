#include "normlab/data/identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/data/known_sets.h"
#include "normlab/data/test_files.h"

namespace normlab {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace testing_files;
namespace fs = std::filesystem;

/// Two images of each part whose content claims to be that of the set `known`.
Dataset data_of(const std::string& known) {
  Dataset data;
  data.sha256 = known.empty() ? "unknown" : find_known_set(known)->content_sha256;
  data.train = {{0, 1}, {0, 1}};
  data.test = {{2, 3}, {1, 0}};
  return data;
}

class IdentityTest : public testing::Test {
 protected:
  IdentityTest() { fs::create_directories(folder_ / "blobs/3f2a9c"); }

  static Dataset identified(Dataset data, const fs::path& place, const DatasetFiles& files = {}) {
    DatasetFiles some = files;
    if (some.train.empty()) some.train = {place / "images", place / "labels"};
    identify(data, some, place);
    return data;
  }

  TemporaryFolder folder_;
};

TEST_F(IdentityTest, AKnownSetIsKnownWhereverItLies) {
  for (const char* name : {"mnist", "fashion-mnist", "cifar10"}) {
    const Dataset data = identified(data_of(name), folder_ / "blobs/3f2a9c");
    EXPECT_EQ(data.name, name);
    EXPECT_EQ(data.class_names, find_known_set(name)->class_names);
    EXPECT_THAT(data.warnings, IsEmpty());
  }
}

TEST_F(IdentityTest, ALinkOfAKnownNameIsWhatItHolds) {
  fs::create_directory_symlink(folder_ / "blobs/3f2a9c", folder_ / "mnist");
  EXPECT_EQ(identified(data_of("mnist"), folder_ / "mnist").name, "mnist");
  EXPECT_THAT(identified(data_of("mnist"), folder_ / "mnist").warnings, IsEmpty());
}

TEST_F(IdentityTest, AnotherKnownSetThanTheOneAskedForIsToldOf) {
  fs::create_directories(folder_ / "mnist");
  const Dataset data = identified(data_of("fashion-mnist"), folder_ / "mnist");
  EXPECT_EQ(data.name, "fashion-mnist");
  EXPECT_EQ(data.class_names.at(9), "Ankle boot");
  EXPECT_THAT(data.warnings,
              ElementsAre(AllOf(HasSubstr("mnist holds fashion-mnist"), HasSubstr("not mnist"))));
}

TEST_F(IdentityTest, UnknownDataIsNotCalledByAKnownName) {
  fs::create_directories(folder_ / "mnist");
  const Dataset data = identified(data_of(""), folder_ / "mnist");
  EXPECT_EQ(data.name, "mnist (not as published)");
  EXPECT_THAT(data.warnings, ElementsAre(HasSubstr("is not mnist as it was published")));
}

TEST_F(IdentityTest, UnknownDataHasTheNameThatTheUserGave) {
  fs::create_directory_symlink(folder_ / "blobs/3f2a9c", folder_ / "mine");
  fs::create_directories(folder_ / "set/raw");
  write_file(folder_ / "digits.npz", "");
  EXPECT_EQ(identified(data_of(""), folder_ / "mine").name, "mine");
  EXPECT_EQ(identified(data_of(""), (folder_ / "mine").string() + "/").name, "mine");
  EXPECT_EQ(identified(data_of(""), folder_ / "mine/.").name, "mine");
  EXPECT_EQ(identified(data_of(""), folder_ / "set/raw").name, "set");
  DatasetFiles file{.format = DatasetFormat::npz, .train = {folder_ / "digits.npz"}};
  file.name = "digits";
  EXPECT_EQ(identified(data_of(""), folder_ / "digits.npz", file).name, "digits");
  EXPECT_EQ(identified(data_of(""), folder_ / "set", file).name, "set");
}

TEST_F(IdentityTest, ClassesAreNamedByAFileBesideTheData) {
  DatasetFiles files{.train = {"images", "labels"}};
  files.class_file = folder_ / "classes.txt";
  write_file(files.class_file, "cat\r\ndog\nbird of prey");
  const Dataset data = identified(data_of(""), folder_ / "blobs", files);
  EXPECT_THAT(data.class_names, ElementsAre("cat", "dog", "bird of prey"));
  const auto error = [&](const std::string& content) {
    write_file(files.class_file, content);
    return request_error([&] { identified(data_of(""), folder_ / "blobs", files); });
  };
  EXPECT_THAT(error("cat\n"), AllOf(HasSubstr("label 1 of record 1 is out of range 0..0"),
                                    HasSubstr("classes.txt")));
  EXPECT_THAT(error("cat\n\ndog\n"), HasSubstr("classes.txt: line 2 is empty"));
  EXPECT_THAT(error("cat\ncat\n"), HasSubstr("line 2 names the class 'cat' again"));
  EXPECT_THAT(error(""), HasSubstr("names 0 classes; 1 to 1000 are read"));
  std::string many;
  for (int i = 0; i <= 1000; ++i) many += std::to_string(i) + "\n";
  EXPECT_THAT(error(many), HasSubstr("names 1001 classes"));
}

}  // namespace
}  // namespace normlab
