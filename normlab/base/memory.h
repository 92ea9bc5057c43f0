#pragma once

#include <cstdint>

namespace normlab {

/// Bytes that this machine has, or that the control group this process runs in may use.
std::int64_t total_memory();

/// Bytes of that which can still be had without swapping; total_memory() where the system does not
/// say.
std::int64_t available_memory();

}  // namespace normlab
