#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

namespace normlab::bench {

/// Times many pieces of work in turns: every round takes a sample of each, so that whatever
/// disturbs the machine for a while falls on all alike, and samples of two items can be paired.
///
/// A sample during which the kernel took the processor away from the calling thread says nothing
/// of the work; it is taken again, a few times.
class Rounds {
 public:
  struct Limits {
    double seconds = 40;     ///< begin no further round after so long
    std::int64_t least = 5;  ///< rounds, however long they take
    std::int64_t most = 200;
    double sample_seconds = 0.001;  ///< a sample repeats its work until it lasts about so long
    int turns = 1;                  ///< samples a round of each item that wants many
  };
  struct Sampling {
    /// A sample takes so many times `sample_seconds`, after a warm-up of a quarter of it: work
    /// that in real use follows upon itself is measured so, not as it finds the caches after other
    /// work.
    double length = 1;
    /// Small differences between items that have this show sooner: a round goes over them, and them
    /// only, again and again, so that pairs are close to each other in time and many.
    bool in_turns = false;
  };
  struct Progress {
    std::int64_t round = 0;  ///< finished ones
    double seconds = 0;
  };

  /// The item's number. `run` does the work once.
  std::size_t add(std::function<void()> run, Sampling sampling);
  std::size_t add(std::function<void()> run) { return add(std::move(run), {}); }

  /// `each_round` is called after every round.
  void run(const Limits& limits, const std::function<void(const Progress&)>& each_round);

  /// Seconds for doing the work once, in the order of the samples.
  std::span<const double> seconds(std::size_t item) const { return items_[item].seconds; }
  /// Share of all samples that were disturbed to the last try.
  double disturbed_share() const;

 private:
  struct Item {
    std::function<void()> run;
    Sampling sampling;
    std::int64_t repeats = 1;
    std::vector<double> seconds;
  };

  static void calibrate(Item& item, double sample_seconds);
  void take_sample(Item& item);
  /// One of every item, or of those only that want many; there and back, so that no item always
  /// follows the same one.
  void take_samples(bool back, bool in_turns_only);

  std::vector<Item> items_;
  std::int64_t samples_ = 0;
  std::int64_t disturbed_ = 0;
};

}  // namespace normlab::bench
