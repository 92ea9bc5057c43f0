#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "normlab/base/philox.h"

namespace normlab::reference {

/// The mask of kernels::dropout_forward in double, for reading: the oracle of its tests.
std::vector<double> dropout_mask(std::size_t count, float rate, const Philox& stream,
                                 std::uint64_t first);

}  // namespace normlab::reference
