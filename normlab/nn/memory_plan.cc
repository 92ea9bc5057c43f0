#include "normlab/nn/memory_plan.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "normlab/base/aligned_buffer.h"

namespace normlab {

MemoryPlan::Block MemoryPlan::add(std::int64_t bytes, std::int64_t first) {
  const auto padded =
      static_cast<std::int64_t>(padded_count<std::byte>(static_cast<std::size_t>(bytes)));
  entries_.push_back({.bytes = padded, .first = first, .last = first, .owner = entries_.size()});
  return entries_.size() - 1;
}

void MemoryPlan::use(Block block, std::int64_t time) {
  Entry& entry = entries_[block];
  entry.first = std::min(entry.first, time);
  entry.last = std::max(entry.last, time);
}

void MemoryPlan::prefer(Block block, Block place) {
  preferences_.push_back({block, place});
}

MemoryPlan::Block MemoryPlan::root(Block block) const {
  while (entries_[block].owner != block) block = entries_[block].owner;
  return block;
}

void MemoryPlan::join_preferred() {
  for (const Preference& wish : preferences_) {
    Entry& block = entries_[wish.block];
    Entry& place = entries_[root(wish.place)];
    if (block.bytes != place.bytes || place.last > block.first) continue;
    block.owner = root(wish.place);
    place.last = std::max(place.last, block.last);
  }
}

void MemoryPlan::place() {
  join_preferred();
  std::vector<Block> order;
  for (Block i = 0; i < entries_.size(); ++i) {
    if (entries_[i].owner == i && entries_[i].bytes > 0) order.push_back(i);
  }
  std::ranges::stable_sort(order,
                           [&](Block a, Block b) { return entries_[a].bytes > entries_[b].bytes; });
  std::vector<Block> by_offset;  // placed ones
  for (const Block block : order) {
    Entry& entry = entries_[block];
    std::int64_t offset = 0;
    for (const Block other : by_offset) {
      const Entry& placed = entries_[other];
      if (placed.last < entry.first || placed.first > entry.last) continue;
      if (offset + entry.bytes <= placed.offset) break;
      offset = std::max(offset, placed.offset + placed.bytes);
    }
    entry.offset = offset;
    total_ = std::max(total_, offset + entry.bytes);
    const auto next = std::ranges::upper_bound(by_offset, offset, {},
                                               [&](Block b) { return entries_[b].offset; });
    by_offset.insert(next, block);
  }
}

std::int64_t MemoryPlan::offset(Block block) const {
  return entries_[root(block)].offset;
}

std::int64_t MemoryPlan::live_bytes() const {
  std::map<std::int64_t, std::int64_t> changes;
  for (Block i = 0; i < entries_.size(); ++i) {
    if (entries_[i].owner != i) continue;
    changes[entries_[i].first] += entries_[i].bytes;
    changes[entries_[i].last + 1] -= entries_[i].bytes;
  }
  std::int64_t live = 0;
  std::int64_t most = 0;
  for (const auto& [time, change] : changes) most = std::max(most, live += change);
  return most;
}

}  // namespace normlab
