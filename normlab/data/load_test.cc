#include "normlab/data/load.h"

#include <cstdint>
#include <map>
#include <ostream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/base/hash.h"
#include "normlab/data/test_files.h"

namespace normlab {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using namespace testing_files;
namespace fs = std::filesystem;

constexpr std::uint32_t kIdxInts = 0xc01;

class LoadTest : public testing::Test {
 protected:
  std::string error(const std::string& name = "small") const {
    return request_error([&] { load_dataset(folder_ / name); });
  }
  void small_set(const std::string& name = "small") { write_small_idx_set(folder_ / name); }

  TemporaryFolder folder_;
};

TEST_F(LoadTest, ReadsAnyIdxFolder) {
  small_set();
  const Dataset data = load_dataset((folder_ / "small").string() + "/");
  EXPECT_EQ(data.name, "small");
  EXPECT_FALSE(data.synthetic);
  EXPECT_EQ(data.height, 2);
  EXPECT_EQ(data.width, 2);
  EXPECT_EQ(data.channels, 1);
  EXPECT_THAT(data.class_names, ElementsAre("0", "1", "2"));
  EXPECT_THAT(data.train.labels, ElementsAre(0, 1, 2));
  EXPECT_THAT(data.test.labels, ElementsAre(0, 2));
  EXPECT_EQ(data.train.pixels.size(), 12u);
  EXPECT_EQ(data.test.pixels[7], 't');
  EXPECT_EQ(data.sha256, sha256_hex(std::string("abcdefghijkl\0\1\2mnopqrst\0\2", 25)));
}

TEST_F(LoadTest, TheNameOfAKnownSetGivesItsClasses) {
  small_set("fashion-mnist");
  EXPECT_EQ(load_dataset(folder_ / "fashion-mnist").class_names.at(9), "Ankle boot");
}

TEST_F(LoadTest, RefusesLabelsOutOfRange) {
  small_set();
  small_set("mnist");
  const std::string damaged = idx_labels(3, std::string("\0\1\x0a", 3));
  write_file(folder_ / "mnist/train-labels-idx1-ubyte", damaged);
  EXPECT_THAT(error("mnist"), AllOf(HasSubstr("mnist/train-labels-idx1-ubyte"),
                                    HasSubstr("label 10 of record 2 is out of range 0..9")));
  write_file(folder_ / "small/train-labels-idx1-ubyte", damaged);
  EXPECT_THAT(error(), HasSubstr("label 10 of record 2"));
  write_file(folder_ / "small/t10k-labels-idx1-ubyte", idx_labels(2, "\x0a\x0b"));
  EXPECT_THAT(error(), AllOf(HasSubstr("t10k-labels"), HasSubstr("label 11 of record 1")));
}

TEST_F(LoadTest, AcceptsMoreThanTenClassesThatBothFilesHave) {
  small_set();
  write_file(folder_ / "small/train-labels-idx1-ubyte", idx_labels(3, std::string("\0\1\x2e", 3)));
  write_file(folder_ / "small/t10k-labels-idx1-ubyte", idx_labels(2, "\x2e\x01"));
  EXPECT_EQ(load_dataset(folder_ / "small").classes(), 47);
}

TEST_F(LoadTest, RefusesFilesThatDoNotFitTogether) {
  small_set();
  write_file(folder_ / "small/train-labels-idx1-ubyte", idx_labels(2, std::string("\0\1", 2)));
  EXPECT_THAT(error(), AllOf(HasSubstr("train-images-idx3-ubyte holds 3 images"),
                             HasSubstr("train-labels-idx1-ubyte holds 2 labels")));
  small_set();
  write_file(folder_ / "small/t10k-images-idx3-ubyte", idx_images(2, 1, 2, "mnop"));
  EXPECT_THAT(error(), AllOf(HasSubstr("images of 2 x 2"), HasSubstr("of 1 x 2")));
}

TEST_F(LoadTest, ReadsMoreThan256Classes) {
  small_set();
  write_file(
      folder_ / "small/train-labels-idx1-int",
      big_endian(kIdxInts) + big_endian(3) + big_endian(0) + big_endian(300) + big_endian(1));
  write_file(folder_ / "small/t10k-labels-idx1-int",
             big_endian(kIdxInts) + big_endian(2) + big_endian(300) + big_endian(0));
  fs::remove(folder_ / "small/train-labels-idx1-ubyte");
  fs::remove(folder_ / "small/t10k-labels-idx1-ubyte");
  const Dataset data = load_dataset(folder_ / "small");
  EXPECT_EQ(data.classes(), 301);
  EXPECT_THAT(data.train.labels, ElementsAre(0, 300, 1));
  EXPECT_EQ(data.sha256,
            sha256_hex(std::string("abcdefghijkl\0\0\x2c\1\1\0mnopqrst\x2c\1\0\0", 30)))
      << "two bytes a label";
}

TEST_F(LoadTest, TheContentHasOneHashInEveryFormat) {
  small_set();
  const std::string expected = load_dataset(folder_ / "small").sha256;
  const auto hash = [&](const std::string& place) { return load_dataset(folder_ / place).sha256; };

  small_set("compressed/MNIST/raw");
  for (const char* file : {"train-images-idx3-ubyte", "t10k-labels-idx1-ubyte"}) {
    const fs::path plain = folder_ / "compressed/MNIST/raw" / file;
    write_gzip(plain.string() + ".gz", read_file(plain));
    fs::remove(plain);
  }
  EXPECT_EQ(hash("compressed"), expected);

  write_zip(folder_ / "keras.npz", small_npz_members());
  EXPECT_EQ(hash("keras.npz"), expected);

  fs::create_directories(folder_ / "csv");
  write_gzip(folder_ / "csv/own_train.csv.gz",
             "label,a,b,c,d\n0,97,98,99,100\n1,101,102,103,104\n2,105,106,107,108\n");
  write_file(folder_ / "csv/own_test.csv", "0,109,110,111,112\n2,113,114,115,116");
  EXPECT_EQ(hash("csv"), expected);
  EXPECT_EQ(load_dataset(folder_ / "csv/own_test.csv").name, "own");

  for (const auto& [name, pixels] : std::map<std::string, std::string>{{"train/0/a.png", "abcd"},
                                                                       {"train/1/a.png", "efgh"},
                                                                       {"train/2/a.PNG", "ijkl"},
                                                                       {"test/0/a.png", "mnop"},
                                                                       {"test/2/a.png", "qrst"}}) {
    fs::create_directories((folder_ / "png" / name).parent_path());
    write_file(folder_ / "png" / name, png_file(2, 2, 1, pixels));
  }
  EXPECT_EQ(hash("png"), expected);
}

TEST_F(LoadTest, SaysWhatWasFoundWhere) {
  small_set();
  EXPECT_EQ(load_dataset(folder_ / "small").found, "IDX files, in " + (folder_ / "small").string());
}

class PictureFolderTest : public LoadTest {
 protected:
  void picture(const std::string& name, const std::string& content) {
    fs::create_directories((folder_ / name).parent_path());
    write_file(folder_ / name, content);
  }
  static std::string grey(char value = 'a', std::uint32_t height = 2, std::uint32_t width = 2) {
    return png_file(height, width, 1, std::string(height * width, value));
  }
};

TEST_F(PictureFolderTest, EveryFifthPictureOfAClassIsATestPicture) {
  for (int i = 0; i < 11; ++i) {
    picture("p/cat/" + std::to_string(100 + i) + ".png", grey(static_cast<char>(i)));
    picture("p/dog/" + std::to_string(100 + i) + ".jpg", jpeg_file(2, 2, 1, "dddd"));
  }
  const Dataset data = load_dataset(folder_ / "p");
  EXPECT_THAT(data.class_names, ElementsAre("cat", "dog"));
  EXPECT_EQ(data.train.size(), 18);
  EXPECT_THAT(data.test.labels, ElementsAre(0, 0, 1, 1));
  EXPECT_EQ(data.test.pixels.at(0), 4);
  EXPECT_EQ(data.test.pixels.at(4), 9);
  EXPECT_THAT(data.warnings, ElementsAre(HasSubstr("every 5th picture of a class")));
}

TEST_F(PictureFolderTest, NamesThePictureOfAnotherSize) {
  picture("p/train/cat/1.png", grey());
  picture("p/train/dog/2.png", grey('a', 2, 3));
  picture("p/test/cat/1.png", grey());
  picture("p/test/dog/1.png", grey());
  EXPECT_THAT(error("p"),
              AllOf(HasSubstr("dog/2.png is 2 high and 3 wide, but"),
                    HasSubstr("cat/1.png is 2 and 2"), HasSubstr("mogrify -resize '2x2!'")));
}

TEST_F(PictureFolderTest, GreyPicturesAmongColouredOnesGetThreeChannels) {
  picture("p/train/cat/1.png", grey('x'));
  picture("p/train/dog/1.png", png_file(2, 2, 3, "abcdefghijkl"));
  picture("p/test/cat/1.png", grey());
  const Dataset data = load_dataset(folder_ / "p");
  EXPECT_EQ(data.channels, 3);
  EXPECT_EQ(std::string(data.train.pixels.begin(), data.train.pixels.end()),
            "xxxxxxxxxxxxabcdefghijkl");
}

TEST_F(PictureFolderTest, ExplainsFoldersThatAreNone) {
  picture("few/cat/1.png", grey());
  picture("few/dog/1.png", grey());
  EXPECT_THAT(error("few"), HasSubstr("none is left to test on; make folders train and test"));
  picture("half/train/cat/1.png", grey());
  picture("half/train/dog/1.png", grey());
  EXPECT_THAT(error("half"), HasSubstr("half: test is missing"));
  picture("half/test/cow/1.png", grey());
  picture("half/test/cat/1.png", grey());
  EXPECT_THAT(error("half"), AllOf(HasSubstr("test/cow is a class, but"), HasSubstr("train/cow")));
  picture("other/cat/1.png", grey());
  picture("other/dog/1.png", grey());
  picture("other/notes/read.me", "hello");
  EXPECT_THAT(error("other"), HasSubstr("other/notes holds no pictures; every folder beside"));
  picture("bmp/cat/1.bmp", "BM");
  picture("bmp/dog/1.bmp", "BM");
  EXPECT_THAT(error("bmp"), HasSubstr("holds no pictures that are read: PNG and JPEG are"));
}

TEST_F(PictureFolderTest, RefusesADamagedPictureByName) {
  picture("p/train/cat/1.png", grey());
  picture("p/train/dog/1.png", grey().substr(0, 50));
  picture("p/test/cat/1.png", grey());
  EXPECT_THAT(error("p"), HasSubstr("train/dog/1.png: a damaged PNG picture"));
  picture("p/train/dog/1.png", png_header(50'000, 50'000));
  EXPECT_THAT(error("p"), HasSubstr("train/dog/1.png: a picture of 50000 x 50000 pixels"));
  picture("p/train/dog/1.png", "GIF89a");
  EXPECT_THAT(error("p"), HasSubstr("train/dog/1.png: a picture; expected a PNG or JPEG"));
}

struct Damage {
  const char* name;
  std::string content;
  const char* message;
};

void PrintTo(const Damage& damage, std::ostream* out) {
  *out << damage.name;
}

class DamagedIdxTest : public LoadTest, public testing::WithParamInterface<Damage> {};

TEST_P(DamagedIdxTest, IsRefusedNamingTheFile) {
  for (const char* file : {"train-images-idx3-ubyte", "t10k-images-idx3-ubyte"}) {
    small_set();
    write_file(folder_ / "small" / file, GetParam().content);
    EXPECT_THAT(error(), AllOf(HasSubstr(file), HasSubstr(GetParam().message)));
    fs::remove(folder_ / "small" / file);
    write_gzip(folder_ / "small" / (std::string(file) + ".gz"), GetParam().content);
    EXPECT_THAT(error(), AllOf(HasSubstr(file), HasSubstr(GetParam().message)));
    fs::remove(folder_ / "small" / (std::string(file) + ".gz"));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Each, DamagedIdxTest,
    testing::Values(Damage{"Empty", "", "is empty"},
                    Damage{"Truncated", idx_images(3, 2, 2, "abcdefghijk"), "cut short"},
                    Damage{"OnlyAHeader", idx_images(3, 2, 2, ""), "cut short"},
                    Damage{"WrongMagic", "<!DOCTYPE html><html><body>", "starts with 3c21444f"},
                    Damage{"WrongCount", idx_images(300, 2, 2, "abcdefghijkl"), "cut short"},
                    Damage{"TooLarge", idx_images(3, 2, 2, std::string(1200, 'x')), "more than"},
                    Damage{"Enormous", idx_images(6'000'000, 28, 28, std::string(99, 'x')),
                           "at most"}),
    [](const auto& damage) { return damage.param.name; });

TEST_F(LoadTest, RefusesCutGzipFiles) {
  small_set();
  write_gzip(folder_ / "whole", read_file(folder_ / "small/train-images-idx3-ubyte"));
  fs::remove(folder_ / "small/train-images-idx3-ubyte");
  const std::string whole = read_file(folder_ / "whole");
  write_file(folder_ / "small/train-images-idx3-ubyte.gz", whole.substr(0, whole.size() - 6));
  EXPECT_THAT(error(), HasSubstr("train-images-idx3-ubyte.gz: damaged or cut short"));
}

const std::string kTrainRecords = cifar_record("\x03", 'r', 'g', 'b');
const std::string kTestRecords =
    cifar_record("\x09", 'R', 'G', 'B') + cifar_record("\x01", 1, 2, 3);

Members cifar10_members() {
  Members members;
  for (int i = 1; i <= 5; ++i) {
    members.emplace_back("cifar-10-batches-bin/data_batch_" + std::to_string(i) + ".bin",
                         kTrainRecords);
  }
  members.emplace_back("cifar-10-batches-bin/test_batch.bin", kTestRecords);
  return members;
}

void expect_small_cifar10(const Dataset& data) {
  EXPECT_EQ(data.height, 32);
  EXPECT_EQ(data.channels, 3);
  EXPECT_EQ(data.class_names.at(9), "truck");
  EXPECT_THAT(data.train.labels, ElementsAre(3, 3, 3, 3, 3));
  EXPECT_THAT(data.test.labels, ElementsAre(9, 1));
  EXPECT_EQ(data.test.pixels.at(1), 'G');
}

TEST_F(LoadTest, ReadsCifar10InEveryWrapping) {
  fs::create_directories(folder_ / "cifar10");
  write_tar_gz(folder_ / "cifar10/cifar-10-binary.tar.gz", cifar10_members());
  const Dataset from_folder = load_dataset(folder_ / "cifar10");
  EXPECT_EQ(from_folder.name, "cifar10 (not as published)");
  expect_small_cifar10(from_folder);
  const Dataset from_file = load_dataset(folder_ / "cifar10/cifar-10-binary.tar.gz");
  EXPECT_EQ(from_file.name, "cifar-10-binary");
  expect_small_cifar10(from_file);
  for (const auto& [path, content] : cifar10_members()) {
    write_xz(folder_ / "cifar10" / (fs::path(path).filename().string() + ".xz"), content);
  }
  fs::remove(folder_ / "cifar10/cifar-10-binary.tar.gz");
  const Dataset from_xz = load_dataset(folder_ / "cifar10");
  expect_small_cifar10(from_xz);
  EXPECT_EQ(from_xz.sha256, from_file.sha256);
}

TEST_F(LoadTest, ReadsCifar100) {
  fs::create_directories(folder_ / "c");
  write_gzip(folder_ / "c/train.bin.gz", cifar_record("\x13\x63", 'r', 'g', 'b'));
  write_file(folder_ / "c/test.bin", cifar_record(std::string("\x01\0", 2), 'r', 'g', 'b'));
  const Dataset data = load_dataset(folder_ / "c");
  EXPECT_EQ(data.classes(), 100);
  EXPECT_THAT(data.train.labels, ElementsAre(99));
  EXPECT_THAT(data.test.labels, ElementsAre(0));
}

TEST_F(LoadTest, RefusesDamagedCifarArchives) {
  write_tar_gz(folder_ / "none.tar.gz", {});
  EXPECT_THAT(error("none.tar.gz"), HasSubstr("has no data_batch_1.bin in it"));
  Members members = cifar10_members();
  members.pop_back();
  write_tar_gz(folder_ / "untested.tar.gz", members);
  EXPECT_THAT(error("untested.tar.gz"), HasSubstr("has no test_batch.bin in it"));
  members[2].second.pop_back();
  write_tar_gz(folder_ / "short.tar.gz", members);
  EXPECT_THAT(error("short.tar.gz"), HasSubstr("short.tar.gz: data_batch_3.bin: 3072 bytes"));
  write_file(folder_ / "text.tar.gz", "hello");
  EXPECT_THAT(error("text.tar.gz"), HasSubstr("text.tar.gz is a text file"));
  write_file(folder_ / "cut.tar.gz", read_file(folder_ / "short.tar.gz").substr(0, 60));
  EXPECT_THAT(error("cut.tar.gz"), HasSubstr("cut.tar.gz: damaged or cut short"));
}

}  // namespace
}  // namespace normlab
