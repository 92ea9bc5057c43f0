#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "normlab/cli/command_line.h"
#include "normlab/lab/mock_study.h"
#include "normlab/store/store.h"

namespace normlab {

/// A runs folder that holds two arms of five seeds; the second arm's last seed was never run and
/// the first arm's second seed diverged.
class StoredStudyTest : public testing::Test {
 protected:
  StoredStudyTest() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              ("normlab_cli_" + std::to_string(getpid()) + "_" + test->name());
    mock_ = mock_study({"norm=none", "norm=batch"}, 5);
    diverge(mock_.record(0, 2));
    mock_.record(0, 1).step_losses = {2.5f, 0.1f};
    mock_.record(0, 1).checkpoint = "elsewhere/checkpoints/t0-1.safetensors";
    mock_.results.pop_back();
    // Reports look for the images: there must be none, or they would be drawn for every test.
    for (Arm& arm : mock_.study.arms) arm.settings.data = "nowhere";
    stored_.study = mock_.study;
    stored_.title = "Does it <help>?";
    stored_.command = "mlp-128-64 seed=1..5";
    stored_.data = {{"glyphs", "5eed", true, 48000, 12000, 10000}};
    Store store(folder_, Database::Access::write);
    store.save_study(stored_);
    for (const TrialResult& result : mock_.results) {
      store.save_trial(result, R"({"processor": "abacus", "threads": 2})");
    }
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  /// Standard output of `add`'s command with these arguments and the folder; its messages go to
  /// `messages_`. Throws what the command throws.
  std::string run(void (*add)(CLI::App&), std::vector<std::string> arguments) {
    CLI::App app("", "normlab");
    add(app);
    arguments.insert(arguments.begin(), "normlab");
    arguments.insert(arguments.end(), {"--runs", folder_.string()});
    std::vector<const char*> words;
    for (const std::string& argument : arguments) words.push_back(argument.c_str());
    Capture capture(*this);
    parse_command_line(app, static_cast<int>(words.size()), words.data());
    return capture.end();
  }

  static std::string read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    EXPECT_TRUE(file) << "no file " << path;
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }

  std::filesystem::path folder_;
  MockStudy mock_;
  StoredStudy stored_;
  std::string messages_;

 private:
  /// Ends the capture on the way out of an exception too.
  class Capture {
   public:
    explicit Capture(StoredStudyTest& test) : test_(test) {
      testing::internal::CaptureStdout();
      testing::internal::CaptureStderr();
    }
    ~Capture() {
      if (!ended_) end();
    }
    Capture(const Capture&) = delete;
    Capture& operator=(const Capture&) = delete;

    std::string end() {
      ended_ = true;
      test_.messages_ = testing::internal::GetCapturedStderr();
      return testing::internal::GetCapturedStdout();
    }

   private:
    StoredStudyTest& test_;
    bool ended_ = false;
  };
};

}  // namespace normlab
