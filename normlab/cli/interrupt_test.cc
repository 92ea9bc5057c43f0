#include "normlab/cli/interrupt.h"

#include <condition_variable>
#include <mutex>

#include <gtest/gtest.h>
#include <unistd.h>

namespace normlab {
namespace {

void wait_for_stop(const std::stop_token& token) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any().wait(lock, token, [] { return false; });
}

TEST(InterruptWatch, TheFirstSignalRequestsAStop) {
  for (const int signal : {SIGINT, SIGTERM}) {
    const InterruptWatch watch;
    EXPECT_FALSE(watch.token().stop_requested());
    EXPECT_EQ(watch.signal(), 0);
    kill(getpid(), signal);
    wait_for_stop(watch.token());
    EXPECT_EQ(watch.signal(), signal);
  }
}

TEST(InterruptWatch, EndsWithoutASignal) {
  const InterruptWatch watch;
  EXPECT_EQ(watch.signal(), 0);
}

TEST(InterruptWatchDeathTest, TheSecondSignalEndsTheProcess) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        const InterruptWatch watch;
        kill(getpid(), SIGINT);
        wait_for_stop(watch.token());
        kill(getpid(), SIGINT);
        pause();
      },
      ::testing::ExitedWithCode(128 + SIGINT), "");
}

TEST(InterruptWatchDeathTest, IgnoredSignalsStayIgnored) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        std::signal(SIGINT, SIG_IGN);
        const InterruptWatch watch;
        kill(getpid(), SIGINT);
        kill(getpid(), SIGTERM);
        wait_for_stop(watch.token());
        _exit(watch.signal() == SIGTERM ? 0 : 1);
      },
      ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace normlab
