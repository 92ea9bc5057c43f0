#include "normlab/data/layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/data/test_files.h"

namespace normlab {
namespace {

using testing::AllOf;
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
  write_tar_gz(folder_ / "some.tar.gz", {{"x", "y"}});
  const DatasetFiles files = find_dataset_files(folder_ / "some.tar.gz");
  EXPECT_EQ(files.format, DatasetFormat::cifar_archive);
  EXPECT_THAT(files.test, IsEmpty());
}

TEST_F(LayoutTest, FindsTheNamesOfMnistsRelatives) {
  touch({"qmnist-train-images-idx3-ubyte.gz", "qmnist-train-labels-idx2-int.gz",
         "qmnist-test-images-idx3-ubyte.gz", "qmnist-test-labels-idx2-int.gz"});
  EXPECT_THAT(find().train, ElementsAre(folder_ / "qmnist-train-images-idx3-ubyte.gz",
                                        folder_ / "qmnist-train-labels-idx2-int.gz"));
  EXPECT_EQ(find().name, "qmnist");
}

TEST_F(LayoutTest, OneOfEmnistsSetsIsNamedByAFileOfIt) {
  for (const std::string set : {"emnist-letters", "emnist-digits"}) {
    for (const char* file : {"train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz",
                             "test-images-idx3-ubyte.gz", "test-labels-idx1-ubyte.gz"}) {
      touch({("gzip/" + set + "-" + file).c_str()});
    }
  }
  EXPECT_THAT(error(), AllOf(HasSubstr("holds 2 data sets; name a file or the folder of one"),
                             HasSubstr("emnist-digits-train-images"),
                             HasSubstr("emnist-letters-train-images")));
  const DatasetFiles letters =
      find_dataset_files(folder_ / "gzip/emnist-letters-test-labels-idx1-ubyte.gz");
  EXPECT_EQ(letters.name, "emnist-letters");
  EXPECT_EQ(letters.test[0], folder_ / "gzip/emnist-letters-test-images-idx3-ubyte.gz");
}

TEST_F(LayoutTest, FindsTorchvisionsFoldersAndSaysWhenThereAreSeveral) {
  write_small_idx_set(folder_ / "MNIST/raw");
  touch({"MNIST/raw/train-images-idx3-ubyte.gz"});
  EXPECT_EQ(find().train[0], folder_ / "MNIST/raw/train-images-idx3-ubyte") << "plain first";
  EXPECT_EQ(find_dataset_files(folder_ / "MNIST").train, find().train);
  write_small_idx_set(folder_ / "FashionMNIST/raw");
  EXPECT_THAT(error(), HasSubstr("holds 2 data sets"));
  EXPECT_EQ(find_dataset_files(folder_ / "FashionMNIST").train[0],
            folder_ / "FashionMNIST/raw/train-images-idx3-ubyte");
}

TEST_F(LayoutTest, FindsNumpyArchives) {
  touch({"any.npz"});
  EXPECT_EQ(find().format, DatasetFormat::npz);
  EXPECT_EQ(find().name, "any");
  std::filesystem::remove(folder_ / "any.npz");
  touch({"k49-train-imgs.npz", "k49-train-labels.npz", "k49-test-imgs.npz"});
  EXPECT_THAT(error(), HasSubstr("k49-test-labels.npz is missing"));
  touch({"k49-test-labels.npz"});
  EXPECT_EQ(find().format, DatasetFormat::npz_parts);
  EXPECT_EQ(find().name, "k49");
  EXPECT_EQ(find_dataset_files(folder_ / "k49-test-imgs.npz").test[0],
            folder_ / "k49-test-imgs.npz");
}

TEST_F(LayoutTest, FindsTablesInPairs) {
  touch({"mnist_train.csv.gz", "mnist_test.csv", "strain.csv", "latest.csv"});
  EXPECT_EQ(find().format, DatasetFormat::csv);
  EXPECT_THAT(find().all(),
              ElementsAre(folder_ / "mnist_train.csv.gz", folder_ / "mnist_test.csv"));
  std::filesystem::remove(folder_ / "mnist_test.csv");
  EXPECT_THAT(error(), HasSubstr("mnist_test.csv is missing"));
}

TEST_F(LayoutTest, FindsTheFileOfClassNames) {
  write_small_idx_set(folder_ / "raw");
  EXPECT_TRUE(find().class_file.empty());
  touch({"classes.txt"});
  EXPECT_EQ(find().class_file, folder_ / "classes.txt");
  touch({"raw/classes.txt"});
  EXPECT_EQ(find().class_file, folder_ / "raw/classes.txt");
}

TEST_F(LayoutTest, RecognisesPicklesAndRefusesThem) {
  touch({"cifar-10-batches-py/batches.meta"});
  write_file(folder_ / "cifar-10-batches-py/data_batch_1", "\x80\2 pickled");
  EXPECT_THAT(error(), AllOf(HasSubstr("data_batch_1 is a Python pickle"),
                             HasSubstr("`normlab data fetch cifar10` downloads the binary")));
  EXPECT_THAT(
      request_error([&] { find_dataset_files(folder_ / "cifar-10-batches-py/data_batch_1"); }),
      HasSubstr("is a Python pickle"));
  write_gzip(folder_ / "mnist.pkl.gz", "\x80\2 pickled");
  EXPECT_THAT(request_error([&] { find_dataset_files(folder_ / "mnist.pkl.gz"); }),
              AllOf(HasSubstr("mnist.pkl.gz is a Python pickle"),
                    HasSubstr("numpy.savez_compressed('data.npz'")));
}

TEST_F(LayoutTest, SaysWhatAFileOfAnotherKindIsAndTheWayOn) {
  const auto said = [&](const std::string& name, const std::string& content) {
    write_file(folder_ / name, content);
    const std::string text = request_error([&] { find_dataset_files(folder_ / name); });
    std::filesystem::remove(folder_ / name);
    return text;
  };
  EXPECT_THAT(said("a.h5", "\x89HDF\r\n\x1a\n"), HasSubstr("a.h5 is an HDF5 file"));
  EXPECT_THAT(said("a.parquet", "PAR1"), HasSubstr("a.parquet is a Parquet file"));
  EXPECT_THAT(said("a.mat", "MATLAB 5.0 MAT-file"), HasSubstr("a.mat is a MATLAB file"));
  EXPECT_THAT(said("a.npy", npy("|u1", "(1,)", "a")), HasSubstr("is a single NumPy array"));
  EXPECT_THAT(said("a.csv", "1,2,3\n"), HasSubstr("X_train.csv beside X_test.csv"));
  EXPECT_THAT(said("odd", idx_labels(1, "a")), HasSubstr("IDX files come in four"));
  EXPECT_THAT(said("a.npz", "\x80\4 pickled"), HasSubstr("a.npz is a Python pickle"));
  write_zip(folder_ / "a.zip", {{"x", "y"}});
  EXPECT_THAT(request_error([&] { find_dataset_files(folder_ / "a.zip"); }),
              AllOf(HasSubstr("a.zip is a zip archive"), HasSubstr("unpack it")));
  EXPECT_THAT(error(),
              AllOf(HasSubstr("no data set in this folder"), HasSubstr("a.zip is a zip archive")))
      << "a folder with nothing else in it says so, too";
}

TEST_F(LayoutTest, AFolderOfOtherThingsIsNothing) {
  touch({"src/main.c", "readme.txt", "docs/picture.png"});
  const Recognition seen = recognise(folder_.path());
  EXPECT_FALSE(seen.files);
  EXPECT_EQ(seen.problem, "");
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
