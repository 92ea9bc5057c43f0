#include "normlab/train/batches.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "normlab/base/error.h"
#include "normlab/base/philox.h"

namespace normlab {

std::int64_t held_out_images(std::int64_t count, double validation) {
  return std::llround(validation * static_cast<double>(count));
}

Split split_images(std::int64_t count, double validation, std::uint64_t seed, std::int64_t subset) {
  std::vector<std::uint32_t> images(static_cast<std::size_t>(count));
  std::iota(images.begin(), images.end(), 0u);
  shuffle(images, Philox(seed, Purpose::split, 0));
  const auto others = images.begin() + held_out_images(count, validation);
  const auto end = subset == 0 ? images.end() : others + std::min(subset, images.end() - others);
  Split split;
  split.validation.assign(images.begin(), others);
  split.train.assign(others, end);
  std::ranges::sort(split.train);
  std::ranges::sort(split.validation);
  return split;
}

BatchPlan::BatchPlan(std::int64_t examples, std::int64_t batch, Tail tail) {
  const std::int64_t full = examples / batch;
  const std::int64_t rest = examples % batch;
  for (std::int64_t i = 0; i < full; ++i) ranges_.push_back({i * batch, batch});
  if (rest != 0) {
    if (tail == Tail::keep || (tail == Tail::merge && full == 0))
      ranges_.push_back({full * batch, rest});
    if (tail == Tail::merge && full != 0) ranges_.back().count += rest;
    if (tail == Tail::wrap) ranges_.push_back({full * batch, batch});
  }
  if (ranges_.empty()) {
    fail(
        "no batch is left of {} training examples with batch={} and tail=drop; choose a smaller "
        "batch or another tail",
        examples, batch);
  }
}

std::int64_t BatchPlan::largest() const {
  return std::ranges::max(ranges_, {}, &Range::count).count;
}
std::int64_t BatchPlan::smallest() const {
  return std::ranges::min(ranges_, {}, &Range::count).count;
}

void BatchPlan::order(std::vector<std::uint32_t>& order, std::span<const std::uint32_t> images,
                      std::uint64_t seed, std::int64_t epoch, bool shuffled) const {
  order.assign(images.begin(), images.end());
  if (shuffled) shuffle(order, Philox(seed, Purpose::shuffle, static_cast<std::uint64_t>(epoch)));
  const auto needed = static_cast<std::size_t>(ranges_.back().first + ranges_.back().count);
  for (std::size_t i = 0; order.size() < needed; ++i) order.push_back(order[i]);
}

}  // namespace normlab
