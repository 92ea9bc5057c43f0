#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace normlab {

/// Packs what a step needs of memory: blocks that are never in use at the same time share storage.
///
/// Times are numbers that grow through the step; what they stand for is the caller's affair. A
/// block is in use from its first to its last time, both included.
class MemoryPlan {
 public:
  using Block = std::size_t;

  /// A block that is in use at `first`. Requires: bytes >= 0.
  Block add(std::int64_t bytes, std::int64_t first);
  /// The block is in use at `time`, too, and in between.
  void use(Block block, std::int64_t time);
  /// `block` lies where `place` does if it is as large and `place` is last used no later than
  /// `block` first. So the work at that time must have read any part of `place` before it writes
  /// that part of `block`.
  void prefer(Block block, Block place);

  /// Fixes every block's offset. Largest blocks first, each at the lowest offset where no block in
  /// use at one of its times is: within a few percent of the peak of live bytes on real networks.
  void place();
  std::int64_t offset(Block block) const;
  /// Of all blocks together.
  std::int64_t bytes() const { return total_; }
  /// The most that is in use at one time: no placement is smaller.
  std::int64_t live_bytes() const;

 private:
  struct Entry {
    std::int64_t bytes = 0;
    std::int64_t first = 0;
    std::int64_t last = 0;
    std::int64_t offset = 0;
    Block owner = 0;  ///< itself, or the block whose storage it takes over
  };
  struct Preference {
    Block block = 0;
    Block place = 0;
  };
  Block root(Block block) const;
  void join_preferred();

  std::vector<Entry> entries_;
  std::vector<Preference> preferences_;
  std::int64_t total_ = 0;
};

}  // namespace normlab
