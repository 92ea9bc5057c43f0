#pragma once

#include <array>
#include <utility>

#include <oneapi/dnnl/dnnl.hpp>

/// The one file that knows how oneDNN 2 and 3 differ, and how to keep either single-threaded.
namespace normlab::kernels::onednn {

/// No limit to the instruction set.
#if DNNL_VERSION_MAJOR >= 3
inline constexpr dnnl_cpu_isa_t kAnyIsa = dnnl_cpu_isa_default;
#else
inline constexpr dnnl_cpu_isa_t kAnyIsa = dnnl_cpu_isa_all;
#endif

/// The CPU engine, shared by all threads.
const dnnl::engine& engine();

/// While it lives, oneDNN calls of this thread use this thread only: how the work is shared out is
/// normlab's decision, and its results must not depend on it. Restores the caller's OpenMP setting.
class SingleThreaded {
 public:
  SingleThreaded();
  ~SingleThreaded();
  SingleThreaded(const SingleThreaded&) = delete;
  SingleThreaded& operator=(const SingleThreaded&) = delete;

 private:
  int previous_ = 0;
};

/// One primitive with its argument list made once, so that a call only sets pointers. Not
/// thread-safe.
class Call {
 public:
  using Arguments = std::array<std::pair<int, dnnl::memory::desc>, 4>;
  Call(const dnnl::primitive& primitive, const Arguments& arguments);

  /// `data`: where each argument lies; single-threaded.
  void run(const dnnl::stream& stream, const std::array<const void*, 4>& data);

 private:
  dnnl::primitive primitive_;
  std::array<dnnl::memory, 4> memories_;
  std::array<dnnl_exec_arg_t, 4> arguments_{};
};

// Primitives are laid out for as many threads as there are when they are described: here, one.

/// Copies from one layout to another.
dnnl::reorder reorder(const dnnl::memory& from, const dnnl::memory& to);

/// The product of two matrices, with scratch memory given by the caller.
dnnl::matmul::primitive_desc matmul_primitive(const dnnl::memory::desc& source,
                                              const dnnl::memory::desc& weights,
                                              const dnnl::memory::desc& destination);

/// What a convolution primitive is made from. Descriptors may have the format `any`.
struct ConvolutionDescriptors {
  dnnl::memory::desc source;
  dnnl::memory::desc weights;
  dnnl::memory::desc bias;  ///< zero descriptor: none
  dnnl::memory::desc destination;
  dnnl::memory::dim stride = 1;
  dnnl::memory::dim padding = 0;
};

/// All with scratch memory given by the caller.
dnnl::convolution_forward::primitive_desc forward_primitive(const ConvolutionDescriptors& d);
dnnl::convolution_backward_data::primitive_desc backward_data_primitive(
    const ConvolutionDescriptors& d, const dnnl::convolution_forward::primitive_desc& hint);
dnnl::convolution_backward_weights::primitive_desc backward_weights_primitive(
    const ConvolutionDescriptors& d, const dnnl::convolution_forward::primitive_desc& hint);

}  // namespace normlab::kernels::onednn
