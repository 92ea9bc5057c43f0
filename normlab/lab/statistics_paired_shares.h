#pragma once

#include <cstddef>

#include "normlab/lab/interval.h"

namespace normlab {

/// Pairs of which either, both or none did something.
struct PairCounts {
  std::size_t both = 0;
  std::size_t first_only = 0;
  std::size_t second_only = 0;
  std::size_t neither = 0;

  std::size_t total() const { return both + first_only + second_only + neither; }
  std::size_t first() const { return both + first_only; }
  std::size_t second() const { return both + second_only; }
  /// The first's share minus the second's. Requires: total() > 0.
  double difference() const;
};

/// The 95 % interval of PairCounts::difference(): Newcombe's hybrid of two Wilson intervals with a
/// correlation corrected for continuity (Newcombe 1998, "Improved confidence intervals for the
/// difference between binomial proportions based on paired data", method 10). Lies in [-1, 1].
/// Requires: total() > 0.
Interval paired_share_interval(const PairCounts& counts);

}  // namespace normlab
