#include "normlab/base/thread_pool.h"

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>
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

/// Waits until `condition` holds, so that a test fails instead of hanging.
template <class Condition>
bool becomes_true(const Condition& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

TEST_P(ThreadPoolTest, GivesEveryThreadTheSamePiecesEachTime) {
  ThreadPool pool(GetParam());
  const std::int64_t workers = GetParam();
  for (int round = 0; round < 20; ++round) {
    std::atomic<int> begun{0};
    std::vector<int> worker_of(static_cast<std::size_t>(workers), -1);
    // No thread gets done with its share, and to those of others, before all have begun.
    pool.run(workers, [&](std::int64_t i, int worker) {
      worker_of[static_cast<std::size_t>(i)] = worker;
      ++begun;
      EXPECT_TRUE(becomes_true([&] { return begun == workers; }));
    });
    for (int w = 0; w < GetParam(); ++w) EXPECT_EQ(worker_of[static_cast<std::size_t>(w)], w);
  }
}

TEST_P(ThreadPoolTest, LeavesNoPieceToAThreadThatLagsBehind) {
  if (GetParam() == 1) return;  // nobody else is there
  ThreadPool pool(GetParam());
  const std::int64_t count = 8 * GetParam();
  std::atomic<int> done{0};
  pool.run(count, [&](std::int64_t i) {
    if (i == 0) {
      EXPECT_TRUE(becomes_true([&] { return done == count - 1; }));
    }
    ++done;
  });
  EXPECT_EQ(done, count);
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
