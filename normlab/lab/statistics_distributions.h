#pragma once

#include <cstddef>

namespace normlab {

/// P(Z <= z) of the standard normal distribution.
double normal_cdf(double z);

/// The z with normal_cdf(z) = p, to about 1e-14 relative. Requires: 0 < p < 1.
double normal_quantile(double p);

/// The t > 0 with P(|T| <= t) = coverage, for Student's T with `degrees` of freedom, to about 1e-12
/// relative for the coverages in use (0.5 to 0.999). Requires: degrees >= 1, 0 < coverage < 1.
double student_two_sided(double coverage, std::size_t degrees);

}  // namespace normlab
