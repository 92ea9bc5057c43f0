#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace normlab::bench {

/// What one part of a training step takes of the step's time, as a share of it: a layer (what
/// counts for which is said at LayerTimes), "gather and loss" or "optimizer".
struct TimeShare {
  std::string part;  ///< "4: linear 64"
  std::string kind;  ///< "linear"; of what is no layer the same as `part`
  double forward = 0;
  double backward = 0;

  double both_ways() const { return forward + backward; }
};

/// The shares of each kind, largest first.
std::vector<std::pair<std::string, double>> by_kind(std::span<const TimeShare> shares);

}  // namespace normlab::bench
