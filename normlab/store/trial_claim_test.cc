#include "normlab/store/trial_claim.h"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "normlab/base/error.h"

namespace normlab {
namespace {

namespace fs = std::filesystem;

class TrialClaimTest : public testing::Test {
 protected:
  TrialClaimTest() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::temp_directory_path() /
              ("normlab_claim_" + std::to_string(getpid()) + "_" + test->name());
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path folder_;
};

TEST_F(TrialClaimTest, IsHeldByOneAtATime) {
  {
    const auto first = TrialClaim::take(folder_, "t");
    EXPECT_TRUE(first);
    EXPECT_FALSE(TrialClaim::take(folder_, "t"));
    EXPECT_TRUE(TrialClaim::take(folder_, "u"));
  }
  EXPECT_TRUE(TrialClaim::take(folder_, "t"));
  EXPECT_TRUE(fs::is_empty(folder_)) << "locks leave no files";
}

TEST_F(TrialClaimTest, EndsWithItsProcessHoweverThatEnds) {
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  if (child == 0) {
    const auto claim = TrialClaim::take(folder_, "t");
    if (write(ready[1], "x", 1) != 1) _exit(1);
    pause();
    _exit(0);
  }
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  EXPECT_FALSE(TrialClaim::take(folder_, "t"));
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_TRUE(TrialClaim::take(folder_, "t"));
  close(ready[0]);
  close(ready[1]);
}

TEST_F(TrialClaimTest, SaysWhenItsFolderIsMissing) {
  EXPECT_THROW(TrialClaim::take(folder_ / "missing", "t"), Error);
}

}  // namespace
}  // namespace normlab
