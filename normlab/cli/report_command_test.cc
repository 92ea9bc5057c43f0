#include "normlab/cli/report_command.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "normlab/cli/html_output.h"
#include "normlab/cli/stored_study_test.h"

namespace normlab {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

class ReportCommand : public StoredStudyTest {
 protected:
  std::string report(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"report", "mlp-128-64"});
    return run(add_report_command, arguments);
  }
  /// What the command writes into a file of this name.
  std::string report_file(const std::string& name, std::vector<std::string> arguments = {}) {
    const std::filesystem::path file = folder_ / name;
    arguments.insert(arguments.end(), {"-o", file.string()});
    EXPECT_EQ(report(arguments), "");
    return read(file);
  }
};

TEST_F(ReportCommand, PrintsTheTable) {
  const std::string text = report({});
  EXPECT_THAT(text, HasSubstr("1 of 5 diverged"));
  EXPECT_THAT(text, HasSubstr("steps to 95 % accuracy"));
  EXPECT_THAT(report({"--threshold", "0.9"}), HasSubstr("steps to 90 % accuracy"));
}

TEST_F(ReportCommand, WarnsOnStandardError) {
  report({});
  EXPECT_THAT(messages_, HasSubstr("normlab: warning: 1 of 10 trials have no result yet; to go on: "
                                   "normlab run mlp-128-64 seed=1..5 --runs " +
                                   folder_.string() + "\n"));
  EXPECT_THAT(messages_, HasSubstr("unequal numbers of finished seeds"));
  EXPECT_THAT(messages_, HasSubstr("seeds diverged: 1 of 5 of 'norm=none'"));
}

TEST_F(ReportCommand, WritesEveryFormat) {
  EXPECT_THAT(report_file("t.md"), HasSubstr("| train loss "));
  EXPECT_THAT(report_file("t.tex"), HasSubstr("\\toprule"));
  EXPECT_EQ(nlohmann::json::parse(report_file("t.json"))["arms"][0]["diverged"], 1);
  const std::string trials = report_file("t.csv");
  EXPECT_EQ(std::ranges::count(trials, '\n'), 1 + 9);
  const std::string epochs = report_file("e.csv", {"--epochs"});
  EXPECT_EQ(std::ranges::count(epochs, '\n'), 1 + 8 * 3 + 1);
}

TEST_F(ReportCommand, WritesAPage) {
  if (!has_report_page()) {
    EXPECT_THAT(([&] {
                  report({"-o", (folder_ / "t.html").string()});
                }),
                ThrowsMessage<RequestError>(AllOf(HasSubstr("NORMLAB_WEB=OFF"), HasSubstr(".md"))));
    return;
  }
  const std::string page = report_file("t.html");
  const std::size_t end = page.find("</script>", page.find("\"version\":1"));
  const std::size_t start = page.rfind('>', page.find("\"version\":1")) + 1;
  const auto document = nlohmann::json::parse(page.substr(start, end - start));
  EXPECT_EQ(document["title"], "Does it <help>?");
  EXPECT_EQ(document["arms"][0]["diverged"], 1);
  EXPECT_EQ(document["downloads"][4]["text"], report_file("t.json"));
  EXPECT_THAT(document["sections"][0]["blocks"][0]["text"].get<std::string>(),
              HasSubstr("The images are not shown: the data set "));
  EXPECT_THAT(document["sections"].back().dump(), HasSubstr("abacus"));
}

TEST_F(ReportCommand, ABeginningThatFitsSeveralStudiesIsRefused) {
  StoredStudy other = stored_;
  other.study.id = "5eed00000002";
  for (Arm& arm : other.study.arms) arm.settings.batch = 8;
  Store(folder_, Database::Access::write).save_study(other);
  const auto report_of = [&](const std::string& word) {
    return run(add_report_command, {"report", word});
  };
  EXPECT_THAT(([&] { report_of("5"); }), ThrowsMessage<RequestError>(AllOf(
                                             HasSubstr("several studies begin with '5'"),
                                             HasSubstr("\n  5eed00000001  mlp-128-64, started 2"),
                                             HasSubstr("UTC: batch=64\n  5eed00000002  mlp-128-64"),
                                             HasSubstr("UTC: batch=8"))));
  report_of("mlp-128-64");
  EXPECT_THAT(messages_, HasSubstr("2 studies are called mlp-128-64: this is the latest, "
                                   "5eed00000002 (batch=8)"));
  report_of("5eed00000001");
  EXPECT_THAT(messages_, testing::Not(HasSubstr("studies are called")));
}

TEST_F(ReportCommand, RefusesWhatItCannotWrite) {
  EXPECT_THAT(([&] {
                report({"-o", "t.docx"});
              }),
              ThrowsMessage<RequestError>(
                  AllOf(HasSubstr("t.docx"), HasSubstr(".html, .md, .tex, .csv, .json"))));
  EXPECT_THAT(([&] { report({"--epochs"}); }), ThrowsMessage<RequestError>(HasSubstr(".csv")));
  EXPECT_THAT(([&] {
                report({"-o", (folder_ / "none/t.md").string()});
              }),
              ThrowsMessage<Error>(HasSubstr("t.md")));
  EXPECT_THAT(([&] {
                report({"--threshold", "2"});
              }),
              ThrowsMessage<RequestError>(HasSubstr("--threshold")));
}

}  // namespace
}  // namespace normlab
