#include "normlab/base/thread_pool.h"

#include <atomic>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

namespace normlab {
namespace {

class ThreadPoolTest : public testing::TestWithParam<int> {};

TEST_P(ThreadPoolTest, RunsEveryPieceOnce) {
  ThreadPool pool(GetParam());
  EXPECT_EQ(pool.threads(), GetParam());
  for (int round = 0; round < 300; ++round) {
    std::vector<std::atomic<int>> seen(static_cast<std::size_t>(round % 17));
    pool.run(std::ssize(seen), [&](std::int64_t i) { ++seen[static_cast<std::size_t>(i)]; });
    for (const auto& count : seen) ASSERT_EQ(count, 1);
  }
}

TEST_P(ThreadPoolTest, NumbersItsWorkers) {
  ThreadPool pool(GetParam());
  std::vector<std::atomic<int>> inside(static_cast<std::size_t>(GetParam()));
  std::atomic<bool> shared{false};
  pool.run(1000, [&](std::int64_t, int worker) {
    if (inside.at(static_cast<std::size_t>(worker)).fetch_add(1) != 0) shared = true;
    inside[static_cast<std::size_t>(worker)].fetch_sub(1);
  });
  EXPECT_FALSE(shared) << "two pieces ran at once under one worker's number";
}

TEST_P(ThreadPoolTest, RethrowsWhatAPieceThrowsAndGoesOn) {
  ThreadPool pool(GetParam());
  const auto throwing = [](std::int64_t i) {
    if (i == 3) throw std::runtime_error("piece 3");
  };
  EXPECT_THROW(pool.run(8, throwing), std::runtime_error);
  std::atomic<int> done{0};
  pool.run(8, [&](std::int64_t) { ++done; });
  EXPECT_EQ(done, 8);
}

INSTANTIATE_TEST_SUITE_P(Threads, ThreadPoolTest, testing::Values(1, 2, 3, 5));

}  // namespace
}  // namespace normlab
