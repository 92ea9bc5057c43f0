#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "normlab/base/pieces.h"

namespace normlab {

/// Workers that share the pieces of one loop at a time: the threads of a process (ThreadPool), or
/// those of several processes. Whoever computes is lent one and asks nothing else of it. `run` and
/// `share` must not be called from two threads at once, nor from inside a piece.
///
/// Any worker may compute a piece: pieces must not depend on each other, and their results must be
/// merged in an order that their numbers fix (base/tree.h), not that of their completion.
class Team {
 public:
  virtual ~Team() = default;

  /// Workers in this process, >= 1.
  virtual int threads() const = 0;

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

  /// After a loop over `pieces` whose piece i wrote its range of `buffer` (pieces.total items of
  /// equal size): gives every process all of it. In a single process there is nothing to do.
  virtual void share(std::span<std::byte> buffer, const Pieces& pieces) = 0;

 protected:
  struct Task {
    void* target = nullptr;
    void (*call)(void*, std::int64_t, int) = nullptr;
  };
  virtual void run_erased(std::int64_t count, Task task) = 0;
};

}  // namespace normlab
