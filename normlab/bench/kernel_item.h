#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "normlab/base/aligned_buffer.h"
#include "normlab/base/matrix.h"
#include "normlab/bench/limits.h"
#include "normlab/kernels/reference/table.h"

namespace normlab::bench {

/// A kernel with a shape to run it on, ready to be timed.
struct KernelItem {
  std::string name;
  std::string shape;
  /// The memory accesses that the task cannot do without, pass by pass; not those that this kernel
  /// happens to make.
  std::vector<Traffic> traffic = {};
  double working_set = 0;  ///< bytes of all arrays together
  double flops = 0;        ///< of products; 0 where arithmetic is never what binds
  std::function<void()> run = {};
  /// Runs the kernel on fresh data and throws Error when the result is not the reference's.
  std::function<void()> check = {};
};

/// Three arrays that all items share: as items run one at a time, each may use them as it likes.
/// Values stay finite.
class Workspace {
 public:
  explicit Workspace(std::size_t floats) : arrays_(3 * floats), floats_(floats) {}

  std::span<float> all() { return arrays_.span(); }
  std::size_t size() const { return floats_; }
  /// Array 0, 1 or 2 seen as a matrix without gaps.
  Matrix matrix(int array, std::int64_t rows, std::int64_t channels) {
    return {data(array), rows, channels, channels};
  }
  float* data(int array) { return arrays_.data() + static_cast<std::size_t>(array) * floats_; }
  /// The first `count` values of an array become draws from N(0, 1), others for another `seed`.
  void fill(int array, std::int64_t count, std::uint64_t seed);

 private:
  AlignedBuffer<float> arrays_;
  std::size_t floats_;
};

/// Throws Error, naming `what`, when a value is farther from the reference's than allowed or is
/// NaN. The kernels' tests know how near each kernel comes; this finds a build that is broken.
void expect_close(std::string_view what, ConstMatrix actual, const reference::Table& expected);
void expect_close(std::string_view what, std::span<const float> actual,
                  std::span<const double> expected);

/// Columns of a matrix that a check looks at: the first few and the last few.
std::vector<ConstMatrix> checked_channels(ConstMatrix matrix);

std::string shape_text(std::int64_t rows, std::int64_t channels);

/// Floats of each array that the items need; `quick` leaves out what does not fit into the caches.
std::size_t workspace_floats(bool quick);

/// All items whose arrays fit into `workspace`, which they hold on to.
std::vector<KernelItem> kernel_items(Workspace& workspace);

// Their parts, one a file.
void add_norm_items(std::vector<KernelItem>& items, Workspace& workspace);
void add_elementwise_items(std::vector<KernelItem>& items, Workspace& workspace);
void add_pooling_items(std::vector<KernelItem>& items, Workspace& workspace);
void add_training_items(std::vector<KernelItem>& items, Workspace& workspace);
void add_product_items(std::vector<KernelItem>& items, Workspace& workspace);
void add_pooled_convolution_items(std::vector<KernelItem>& items, Workspace& workspace);

}  // namespace normlab::bench
