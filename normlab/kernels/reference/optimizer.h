#pragma once

#include <span>

#include "normlab/kernels/optimizer.h"

/// The steps of normlab/kernels/optimizer.h in double, for reading: the oracle of its tests.
namespace normlab::reference {

void sgd_step(std::span<double> weights, std::span<double> velocity,
              std::span<const double> gradient, const kernels::SgdStep& step);

void adam_step(std::span<double> weights, std::span<double> first_moment,
               std::span<double> second_moment, std::span<const double> gradient,
               const kernels::AdamStep& step);

}  // namespace normlab::reference
