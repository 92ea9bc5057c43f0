#include "normlab/cli/data_command.h"

#include <CLI/CLI.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/cli/command_line.h"
#include "normlab/data/test_files.h"
#include "normlab/fetch/fetch_test_server.h"

namespace normlab {
namespace {

using testing::HasSubstr;
using namespace testing_files;

class DataCommandTest : public testing::Test {
 protected:
  DataCommandTest() { write_small_idx_set(folder_ / "small"); }

  std::string run(const std::vector<std::string>& arguments) {
    CLI::App app("", "normlab");
    app.require_subcommand(0, 1);
    add_data_command(app);
    std::vector<const char*> words{"normlab", "data"};
    for (const std::string& argument : arguments) words.push_back(argument.c_str());
    testing::internal::CaptureStdout();
    try {
      parse_command_line(app, static_cast<int>(words.size()), words.data());
    } catch (const Error& error) {
      return testing::internal::GetCapturedStdout() + "error: " + error.what();
    }
    return testing::internal::GetCapturedStdout();
  }

  TemporaryFolder folder_;
  ScopedVariable no_proxy_{"no_proxy", "127.0.0.1"};
  ScopedVariable data_{"NORMLAB_DATA", folder_.path().c_str()};
  ScopedVariable cache_{"XDG_CACHE_HOME", (folder_ / "cache").c_str()};
};

TEST_F(DataCommandTest, ListsAndDescribes) {
  EXPECT_THAT(run({"list"}), HasSubstr("fashion-mnist"));
  EXPECT_THAT(run({"info", "small"}), HasSubstr("2 x 2 x 1, 3 train, 2 test"));
}

TEST_F(DataCommandTest, VerifyFailsWhenAFileIsBad) {
  EXPECT_THAT(run({"verify", "small"}), testing::Not(HasSubstr("error")));
  write_file(folder_ / "small/t10k-labels-idx1-ubyte", "\x1f\x8b\x08 no gzip");
  const std::string output = run({"verify", "small"});
  EXPECT_THAT(output, HasSubstr("BAD      " + (folder_ / "small/t10k-labels-idx1-ubyte").string()));
  EXPECT_THAT(output, HasSubstr("error: 1 file is damaged"));
}

TEST_F(DataCommandTest, FetchAsksTheMirrorGivenAndFailsWithItsAnswer) {
  HttpTestServer server([](const HttpRequest&) { return HttpReply{"404 Not Found", {}, "no"}; });
  const std::string output =
      run({"fetch", "cifar100", "--mirror", server.url(), "--to", folder_ / "to"});
  EXPECT_THAT(output, HasSubstr("error: cifar-100-binary.tar.gz could not be fetched:"));
  EXPECT_THAT(output,
              HasSubstr(server.url() + "cifar-100-binary.tar.gz: answers with HTTP status 404"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "to/cifar100"));
}

TEST_F(DataCommandTest, ExplainsWrongRequests) {
  EXPECT_THAT(run({}), HasSubstr("which command? One of list, info, verify, fetch"));
  EXPECT_THAT(run({"lst"}), HasSubstr("did you mean 'list'?"));
  EXPECT_THAT(run({"fetch", "mnits"}), HasSubstr("did you mean 'mnist'?"));
  EXPECT_THAT(run({"info", "mnits"}), HasSubstr("did you mean 'mnist'?"));
  EXPECT_THAT(run({"verify", "glyphs"}), HasSubstr("no file to verify"));
  EXPECT_THAT(run({"info"}), HasSubstr("NAME is missing"));
}

}  // namespace
}  // namespace normlab
