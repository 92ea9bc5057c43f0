#include "normlab/data/layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/data/test_files.h"

namespace normlab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace testing_files;

class LayoutTest : public testing::Test {
 protected:
  void touch(std::initializer_list<const char*> names) {
    for (const char* name : names) {
      std::filesystem::create_directories((folder_ / name).parent_path());
      write_file(folder_ / name, "");
    }
  }
  DatasetFiles find() const { return find_dataset_files(folder_.path()); }
  std::string error() const {
    return request_error([&] { find(); });
  }
  TemporaryFolder folder_;
};

TEST_F(LayoutTest, FindsIdxFilesPlainAndCompressed) {
  touch({"train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte.xz",
         "t10k-labels-idx1-ubyte"});
  const DatasetFiles files = find();
  EXPECT_EQ(files.format, DatasetFormat::idx);
  EXPECT_THAT(files.train, ElementsAre(folder_ / "train-images-idx3-ubyte.gz",
                                       folder_ / "train-labels-idx1-ubyte"));
  EXPECT_THAT(files.test, ElementsAre(folder_ / "t10k-images-idx3-ubyte.xz",
                                      folder_ / "t10k-labels-idx1-ubyte"));
}

TEST_F(LayoutTest, FindsIdxFilesWithADot) {
  touch({"train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte",
         "t10k-labels.idx1-ubyte"});
  EXPECT_EQ(find().format, DatasetFormat::idx);
}

TEST_F(LayoutTest, FindsCifar10InItsUnpackedFolder) {
  touch({"cifar-10-batches-bin/data_batch_1.bin", "cifar-10-batches-bin/data_batch_2.bin",
         "cifar-10-batches-bin/data_batch_3.bin", "cifar-10-batches-bin/data_batch_4.bin.xz",
         "cifar-10-batches-bin/data_batch_5.bin", "cifar-10-batches-bin/test_batch.bin"});
  const DatasetFiles files = find();
  EXPECT_EQ(files.format, DatasetFormat::cifar10);
  EXPECT_EQ(files.train.size(), 5u);
  EXPECT_EQ(files.all().back(), folder_ / "cifar-10-batches-bin/test_batch.bin");
}

TEST_F(LayoutTest, FindsCifar100AndArchives) {
  touch({"cifar-10-binary.tar.gz"});
  EXPECT_EQ(find().format, DatasetFormat::cifar_archive);
  EXPECT_THAT(find().all(), ElementsAre(folder_ / "cifar-10-binary.tar.gz"));
  touch({"train.bin", "test.bin.gz"});
  EXPECT_EQ(find().format, DatasetFormat::cifar100) << "unpacked files come before an archive";
}

TEST_F(LayoutTest, TakesAFileForAnArchive) {
  touch({"some.tar.gz"});
  const DatasetFiles files = find_dataset_files(folder_ / "some.tar.gz");
  EXPECT_EQ(files.format, DatasetFormat::cifar_archive);
  EXPECT_THAT(files.test, IsEmpty());
}

TEST_F(LayoutTest, NamesWhatIsMissing) {
  EXPECT_THAT(error(), HasSubstr("no data set in this folder; expected IDX files"));
  touch({"train-images-idx3-ubyte", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.part"});
  EXPECT_THAT(error(), HasSubstr("train-labels-idx1-ubyte, t10k-labels-idx1-ubyte are missing"));
  touch({"cifar10/data_batch_1.bin"});
  EXPECT_THAT(request_error([&] { find_dataset_files(folder_ / "cifar10"); }),
              HasSubstr("`normlab data fetch cifar10` completes it"));
}

TEST(ContentName, IsTheNameWithoutItsWrapping) {
  EXPECT_EQ(content_name("x/train-images.idx3-ubyte.gz"), "train-images-idx3-ubyte");
  EXPECT_EQ(content_name("data_batch_1.bin.xz"), "data_batch_1.bin");
}

}  // namespace
}  // namespace normlab
