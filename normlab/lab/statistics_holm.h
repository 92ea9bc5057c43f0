#pragma once

#include <span>
#include <vector>

namespace normlab {

/// The p-values of several tests, adjusted so that calling those at or below alpha significant
/// makes a single false call with probability at most alpha, whatever the tests' dependence (Holm
/// 1979, "A simple sequentially rejective multiple test procedure"). In the order given; never
/// above 1.
std::vector<double> holm(std::span<const double> p_values);

}  // namespace normlab
