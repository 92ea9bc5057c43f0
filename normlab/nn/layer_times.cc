#include "normlab/nn/layer_times.h"

namespace normlab {
namespace {

using Clock = std::chrono::steady_clock;

/// The clock is not even asked while nobody wants to know.
Clock::time_point start_if(bool wanted) {
  return wanted ? Clock::now() : Clock::time_point();
}

std::int64_t nanoseconds_since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start).count();
}

}  // namespace

double LayerTimes::seconds(std::size_t layer, Way way) const {
  const Row& row = rows_[layer];
  return static_cast<double>(way == Way::forward ? row.forward : row.backward) * 1e-9;
}

void LayerTimes::reset() {
  for (Row& row : rows_) row.forward = row.backward = 0;
}

void LayerTimes::add(std::size_t layer, Way way, std::int64_t nanoseconds) {
  Row& row = rows_[layer];
  (way == Way::forward ? row.forward : row.backward) += nanoseconds;
}

LayerTimes::Leading::Leading(LayerTimes* times, std::size_t layer, Way way)
    : times_(times), layer_(layer), way_(way), start_(start_if(times != nullptr)) {}

LayerTimes::Leading::~Leading() {
  if (times_ == nullptr) return;
  times_->add(layer_, way_, nanoseconds_since(start_) - times_->inside_.exchange(0));
}

LayerTimes::Inside::Inside(LayerTimes* times, std::size_t layer, Way way, int threads)
    : times_(times),
      layer_(layer),
      way_(way),
      threads_(threads),
      start_(start_if(times != nullptr)) {}

LayerTimes::Inside::~Inside() {
  if (times_ == nullptr) return;
  const std::int64_t share = nanoseconds_since(start_) / threads_;
  times_->add(layer_, way_, share);
  times_->inside_ += share;
}

}  // namespace normlab
