#pragma once

#include <cstdint>
#include <span>

#include "normlab/kernels/pooling.h"

/// The functions of normlab/kernels/pooling.h in double, for reading: the oracle of its tests.
namespace normlab::reference {

using kernels::PoolShape;

void maxpool_forward(std::span<double> y, std::span<std::uint8_t> argmax, std::span<const double> x,
                     const PoolShape& shape);
void maxpool_backward(std::span<double> dx, std::span<const double> dy,
                      std::span<const std::uint8_t> argmax, const PoolShape& shape);

void avgpool_forward(std::span<double> y, std::span<const double> x, const PoolShape& shape);
void avgpool_backward(std::span<double> dx, std::span<const double> dy, const PoolShape& shape);

void global_avgpool_forward(std::span<double> y, std::span<const double> x, std::int64_t positions,
                            std::int64_t channels);
void global_avgpool_backward(std::span<double> dx, std::span<const double> dy,
                             std::int64_t positions, std::int64_t channels);

}  // namespace normlab::reference
