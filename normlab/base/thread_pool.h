#pragma once

#include <cstdint>
#include <memory>

#include "normlab/base/team.h"

namespace normlab {

/// A fixed set of threads.
///
/// Each thread begins with consecutive pieces, the same loop after loop, so that what it wrote is
/// likely to be in its own caches; then it takes what others have left.
class ThreadPool : public Team {
 public:
  /// Workers take denormal numbers for zero (FlushDenormals); so should whoever calls `run`.
  /// The calling thread counts as one of `threads` (>= 1); the others are started here.
  explicit ThreadPool(int threads);
  ~ThreadPool() override;
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const override;
  void share(std::span<std::byte>, const Pieces&) override {}

 private:
  void run_erased(std::int64_t count, Task task) override;

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace normlab
