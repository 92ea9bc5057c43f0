#pragma once

#include <cstdint>

namespace normlab {

/// Merges the results of pieces 0 .. count - 1 into that of piece 0 along a fixed tree: neighbours
/// first, then pairs of neighbours, and so on. `merge(into, from)` adds the result of piece `from`
/// to that of piece `into` (< from). The order depends on the count alone, whoever computed the
/// pieces; and pieces that begin at a multiple of a power of two and are that many form a subtree,
/// whose sum can be made elsewhere.
template <class Merge>
constexpr void merge_tree(std::int64_t count, Merge&& merge) {
  for (std::int64_t step = 1; step < count; step *= 2) {
    for (std::int64_t into = 0; into + step < count; into += 2 * step) merge(into, into + step);
  }
}

}  // namespace normlab
