#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace normlab {

/// Through the network.
enum class Way { forward, backward };

/// Collects where the seconds of a network's passes go, layer by layer, in the order of
/// Network::layers(); see Network::record_times. The rows add up to the wall time of the passes.
///
/// A layer that runs inside the one before it has a row of its own. What one loop does cannot be
/// told apart and counts for the layer that leads there: a norm with the activation behind it, and
/// on the way back a ReLU before it, for the norm; a bias with the activation behind it for the
/// activation, a bias alone for its own layer; a first convolution with all that follows up to its
/// pooling (PooledConv) for the convolution, but for what a norm does to picked values alone. When
/// several threads work, a layer inside another gets its processor time divided by their number,
/// which is its wall time as long as no thread idles, and the other layer the rest; with one thread
/// the rows are exact.
class LayerTimes {
 public:
  explicit LayerTimes(std::size_t layers) : rows_(layers + 1) {}

  double seconds(std::size_t layer, Way way) const;
  /// What a GradientSink took, which is part of no layer.
  double sink_seconds() const { return seconds(sink_row(), Way::backward); }
  void reset();

  /// For as long as it lives, a layer that leads is running: what it does not spend in others is
  /// its own. Without `times` nothing happens. One at a time.
  class Leading {
   public:
    Leading(LayerTimes* times, std::size_t layer, Way way);
    ~Leading();
    Leading(const Leading&) = delete;
    Leading& operator=(const Leading&) = delete;

   private:
    LayerTimes* times_;
    std::size_t layer_;
    Way way_;
    std::chrono::steady_clock::time_point start_;
  };

  /// The same for a part of a layer that runs inside the leading one, on one of `threads` threads.
  /// Several at a time, on different threads.
  class Inside {
   public:
    Inside(LayerTimes* times, std::size_t layer, Way way, int threads);
    /// For a GradientSink.
    Inside(LayerTimes* times, int threads)
        : Inside(times, times == nullptr ? 0 : times->sink_row(), Way::backward, threads) {}
    ~Inside();
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

   private:
    LayerTimes* times_;
    std::size_t layer_;
    Way way_;
    int threads_;
    std::chrono::steady_clock::time_point start_;
  };

 private:
  /// Nanoseconds.
  struct Row {
    std::atomic<std::int64_t> forward{0};
    std::atomic<std::int64_t> backward{0};
  };
  void add(std::size_t layer, Way way, std::int64_t nanoseconds);
  std::size_t sink_row() const { return rows_.size() - 1; }

  std::vector<Row> rows_;
  std::atomic<std::int64_t> inside_{0};  ///< of the leading layer at hand
};

}  // namespace normlab
