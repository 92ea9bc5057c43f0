#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "normlab/bench/rounds.h"
#include "normlab/kernels/isa.h"

namespace normlab::bench {

/// How a loop goes over memory: reads one array; writes one; reads one and writes another; reads
/// two and writes over one of them.
enum class Mix { read, write, copy, update };
inline constexpr std::array kMixes = {Mix::read, Mix::write, Mix::copy, Mix::update};
std::string_view to_string(Mix mix);

/// One pass over memory. `bytes`: read and written, each once for each access.
struct Traffic {
  Mix mix = Mix::read;
  double bytes = 0;
};

/// Bandwidth of one mix when its arrays together take `working_set` bytes.
struct Bandwidth {
  Mix mix = Mix::read;
  double working_set = 0;
  double bytes_per_second = 0;
};

/// Runs the multiply-add loop for so many operations.
void spend_multiply_adds(double flops);

/// What one core of this machine can do at most, measured in the same rounds as what is compared
/// with it. A limit is what the best of our loops reaches, not a figure from a data sheet.
class MachineLimits {
 public:
  /// Adds its loops to `rounds`. The arrays it goes over lie in `memory`, the largest takes all of
  /// it; it is overwritten.
  MachineLimits(Rounds& rounds, std::span<float> memory);

  /// Adds the multiply-add loop once more. A step added next is timed right beside it, mostly on
  /// the same core and at the same clock, and may be held against that sample of the peak, if both
  /// are sampled in turns or neither is.
  std::size_t add_peak(bool in_turns);

  // After the rounds:

  /// Fused multiply-adds, a multiply-add counted as two.
  double flops_per_second() const;
  /// Seconds for so many operations at the peak as `peak_item` found it, a value for each sample.
  std::vector<double> seconds_at_peak(double flops, std::size_t peak_item) const;
  /// Interpolated between the sizes that were measured, linearly over logarithms.
  double bytes_per_second(Mix mix, double working_set) const;
  /// Everything that was measured; for writes the better of plain and streaming stores.
  std::vector<Bandwidth> bandwidths() const;
  /// Largest working set that was measured.
  double largest() const;
  /// Twice over an array to read, once over another to write, at the largest working set: what
  /// batch normalization's forward pass must move.
  double norm_bytes_per_second() const;

 private:
  struct Loop {
    Mix mix;
    double working_set;
    std::size_t item;
  };
  void add_memory_loops(std::span<float> memory, std::size_t floats);

  Rounds& rounds_;
  std::size_t peak_item_ = 0;
  std::vector<Loop> loops_;
};

/// Multiply-add peak of one core with each instruction set this machine has, the best of some
/// milliseconds. Leaves the one in use as it was.
std::vector<std::pair<Isa, double>> peak_by_isa();

}  // namespace normlab::bench
