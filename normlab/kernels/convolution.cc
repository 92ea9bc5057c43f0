#include "normlab/kernels/convolution.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "normlab/base/aligned_buffer.h"
#include "normlab/kernels/onednn.h"

namespace normlab::kernels {
namespace {

using dnnl::memory;
using onednn::Call;
using Tag = memory::format_tag;

memory::desc describe(const memory::dims& dims, Tag tag) {
  return {dims, memory::data_type::f32, tag};
}

std::int64_t floats(const memory::desc& desc) {
  return static_cast<std::int64_t>((desc.get_size() + sizeof(float) - 1) / sizeof(float));
}

/// Copies weights between two layouts.
class Repack {
 public:
  Repack(const memory::desc& from, const memory::desc& to)
      : from_(from, onednn::engine(), DNNL_MEMORY_NONE),
        to_(to, onednn::engine(), DNNL_MEMORY_NONE),
        reorder_(onednn::reorder(from_, to_)),
        arguments_{{{DNNL_ARG_FROM, from_.get()}, {DNNL_ARG_TO, to_.get()}}} {}

  void run(const dnnl::stream& stream, const float* from, float* to) {
    const onednn::SingleThreaded single_threaded;
    from_.set_data_handle(const_cast<float*>(from));
    to_.set_data_handle(to);
    dnnl::error::wrap_c_api(
        dnnl_primitive_execute(reorder_.get(), stream.get(), 2, arguments_.data()),
        "reorder of convolution weights failed");
  }

 private:
  memory from_;
  memory to_;
  dnnl::reorder reorder_;
  std::array<dnnl_exec_arg_t, 2> arguments_;
};

/// The three calls for one number of examples.
struct Calls {
  Call forward;
  Call backward_data;
  Call backward_weights;
};

/// What one concurrent caller needs for itself.
struct Worker {
  dnnl::stream stream{onednn::engine()};
  AlignedBuffer<float> scratch;
  std::vector<std::optional<Calls>> calls;  ///< by number of examples
};

}  // namespace

struct Convolution::Impl {
  struct Primitives {
    dnnl::convolution_forward::primitive_desc forward;
    dnnl::convolution_backward_data::primitive_desc backward_data;
    dnnl::convolution_backward_weights::primitive_desc backward_weights;
  };

  Impl(const ConvolutionShape& s, std::int64_t max_examples, int workers)
      : shape(s), plan(make_primitives(max_examples, std::nullopt)) {
    const memory::desc plain = describe(weight_dims(), Tag::oihw);
    to_forward.emplace(plain, plan.forward.weights_desc());
    to_backward.emplace(plain, plan.backward_data.weights_desc());
    from_gradient.emplace(plan.backward_weights.diff_weights_desc(), plain);
    worker.resize(static_cast<std::size_t>(workers));
    for (Worker& w : worker) {
      w.calls.resize(static_cast<std::size_t>(max_examples) + 1);
      calls_for(w, max_examples);
    }
  }

  memory::dims weight_dims() const {
    return {shape.out_channels, shape.in_channels, shape.kernel, shape.kernel};
  }

  /// The layouts of weights are free for the largest piece (`like` absent) and the same for every
  /// other.
  Primitives make_primitives(std::int64_t examples, const std::optional<Primitives>& like) const {
    onednn::ConvolutionDescriptors d;
    d.source = describe({examples, shape.in_channels, shape.height, shape.width}, Tag::nhwc);
    d.destination = describe(
        {examples, shape.out_channels, shape.output_height(), shape.output_width()}, Tag::nhwc);
    d.stride = shape.stride;
    d.padding = shape.padding;
    d.weights = like ? like->forward.weights_desc() : describe(weight_dims(), Tag::any);
    const auto forward = onednn::forward_primitive(d);
    d.weights = like ? like->backward_data.weights_desc() : describe(weight_dims(), Tag::any);
    const auto backward_data = onednn::backward_data_primitive(d, forward);
    d.weights =
        like ? like->backward_weights.diff_weights_desc() : describe(weight_dims(), Tag::any);
    return {forward, backward_data, onednn::backward_weights_primitive(d, forward)};
  }

  /// Made when a piece of this size is first met: all sizes but the largest occur only at the end
  /// of a batch.
  Calls& calls_for(Worker& w, std::int64_t examples) {
    std::optional<Calls>& calls = w.calls[static_cast<std::size_t>(examples)];
    if (!calls) {
      const onednn::SingleThreaded single_threaded;
      const Primitives p = make_primitives(examples, plan);
      calls.emplace(Calls{Call(dnnl::convolution_forward(p.forward),
                               {{{DNNL_ARG_SRC, p.forward.src_desc()},
                                 {DNNL_ARG_WEIGHTS, p.forward.weights_desc()},
                                 {DNNL_ARG_DST, p.forward.dst_desc()},
                                 {DNNL_ARG_SCRATCHPAD, p.forward.scratchpad_desc()}}}),
                          Call(dnnl::convolution_backward_data(p.backward_data),
                               {{{DNNL_ARG_DIFF_DST, p.backward_data.diff_dst_desc()},
                                 {DNNL_ARG_WEIGHTS, p.backward_data.weights_desc()},
                                 {DNNL_ARG_DIFF_SRC, p.backward_data.diff_src_desc()},
                                 {DNNL_ARG_SCRATCHPAD, p.backward_data.scratchpad_desc()}}}),
                          Call(dnnl::convolution_backward_weights(p.backward_weights),
                               {{{DNNL_ARG_SRC, p.backward_weights.src_desc()},
                                 {DNNL_ARG_DIFF_DST, p.backward_weights.diff_dst_desc()},
                                 {DNNL_ARG_DIFF_WEIGHTS, p.backward_weights.diff_weights_desc()},
                                 {DNNL_ARG_SCRATCHPAD, p.backward_weights.scratchpad_desc()}}})});
      const auto needed = static_cast<std::size_t>(
          std::max({floats(p.forward.scratchpad_desc()), floats(p.backward_data.scratchpad_desc()),
                    floats(p.backward_weights.scratchpad_desc())}));
      if (needed > w.scratch.size()) w.scratch = AlignedBuffer<float>(needed);
    }
    return *calls;
  }

  Worker& at(int index) { return worker[static_cast<std::size_t>(index)]; }

  ConvolutionShape shape;
  Primitives plan;
  std::int64_t packed_forward_size = floats(plan.forward.weights_desc());
  std::int64_t packed_backward_size = floats(plan.backward_data.weights_desc());
  std::int64_t gradient_size = floats(plan.backward_weights.diff_weights_desc());
  std::optional<Repack> to_forward;
  std::optional<Repack> to_backward;
  std::optional<Repack> from_gradient;
  std::vector<Worker> worker;
};

Convolution::Convolution(const ConvolutionShape& shape, std::int64_t max_examples, int workers)
    : impl_(std::make_unique<Impl>(shape, max_examples, workers)) {}
Convolution::~Convolution() = default;
Convolution::Convolution(Convolution&&) noexcept = default;
Convolution& Convolution::operator=(Convolution&&) noexcept = default;

std::int64_t Convolution::packed_forward_size() const {
  return impl_->packed_forward_size;
}
std::int64_t Convolution::packed_backward_size() const {
  return impl_->packed_backward_size;
}
std::int64_t Convolution::gradient_size() const {
  return impl_->gradient_size;
}

void Convolution::pack_forward(float* packed, const float* weights) {
  impl_->to_forward->run(impl_->at(0).stream, weights, packed);
}
void Convolution::pack_backward(float* packed, const float* weights) {
  impl_->to_backward->run(impl_->at(0).stream, weights, packed);
}
void Convolution::unpack_gradient(float* weight_gradient, const float* gradient) {
  impl_->from_gradient->run(impl_->at(0).stream, gradient, weight_gradient);
}

void Convolution::forward(float* y, const float* x, const float* packed, std::int64_t examples,
                          int worker) {
  Worker& w = impl_->at(worker);
  Calls& calls = impl_->calls_for(w, examples);
  calls.forward.run(w.stream, {x, packed, y, w.scratch.data()});
}

void Convolution::backward_data(float* dx, const float* dy, const float* packed,
                                std::int64_t examples, int worker) {
  Worker& w = impl_->at(worker);
  Calls& calls = impl_->calls_for(w, examples);
  calls.backward_data.run(w.stream, {dy, packed, dx, w.scratch.data()});
}

void Convolution::backward_weights(float* gradient, const float* x, const float* dy,
                                   std::int64_t examples, int worker) {
  Worker& w = impl_->at(worker);
  Calls& calls = impl_->calls_for(w, examples);
  calls.backward_weights.run(w.stream, {x, dy, gradient, w.scratch.data()});
}

}  // namespace normlab::kernels
