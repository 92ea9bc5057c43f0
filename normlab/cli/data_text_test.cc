#include "normlab/cli/data_text.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/data/test_files.h"

namespace normlab {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using namespace testing_files;

TEST(BytesText, TakesTheUnitThatFits) {
  EXPECT_EQ(bytes_text(0), "0 B");
  EXPECT_EQ(bytes_text(999), "999 B");
  EXPECT_EQ(bytes_text(9'912'422), "9.9 MB");
  EXPECT_EQ(bytes_text(5'000'000'000'000), "5000.0 GB");
}

TEST(DataListText, SaysWhatIsHereAndWhatIsNot) {
  const TemporaryFolder folder;
  const ScopedVariable data("NORMLAB_DATA", folder.path().c_str());
  const ScopedVariable cache("XDG_CACHE_HOME", (folder / "cache").c_str());
  write_small_idx_set(folder / "mnist");
  EXPECT_THAT(data_list_text(),
              AllOf(ContainsRegex("glyphs +none +synthetic.* built in\n"),
                    ContainsRegex("mnist +11.6 MB  MNIST.* " + (folder / "mnist").string() + "\n"),
                    ContainsRegex("cifar10 +170.1 MB .* not here\n")));
}

TEST(DataInfoText, DescribesTheData) {
  Dataset data{.name = "two",
               .sha256 = "abc",
               .synthetic = true,
               .height = 1,
               .width = 1,
               .channels = 1,
               .class_names = {"0", "fluffy cat"},
               .found = {},
               .warnings = {},
               .train = {{0, 255}, {0, 1}},
               .test = {{7}, {1}}};
  EXPECT_EQ(data_info_text(data),
            "two (synthetic: drawn by the program)\n"
            "  images   1 x 1 x 1, 2 train, 1 test\n"
            "  pixels   mean 0.5000 (sd 0.5000) of the training images, 1 = white\n"
            "  content  SHA-256 abc\n"
            "  label  class          train      test\n"
            "      0  0                  1         0\n"
            "      1  fluffy cat         1         1\n");
  data.train.labels.assign(1234, 0);
  data.train.pixels.assign(1234, 0);
  EXPECT_THAT(data_info_text(data), HasSubstr("1,234 train"));
}

TEST(DataVerifyText, HasOneLineForEachFile) {
  const std::array checks{FileCheck{"d/a", FileStatus::ok, "12", ""},
                          FileCheck{"d/b", FileStatus::bad, "34", "wrong"},
                          FileCheck{"d/c", FileStatus::unknown, "56", ""}};
  EXPECT_EQ(data_verify_text(checks), "OK       d/a  12\nBAD      d/b: wrong\nunknown  d/c  56\n");
}

}  // namespace
}  // namespace normlab
