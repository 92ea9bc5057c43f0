#pragma once

#include <cstdint>

namespace normlab {

/// The number of an image's class. 16 bits, as data sets have up to a thousand classes.
using Label = std::uint16_t;

}  // namespace normlab
