#pragma once

#include <cstdint>
#include <memory>
#include <type_traits>

namespace normlab {

/// A fixed set of threads that share the pieces of one loop at a time. `run` must not be called
/// from two threads at once, nor from inside a piece.
///
/// Each thread begins with consecutive pieces, the same loop after loop, so that what it wrote is
/// likely to be in its own caches; then it takes what others have left. So any thread may compute a
/// piece: pieces must not depend on each other, and their results must be merged in the order of
/// the pieces, not of their completion.
class ThreadPool {
 public:
  /// Workers take denormal numbers for zero (FlushDenormals); so should whoever calls `run`.
  /// The calling thread counts as one of `threads` (>= 1); the others are started here.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const;

  /// Calls `piece(i)` or `piece(i, worker)` for every i in [0, count), each exactly once, and
  /// returns when all are done. `worker`, in [0, threads()), is the calling thread's number: it may
  /// choose scratch memory, never a result. The first exception thrown by a piece is rethrown here.
  /// Allocates nothing.
  template <class Piece>
  void run(std::int64_t count, Piece&& piece) {
    using Target = std::remove_reference_t<Piece>;
    run_erased(count, {const_cast<void*>(static_cast<const void*>(&piece)),
                       [](void* target, std::int64_t index, int worker) {
                         Target& call = *static_cast<Target*>(target);
                         if constexpr (std::is_invocable_v<Target&, std::int64_t, int>) {
                           call(index, worker);
                         } else {
                           call(index);
                         }
                       }});
  }

 private:
  struct Task {
    void* target = nullptr;
    void (*call)(void*, std::int64_t, int) = nullptr;
  };
  void run_erased(std::int64_t count, Task task);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace normlab
