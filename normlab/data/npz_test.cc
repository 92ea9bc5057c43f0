#include "normlab/data/npz.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/data/test_files.h"

namespace normlab {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using namespace testing_files;

class NpzTest : public testing::Test {
 protected:
  std::string error(const Members& members) const {
    write_zip(folder_ / "a.npz", members);
    return request_error([&] { read_npz(folder_ / "a.npz"); });
  }
  TemporaryFolder folder_;
};

TEST_F(NpzTest, ReadsTheNamesOfKeras) {
  write_zip(folder_ / "a.npz", small_npz_members());
  const Dataset data = read_npz(folder_ / "a.npz");
  EXPECT_EQ(data.height, 2);
  EXPECT_EQ(data.channels, 1);
  EXPECT_THAT(data.train.labels, ElementsAre(0, 1, 2));
  EXPECT_THAT(data.test.labels, ElementsAre(0, 2));
  EXPECT_EQ(data.test.pixels.at(7), 't');
}

TEST_F(NpzTest, ReadsTheNamesOfMedmnistAndNoMore) {
  write_zip(folder_ / "a.npz", {{"train_images.npy", npy("|u1", "(1, 1, 1, 3)", "abc")},
                                {"train_labels.npy", npy("|u1", "(1, 1)", "\1")},
                                {"val_images.npy", "no array at all"},
                                {"test_images.npy", npy("|u1", "(1, 1, 1, 3)", "def")},
                                {"test_labels.npy", npy("|u1", "(1, 1)", "\1")}});
  const Dataset data = read_npz(folder_ / "a.npz");
  EXPECT_EQ(data.channels, 3);
  EXPECT_THAT(data.test.pixels, ElementsAre('d', 'e', 'f'));
}

TEST_F(NpzTest, NamesWhatItHoldsInstead) {
  Members members = small_npz_members();
  members[1].first = "labels.npy";
  EXPECT_THAT(error(members),
              AllOf(HasSubstr("a.npz: holds x_train, labels, x_test, y_test; expected the arrays "
                              "x_train, y_train, x_test, y_test"),
                    HasSubstr("train_images, train_labels")));
  EXPECT_THAT(error({{"readme.txt", "hello"}}), HasSubstr("a.npz: holds readme; expected"));
}

TEST_F(NpzTest, NamesTheArrayThatIsWrong) {
  Members members = small_npz_members();
  members[2].second = npy("<f4", "(2, 1, 1)", "abcdefgh");
  EXPECT_THAT(error(members), HasSubstr("a.npz: x_test: holds '<f4'"));
  members[2].second = npy("|u1", "(2, 1, 1)", "ab");
  EXPECT_THAT(error(members), AllOf(HasSubstr("a.npz: x_train holds images of 2 x 2"),
                                    HasSubstr("a.npz: x_test of 1 x 1")));
  members[2].second = npy("|u1", "(1, 2, 2)", "abcd");
  EXPECT_THAT(error(members), HasSubstr("x_test holds 1 images, but"));
}

/// Had more than the array's bytes been unpacked, the damage behind them would have been noticed.
TEST_F(NpzTest, AZipBombIsRefusedBeforeItUnpacks) {
  Members members = small_npz_members();
  members[0].second = npy("|u1", "(3, 2, 2)", std::string(100'000'000, '\0'));
  write_zip(folder_ / "bomb.npz", members);
  std::string bomb = read_file(folder_ / "bomb.npz");
  ASSERT_LT(bomb.size(), 1'000'000u);
  bomb[bomb.size() / 2] = static_cast<char>(bomb[bomb.size() / 2] ^ 0xff);
  write_file(folder_ / "bomb.npz", bomb);
  EXPECT_THAT(request_error([&] { read_npz(folder_ / "bomb.npz"); }),
              HasSubstr("x_train.npy is longer than 140 bytes"));
}

TEST_F(NpzTest, AHeaderThatPromisesTooMuchIsRefusedBeforeItIsRead) {
  Members members = small_npz_members();
  members[0].second = npy("|u1", "(60000000, 28, 28)", std::string(100, '\0'));
  EXPECT_THAT(error(members), HasSubstr("a.npz: x_train: its header promises shape (60000000, 28"));
}

TEST_F(NpzTest, RefusesDamagedArchives) {
  write_zip(folder_ / "whole.npz", small_npz_members());
  const std::string whole = read_file(folder_ / "whole.npz");
  const auto damaged = [&](const std::string& content) {
    write_file(folder_ / "damaged.npz", content);
    return request_error([&] { read_npz(folder_ / "damaged.npz"); });
  };
  for (std::size_t size : {std::size_t{0}, std::size_t{10}, whole.size() / 2, whole.size() - 30}) {
    EXPECT_THAT(damaged(whole.substr(0, size)), HasSubstr("damaged.npz")) << size;
  }
  std::string flipped = whole;
  const std::size_t place = flipped.find("abcdefghijkl");
  if (place != std::string::npos) {  // stored, not compressed
    flipped[place] = 'x';
  } else {
    flipped[whole.find("x_train.npy") + 60] ^= 1;
  }
  EXPECT_THAT(damaged(flipped), HasSubstr("damaged.npz: damaged or cut short"));
  EXPECT_THAT(error({{"a/x_train.npy", "1"}, {"b/x_train.npy", "2"}}), HasSubstr("holds x_train"));
}

TEST_F(NpzTest, ReadsFourFilesOfOneArrayEach) {
  const Members all = small_npz_members();
  DatasetFiles files{.format = DatasetFormat::npz_parts};
  for (const auto& [name, content] : all) {
    const auto file = folder_ / (name + ".npz");
    write_zip(file, {{"arr_0.npy", content}});
    (files.train.size() < 2 ? files.train : files.test).push_back(file);
  }
  EXPECT_THAT(read_npz_parts(files).train.labels, ElementsAre(0, 1, 2));
  write_zip(files.test[1], {{"other.npy", all[3].second}});
  EXPECT_THAT(request_error([&] { read_npz_parts(files); }),
              HasSubstr("y_test.npy.npz: holds no arr_0.npy"));
}

}  // namespace
}  // namespace normlab
