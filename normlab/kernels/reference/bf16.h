#pragma once

#include "normlab/kernels/bf16.h"

namespace normlab::reference {

/// The nearest value of 8 significant bits, ties to even.
kernels::Bf16 to_bf16(float value);

double to_double(kernels::Bf16 value);

}  // namespace normlab::reference
