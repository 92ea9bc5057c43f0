#include "normlab/cli/list_command.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "normlab/cli/stored_study_test.h"

namespace normlab {
namespace {

using testing::HasSubstr;

TEST(ListText, AlignsStudies) {
  const std::vector<StudyLine> studies = {
      {"0123456789ab", "batch-size-mlp", "2026-11-21 09:30:00", 8, 40, 38, 2, 0, 75.2},
      {"ba9876543210", "mlp", "2026-11-22 10:00:00", 2, 10, 5, 0, 1, 3723}};
  EXPECT_EQ(list_text(studies),
            "study         name            started (UTC)        arms  trials done  diverged  "
            "failed     time\n"
            "0123456789ab  batch-size-mlp  2026-11-21 09:30:00     8     38 of 40         2  "
            "     0     1:16\n"
            "ba9876543210  mlp             2026-11-22 10:00:00     2      5 of 10         0  "
            "     1  1:02:03\n");
}

using ListCommand = StoredStudyTest;

TEST_F(ListCommand, ListsWhatIsStored) {
  const std::string text = run(add_list_command, {"list"});
  EXPECT_THAT(text, HasSubstr("5eed00000001  mlp-128-64"));
  EXPECT_THAT(text, HasSubstr("8 of 10"));
}

TEST_F(ListCommand, TellsStudiesOfOneNameApart) {
  EXPECT_THAT(run(add_list_command, {"list"}), testing::Not(HasSubstr("differs in")));
  StoredStudy other = stored_;
  other.study.id = "0the00000002";
  for (Arm& arm : other.study.arms) arm.settings.optimizer.lr = 0.5;
  StoredStudy third = stored_;
  third.study.id = "0the00000003";
  third.study.name = "third";
  {
    Store store(folder_, Database::Access::write);
    store.save_study(other);
    store.save_study(third);
  }
  const std::string text = run(add_list_command, {"list"});
  EXPECT_THAT(text, HasSubstr("  differs in\n"));
  EXPECT_THAT(text, HasSubstr("  lr=0.001\n"));
  EXPECT_THAT(text, HasSubstr("  lr=0.5\n"));
  const auto object = nlohmann::json::parse(run(add_list_command, {"list", "--json"}));
  EXPECT_EQ(object["studies"].at(1)["differs_in"], "lr=0.5");
  EXPECT_EQ(object["studies"].at(2)["differs_in"], "");
}

TEST_F(ListCommand, PrintsJson) {
  const auto object = nlohmann::json::parse(run(add_list_command, {"list", "--json"}));
  const auto& study = object["studies"].at(0);
  EXPECT_EQ(study["id"], "5eed00000001");
  EXPECT_EQ(study["arms"], 2);
  EXPECT_EQ(study["trials"], 10);
  EXPECT_EQ(study["done"], 8);
  EXPECT_EQ(study["diverged"], 1);
  EXPECT_EQ(study["failed"], 0);
}

}  // namespace
}  // namespace normlab
