#pragma once

#include <algorithm>
#include <cstdint>

namespace normlab {

/// How many examples of `floats` values each make a piece of work: as many as leave their output in
/// a second-level cache (128 K floats, 512 KiB), a power of two so that pieces divide usual
/// batches; but no more than 32 pieces a batch, which bounds the memory for partial results.
/// Depends on the network and its largest batch only.
inline std::int64_t examples_per_piece(std::int64_t floats, std::int64_t max_examples) {
  constexpr std::int64_t kFloats = 128 * 1024;
  constexpr std::int64_t kMaxPieces = 32;
  std::int64_t examples = 1;
  while (examples < max_examples &&
         (2 * examples * floats <= kFloats || examples * kMaxPieces < max_examples)) {
    examples *= 2;
  }
  return std::min(examples, max_examples);
}

}  // namespace normlab
