#include "normlab/kernels/reference/dropout.h"

namespace normlab::reference {

std::vector<double> dropout_mask(std::size_t count, float rate, const Philox& stream,
                                 std::uint64_t first) {
  std::vector<double> mask;
  for (std::uint64_t element = first; element < first + count; ++element) {
    const std::uint32_t word = stream.block(element / 4)[element % 4];
    mask.push_back(Philox::unit(word) >= rate ? 1 / (1 - static_cast<double>(rate)) : 0.0);
  }
  return mask;
}

}  // namespace normlab::reference
