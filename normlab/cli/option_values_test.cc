#include "normlab/cli/option_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/cli/bench_command.h"
#include "normlab/cli/command_line.h"
#include "normlab/cli/data_command.h"
#include "normlab/cli/list_command.h"
#include "normlab/cli/model_command.h"
#include "normlab/cli/report_command.h"
#include "normlab/cli/run_command.h"
#include "normlab/cli/show_command.h"

namespace normlab {
namespace {

using ::testing::HasSubstr;

/// The message of a wrong request to the whole program. Nothing below gets as far as a command's
/// work, or it would say something else.
std::string error_of(const std::vector<std::string>& words) {
  CLI::App app("", "normlab");
  app.require_subcommand(0, 1);
  add_run_command(app);
  add_list_command(app);
  add_show_command(app);
  add_report_command(app);
  add_model_command(app);
  add_data_command(app);
  add_bench_command(app);
  std::vector<const char*> argv = {"normlab"};
  for (const std::string& word : words) argv.push_back(word.c_str());
  try {
    parse_command_line(app, static_cast<int>(argv.size()), argv.data());
  } catch (const RequestError& error) {
    return error.what();
  }
  return "no error";
}

/// Each option with a value, as words before it.
const std::vector<std::vector<std::string>> kValued = {
    {"run", "m", "--data"},
    {"run", "m", "--runs"},
    {"run", "m", "--jobs"},
    {"run", "m", "--threads"},
    {"run", "m", "--threshold"},
    {"run", "m", "--primary"},
    {"list", "--runs"},
    {"show", "x", "--runs"},
    {"show", "x", "--series"},
    {"show", "x", "--checkpoint"},
    {"report", "x", "--output"},
    {"report", "x", "--runs"},
    {"report", "x", "--threshold"},
    {"model", "m", "--data"},
    {"data", "fetch", "x", "--to"},
    {"data", "fetch", "x", "--stall-seconds"},
    {"bench", "--filter"},
    {"bench", "--seconds"},
};

const std::vector<std::vector<std::string>> kNumbers = {
    {"run", "m", "--jobs"},         {"run", "m", "--threads"},
    {"run", "m", "--threshold"},    {"bench", "--seconds"},
    {"report", "x", "--threshold"}, {"data", "fetch", "x", "--stall-seconds"},
};

std::vector<std::string> with(std::vector<std::string> words, std::vector<std::string> more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

TEST(OptionValues, EmptyOnesAreRefusedEverywhere) {
  for (const auto& option : kValued) {
    SCOPED_TRACE(option.back());
    EXPECT_EQ(error_of(with(option, {""})), option.back() + " '': a value is missing");
    EXPECT_EQ(error_of(with(option, {" \t"})), option.back() + " ' \t': a value is missing");
    std::vector<std::string> joined = option;
    joined.back() += "=";
    EXPECT_EQ(error_of(with(joined, {"lr=1"})), joined.back() + ": a value is missing");
  }
  EXPECT_EQ(error_of({"run", ""}), "'' among the arguments: a word is missing");
  EXPECT_EQ(error_of({"show", ""}), "'' among the arguments: a word is missing");
  EXPECT_EQ(error_of({"run", "m", "--json", "x", ""}), "'' among the arguments: a word is missing");
}

TEST(OptionValues, AreGivenOnce) {
  for (const auto& option : kValued) {
    EXPECT_EQ(error_of(with(option, {"1", option.back(), "1"})), option.back() + " is given twice");
  }
  EXPECT_EQ(error_of({"report", "x", "-o", "a.md", "--output", "b.md"}), "--output is given twice");
}

TEST(OptionValues, NumbersAreReadAsInSettings) {
  for (const auto& option : kNumbers) {
    for (const char* text : {"nan", "inf", "-inf", "1e400", "0x1", "+1", "01", "00", "1,5", "one",
                             "1s", " 1", "1 ", "-1", "1e99"}) {
      EXPECT_THAT(error_of(with(option, {text})),
                  HasSubstr(option.back() + " " + text + ": expected"))
          << text;
    }
  }
  EXPECT_EQ(error_of({"run", "m", "--jobs", "08"}),
            "--jobs 08: expected a whole number from 1 to 1024; '08' begins with a zero: write 8");
  EXPECT_EQ(error_of({"run", "m", "--threshold", "95"}),
            "--threshold 95: expected a number of at least 0 and at most 1");
  EXPECT_EQ(option_number("--threshold", ".5", kShareRange), 0.5);
  EXPECT_EQ(option_whole("--jobs", "3", {.low = 1, .high = 3}), 3);
}

}  // namespace
}  // namespace normlab
