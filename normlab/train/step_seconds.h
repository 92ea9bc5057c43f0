#pragma once

#include <optional>
#include <span>

namespace normlab {

/// What a training step of a trial usually takes: the median of `seconds`, one number for each step
/// in their order, without the first ones (ten, or half of them where they are few), in which
/// memory is touched for the first time and processors wake up. A step that something else on the
/// machine held up does not move it. Absent when there was no step.
std::optional<double> typical_step_seconds(std::span<const float> seconds);

}  // namespace normlab
