#include "normlab/cli/command_line.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/cli/run_request.h"

namespace normlab {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A program with `run` and, inside `data`, `list`.
class CommandLine : public ::testing::Test {
 protected:
  CommandLine() {
    app_.require_subcommand(0, 1);
    CLI::App* run = app_.add_subcommand("run");
    add_run_options(*run, request_);
    run->callback([this] { called_ = "run"; });
    CLI::App* data = app_.add_subcommand("data");
    data->require_subcommand(1);
    data->add_subcommand("list")->callback([this] { called_ = "list"; });
  }

  std::string parse(const std::vector<const char*>& words) {
    std::vector<const char*> argv = {"normlab"};
    argv.insert(argv.end(), words.begin(), words.end());
    try {
      parse_command_line(app_, static_cast<int>(argv.size()), argv.data());
    } catch (const RequestError& error) {
      return error.what();
    }
    return "no error";
  }

  CLI::App app_{"", "normlab"};
  RunRequest request_;
  std::string called_;
};

TEST_F(CommandLine, RunsTheCommand) {
  EXPECT_EQ(parse({"run", "m", "lr=0.1", "--jobs", "3", "--json"}), "no error");
  EXPECT_EQ(called_, "run");
  EXPECT_EQ(request_.jobs, 3);
  EXPECT_TRUE(request_.json);
  EXPECT_EQ(parse({"data", "list"}), "no error");
  EXPECT_EQ(called_, "list");
}

TEST_F(CommandLine, ACommandsNameCanBeAnArgument) {
  EXPECT_EQ(parse({"run", "data"}), "no error");
  EXPECT_EQ(request_.model(), "data");
}

TEST_F(CommandLine, WithoutACommandNamesThem) {
  EXPECT_EQ(parse({}), "which command? One of run, data ('normlab --help' describes them)");
}

TEST_F(CommandLine, UnknownWordsGetTheNearestKnown) {
  EXPECT_EQ(parse({"rnu", "m"}),
            "normlab has no command 'rnu': did you mean 'run'? ('normlab --help' lists them)");
  EXPECT_EQ(
      parse({"data", "lst"}),
      "normlab data has no command 'lst': did you mean 'list'? ('normlab data --help' lists them)");
  EXPECT_EQ(
      parse({"run", "m", "--jbos", "3"}),
      "normlab run has no flag --jbos: did you mean '--jobs'? ('normlab run --help' lists them)");
  EXPECT_EQ(
      parse({"run", "m", "--jbos=3"}),
      "normlab run has no flag --jbos: did you mean '--jobs'? ('normlab run --help' lists them)");
  EXPECT_EQ(parse({"data", "list", "more"}),
            "normlab data list: what is 'more' for? ('normlab data list --help')");
  EXPECT_EQ(called_, "");
}

TEST_F(CommandLine, SettingsWrittenAsFlagsAreRecognised) {
  EXPECT_EQ(parse({"run", "m", "--epochs=3"}),
            "normlab run has no flag --epochs: epochs is a setting, written epochs=3 ('normlab run "
            "--help-settings' lists them)");
  EXPECT_THAT(parse({"run", "m", "--lr", "0.1"}), HasSubstr("lr is a setting, written lr=..."));
  EXPECT_THAT(parse({"run", "m", "--batch-size", "32"}), HasSubstr("written batch=..."));
  EXPECT_THAT(parse({"run", "m", "--learning_rate=1"}), HasSubstr("written lr=1"));
  EXPECT_THAT(parse({"run", "--model", "m"}), HasSubstr("written model=..."));
  EXPECT_THAT(parse({"run", "m", "-lr", "0.1"}), HasSubstr("lr is a setting"));
  EXPECT_THAT(parse({"run", "m", "--epoch=3"}),
              HasSubstr("did you mean the setting 'epochs=...'?"));
  EXPECT_THAT(parse({"train", "m"}), HasSubstr("no command 'train': it is called 'run' here"));
  EXPECT_THAT(parse({"data", "list", "--epochs=3"}), HasSubstr("has no flag --epochs ("));
}

TEST_F(CommandLine, ValuesOfFlagsAreChecked) {
  EXPECT_THAT(parse({"run", "m", "--jobs", "0"}), HasSubstr("--jobs"));
  EXPECT_THAT(parse({"run", "m", "--jobs", "many"}), HasSubstr("--jobs"));
  EXPECT_THAT(parse({"run", "m", "--threshold", "95"}), HasSubstr("--threshold"));
  EXPECT_THAT(parse({"data"}), HasSubstr("('normlab data --help')"));
  EXPECT_EQ(called_, "");
}

TEST(RunRequest, TellsTheModelFromTheSettingsInAnyOrder) {
  RunRequest request;
  request.arguments = {"lr=0.1", "flatten, linear 10", "seed=1..3"};
  request.data = "mnist";
  EXPECT_EQ(request.model(), "flatten, linear 10");
  EXPECT_THAT(request.settings(), ElementsAre("lr=0.1", "seed=1..3", "data=mnist"));
  request.arguments = {"lr=0.1"};
  EXPECT_EQ(request.model(), "");
}

TEST(RunRequest, RefusesTwoModels) {
  RunRequest request;
  request.arguments = {"cnn-32", "lr", "=", "0.1"};
  try {
    request.model();
    FAIL();
  } catch (const RequestError& error) {
    EXPECT_STREQ(error.what(),
                 "what is 'lr' for? The model is 'cnn-32' already, and settings are written "
                 "key=value without blanks");
  }
}

TEST(RunRequest, TheCommandIsTheWholeRequestForAShell) {
  RunRequest request;
  request.arguments = {"it's a net.toml", "lr=log(1e-4,1,9)", "seed=1..3"};
  request.data = "my data";
  request.threshold = 0.5;
  request.smoke = true;
  const std::string study =
      R"('it'\''s a net.toml' 'lr=log(1e-4,1,9)' seed=1..3 --data 'my data' --smoke )"
      "--threshold 0.5";
  EXPECT_EQ(request.command(), study);
  EXPECT_EQ(request.go_on_command(), "normlab run " + study);
  request.force = true;
  request.jobs = 2;
  request.threads = 3;
  request.json = request.quiet = request.fail_fast = request.fetch = request.no_report = true;
  request.runs = "other runs";
  EXPECT_EQ(request.command(), study) << "how it is run changes no result";
  EXPECT_EQ(
      request.go_on_command(),
      "normlab run " + study +
          " --jobs 2 --threads 3 --json --quiet --fail-fast --fetch --no-report --runs 'other "
          "runs'");
}

TEST(RunRequest, SharesTheCoresAmongJobs) {
  RunRequest request;
  EXPECT_GE(request.jobs_or_default(), 1);
  request.threads = 1000;
  EXPECT_EQ(request.jobs_or_default(), 1);
  request.jobs = 7;
  EXPECT_EQ(request.jobs_or_default(), 7);
}

TEST(ExitStatus, FollowsTheKindOfFailure) {
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(exit_status_of([] {}), 0);
  EXPECT_EQ(exit_status_of([] { throw Error("broken"); }), 1);
  EXPECT_EQ(exit_status_of([] { throw std::bad_alloc(); }), 1);
  EXPECT_EQ(exit_status_of([] { throw RequestError("wrong"); }), 2);
  EXPECT_EQ(exit_status_of([] { throw StoppedBySignal(2, "interrupted"); }), 130);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("normlab: broken\n"));
}

}  // namespace
}  // namespace normlab
