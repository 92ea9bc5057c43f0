#include "normlab/kernels/onednn.h"

#include <dlfcn.h>

namespace normlab::kernels::onednn {
namespace {

// Found at run time: oneDNN brings its own OpenMP runtime, or none, and linking another beside it
// would not govern it.
using SetThreads = void (*)(int);
using GetThreads = int (*)();
const auto set_threads = reinterpret_cast<SetThreads>(dlsym(RTLD_DEFAULT, "omp_set_num_threads"));
const auto get_threads = reinterpret_cast<GetThreads>(dlsym(RTLD_DEFAULT, "omp_get_max_threads"));

dnnl::primitive_attr user_scratchpad() {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attributes;
}

#if DNNL_VERSION_MAJOR >= 3
template <class Primitive, class... Args>
auto make(const Args&... args) {
  const SingleThreaded single_threaded;
  return typename Primitive::primitive_desc(engine(), args...);
}
template <class Primitive, class Hint, class... Args>
auto make_backward(const Hint& hint, const Args&... args) {
  const SingleThreaded single_threaded;
  return typename Primitive::primitive_desc(engine(), args..., hint, user_scratchpad());
}
#else
template <class Primitive, class Hint, class... Args>
auto make_backward(const Hint& hint, const Args&... args) {
  const SingleThreaded single_threaded;
  return typename Primitive::primitive_desc(typename Primitive::desc(args...), user_scratchpad(),
                                            engine(), hint);
}
#endif

}  // namespace

const dnnl::engine& engine() {
  static const dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
  return cpu;
}

SingleThreaded::SingleThreaded() {
  if (set_threads == nullptr) return;
  previous_ = get_threads();
  if (previous_ != 1) set_threads(1);
}

SingleThreaded::~SingleThreaded() {
  if (previous_ > 1) set_threads(previous_);
}

Call::Call(const dnnl::primitive& primitive, const Arguments& arguments) : primitive_(primitive) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    memories_[i] = dnnl::memory(arguments[i].second, engine(), DNNL_MEMORY_NONE);
    arguments_[i] = {arguments[i].first, memories_[i].get()};
  }
}

void Call::run(const dnnl::stream& stream, const std::array<const void*, 4>& data) {
  const SingleThreaded single_threaded;
  for (std::size_t i = 0; i < data.size(); ++i) {
    memories_[i].set_data_handle(const_cast<void*>(data[i]));
  }
  dnnl::error::wrap_c_api(
      dnnl_primitive_execute(primitive_.get(), stream.get(), static_cast<int>(arguments_.size()),
                             arguments_.data()),
      "a product or convolution failed");
}

dnnl::reorder reorder(const dnnl::memory& from, const dnnl::memory& to) {
  const SingleThreaded single_threaded;
  return {from, to};
}

dnnl::matmul::primitive_desc matmul_primitive(const dnnl::memory::desc& source,
                                              const dnnl::memory::desc& weights,
                                              const dnnl::memory::desc& destination) {
  const SingleThreaded single_threaded;
#if DNNL_VERSION_MAJOR >= 3
  return {engine(), source, weights, destination, user_scratchpad()};
#else
  return {dnnl::matmul::desc(source, weights, destination), user_scratchpad(), engine()};
#endif
}

dnnl::convolution_forward::primitive_desc forward_primitive(const ConvolutionDescriptors& d) {
  const dnnl::memory::dims strides{d.stride, d.stride};
  const dnnl::memory::dims padding{d.padding, d.padding};
  constexpr auto kind = dnnl::prop_kind::forward_training;
  constexpr auto algorithm = dnnl::algorithm::convolution_direct;
#if DNNL_VERSION_MAJOR >= 3
  return make<dnnl::convolution_forward>(kind, algorithm, d.source, d.weights, d.bias,
                                         d.destination, strides, padding, padding,
                                         user_scratchpad());
#else
  const SingleThreaded single_threaded;
  const dnnl::convolution_forward::desc descriptor(kind, algorithm, d.source, d.weights, d.bias,
                                                   d.destination, strides, padding, padding);
  return {descriptor, user_scratchpad(), engine()};
#endif
}

dnnl::convolution_backward_data::primitive_desc backward_data_primitive(
    const ConvolutionDescriptors& d, const dnnl::convolution_forward::primitive_desc& hint) {
  const dnnl::memory::dims strides{d.stride, d.stride};
  const dnnl::memory::dims padding{d.padding, d.padding};
  return make_backward<dnnl::convolution_backward_data>(hint, dnnl::algorithm::convolution_direct,
                                                        d.source, d.weights, d.destination, strides,
                                                        padding, padding);
}

dnnl::convolution_backward_weights::primitive_desc backward_weights_primitive(
    const ConvolutionDescriptors& d, const dnnl::convolution_forward::primitive_desc& hint) {
  const dnnl::memory::dims strides{d.stride, d.stride};
  const dnnl::memory::dims padding{d.padding, d.padding};
  return make_backward<dnnl::convolution_backward_weights>(
      hint, dnnl::algorithm::convolution_direct, d.source, d.weights, d.destination, strides,
      padding, padding);
}

}  // namespace normlab::kernels::onednn
