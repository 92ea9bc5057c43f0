#include "normlab/report/html/images.h"

#include <gmock/gmock.h>

#include "normlab/report/html/report_input_test.h"

namespace normlab {
namespace {

using testing::HasSubstr;

/// Images of one pixel, four to train on and four to test.
class Images : public testing::Test {
 protected:
  Images() : mock_(mock_study({"norm=none", "norm=batch"}, 2)) {
    mock_.record(0, 1).predictions = Predictions{{0, 0, 1, 1}, {0.9f, 0.8f, 0.95f, 0.6f}};
    mock_.record(1, 1).predictions = Predictions{{0, 1, 1, 0}, {0.9f, 0.7f, 0.5f, 0.99f}};
  }

  ReportInput input() {
    ReportInput made = make_input(mock_);
    made.images = ReportImages{.width = 1,
                               .height = 1,
                               .channels = 1,
                               .class_names = {"cat", "dog"},
                               .train = {pixels_, labels_},
                               .test = {pixels_, labels_}};
    return made;
  }

  MockStudy mock_;
  std::vector<std::uint8_t> pixels_ = {10, 20, 30, 40};
  std::vector<Label> labels_ = {0, 1, 0, 1};
};

TEST_F(Images, SamplesOfEachClass) {
  const Json block = *sample_images(input());
  ASSERT_EQ(block["images"].size(), 4u);
  EXPECT_EQ(block["images"][0], (Json{{"pixels", "Cg=="}, {"caption", "cat"}}));
  EXPECT_EQ(block["images"][1], (Json{{"pixels", "Hg=="}, {"caption", "cat"}})) << "pixel 30";
  EXPECT_EQ(block["images"][2]["caption"], "dog");
  EXPECT_THAT(block["caption"], HasSubstr("synthetic"));
}

TEST_F(Images, MistakesThatWereSurestComeFirst) {
  Json datasets = Json::object();
  const auto blocks = error_blocks(input(), datasets);
  ASSERT_EQ(blocks.size(), 4u) << "matrix, mistakes of two arms, disagreement";
  const Json& mistakes = blocks[1]["images"];
  ASSERT_EQ(mistakes.size(), 2u);
  EXPECT_EQ(mistakes[0]["caption"], "true cat, predicted dog (95.0 %)");
  EXPECT_EQ(mistakes[1]["caption"], "true dog, predicted cat (80.0 %)");
  EXPECT_THAT(blocks[1]["caption"], HasSubstr("Of 4 test images 2 are misclassified"));
}

TEST_F(Images, TheMatrixCountsEveryTestImage) {
  Json datasets = Json::object();
  error_blocks(input(), datasets);
  int total = 0;
  for (const Json& row : datasets["confusion"]) {
    if (row["arm"] != "norm=none") continue;
    total += row["count"].get<int>();
    EXPECT_EQ(row["wrong"].is_null(), row["truth"] == row["predicted"]);
  }
  EXPECT_EQ(total, 4);
}

TEST_F(Images, DisagreementSaysWhoIsRight) {
  Json datasets = Json::object();
  const Json block = error_blocks(input(), datasets)[3];
  ASSERT_EQ(block["images"].size(), 2u);
  EXPECT_THAT(block["caption"],
              HasSubstr("to 2 test images: on 1 only norm=none is right, on 1 only "
                        "norm=batch"));
  EXPECT_EQ(block["images"][0]["caption"],
            "true dog; norm=none: cat (80.0 %); norm=batch: dog (70.0 %)");
}

TEST_F(Images, WithoutImagesItSaysWhy) {
  Json datasets = Json::object();
  const auto blocks = error_blocks(make_input(mock_), datasets);
  ASSERT_EQ(blocks.size(), 1u);
  EXPECT_THAT(blocks[0]["text"], HasSubstr("no folder of that name"));
}

TEST_F(Images, PredictionsOfOtherImagesAreLeftOut) {
  mock_.record(0, 1).predictions->labels.pop_back();
  mock_.record(0, 1).predictions->probabilities.pop_back();
  Json datasets = Json::object();
  const auto blocks = error_blocks(input(), datasets);
  EXPECT_EQ(blocks.size(), 2u) << "matrix and mistakes of the other arm";
}

}  // namespace
}  // namespace normlab
