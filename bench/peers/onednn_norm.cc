// normlab's batch normalization side by side with oneDNN's primitive, both on one thread, in turns:
//
//   onednn_norm [SECONDS]
//
// Prints JSON: for each shape and pass the seconds of both and the ratio oneDNN / normlab.

#include <array>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <oneapi/dnnl/dnnl.hpp>

#include "normlab/bench/kernel_item.h"
#include "normlab/bench/samples.h"
#include "normlab/kernels/onednn.h"

namespace normlab::bench {
namespace {

using dnnl::memory;
using Arguments = std::unordered_map<int, memory>;

constexpr float kEps = 1e-5f;

memory array(std::int64_t count) {
  memory m({{count}, memory::data_type::f32, memory::format_tag::a}, kernels::onednn::engine());
  std::fill_n(static_cast<float*>(m.get_data_handle()), count, 1.0f);
  return m;
}

/// oneDNN's primitives for one shape, with or without ReLU, on the arrays of the workspace.
class Primitives {
 public:
  Primitives(Workspace& workspace, std::int64_t rows, std::int64_t channels, bool relu) {
    // Now already: the primitive is laid out for as many threads as there are when it is made.
    const kernels::onednn::SingleThreaded single_threaded;
    const auto& engine = kernels::onednn::engine();
    const memory::desc desc({rows, channels, 1, 1}, memory::data_type::f32,
                            memory::format_tag::nhwc);
    const auto on = [&](int i) { return memory(desc, engine, workspace.data(i)); };
    using Flags = dnnl::normalization_flags;
#if DNNL_VERSION_MAJOR >= 3
    auto flags = Flags::use_scale | Flags::use_shift;
    if (relu) flags |= Flags::fuse_norm_relu;
    const dnnl::batch_normalization_forward::primitive_desc forward(
        engine, dnnl::prop_kind::forward_training, desc, desc, kEps, flags);
    const dnnl::batch_normalization_backward::primitive_desc backward(
        engine, dnnl::prop_kind::backward, desc, desc, desc, kEps, flags, forward);
    const Arguments affine = {{DNNL_ARG_SCALE, array(channels)}, {DNNL_ARG_SHIFT, array(channels)}};
    const Arguments gradients = {{DNNL_ARG_DIFF_SCALE, array(channels)},
                                 {DNNL_ARG_DIFF_SHIFT, array(channels)}};
#else
    auto flags = Flags::use_scale_shift;
    if (relu) flags |= Flags::fuse_norm_relu;
    const dnnl::batch_normalization_forward::primitive_desc forward(
        {dnnl::prop_kind::forward_training, desc, kEps, flags}, engine);
    const dnnl::batch_normalization_backward::primitive_desc backward(
        {dnnl::prop_kind::backward, desc, desc, kEps, flags}, engine, forward);
    const auto pair = [&] {
      memory m({{2, channels}, memory::data_type::f32, memory::format_tag::nc}, engine);
      std::fill_n(static_cast<float*>(m.get_data_handle()), 2 * channels, 1.0f);
      return m;
    };
    const Arguments affine = {{DNNL_ARG_SCALE_SHIFT, pair()}};
    const Arguments gradients = {{DNNL_ARG_DIFF_SCALE_SHIFT, pair()}};
#endif
    forward_ = dnnl::batch_normalization_forward(forward);
    backward_ = dnnl::batch_normalization_backward(backward);
    const memory mean = array(channels);
    const memory variance = array(channels);
    forward_arguments_ = {{DNNL_ARG_SRC, on(0)},
                          {DNNL_ARG_DST, on(1)},
                          {DNNL_ARG_MEAN, mean},
                          {DNNL_ARG_VARIANCE, variance}};
    backward_arguments_ = {{DNNL_ARG_SRC, on(0)},
                           {DNNL_ARG_DIFF_DST, on(2)},
                           {DNNL_ARG_DIFF_SRC, on(2)},
                           {DNNL_ARG_MEAN, mean},
                           {DNNL_ARG_VARIANCE, variance}};
    forward_arguments_.insert(affine.begin(), affine.end());
    backward_arguments_.insert(affine.begin(), affine.end());
    backward_arguments_.insert(gradients.begin(), gradients.end());
    if (relu) {
      const memory mask(forward.workspace_desc(), engine);
      forward_arguments_[DNNL_ARG_WORKSPACE] = mask;
      backward_arguments_[DNNL_ARG_WORKSPACE] = mask;
    }
  }

  void run(bool is_forward) {
    const kernels::onednn::SingleThreaded single_threaded;
    if (is_forward) {
      forward_.execute(stream_, forward_arguments_);
    } else {
      backward_.execute(stream_, backward_arguments_);
    }
    stream_.wait();
  }

 private:
  dnnl::stream stream_{kernels::onednn::engine()};
  dnnl::primitive forward_;
  dnnl::primitive backward_;
  Arguments forward_arguments_;
  Arguments backward_arguments_;
};

struct Contest {
  std::string name;
  std::string shape;
  std::size_t ours = 0;
  std::size_t theirs = 0;
};

nlohmann::ordered_json compare_norms(double seconds) {
  Workspace workspace(workspace_floats(false));
  Rounds rounds;
  std::vector<Contest> contests;
  std::vector<KernelItem> items;
  add_norm_items(items, workspace);
  for (const KernelItem& item : items) {
    if (item.name.find("_train") == std::string::npos) continue;
    item.check();
    const std::size_t by = item.shape.find('x');
    const auto primitives = std::make_shared<Primitives>(
        workspace, std::stoll(item.shape.substr(0, by)), std::stoll(item.shape.substr(by + 1)),
        item.name.ends_with("_relu"));
    const bool is_forward = item.name.find("forward") != std::string::npos;
    primitives->run(true);  // the mask that the way back reads
    contests.push_back({item.name, item.shape, rounds.add(item.run),
                        rounds.add([=] { primitives->run(is_forward); })});
  }
  rounds.run({.seconds = seconds}, [](const Rounds::Progress&) {});
  auto results = nlohmann::ordered_json::array();
  for (const Contest& c : contests) {
    const Spread ratio = spread_of_ratios(rounds.seconds(c.theirs), rounds.seconds(c.ours));
    results.push_back({{"name", c.name},
                       {"shape", c.shape},
                       {"normlab_seconds", spread_of(rounds.seconds(c.ours)).median},
                       {"onednn_seconds", spread_of(rounds.seconds(c.theirs)).median},
                       {"ratio", ratio.median},
                       {"quartiles", {ratio.q1, ratio.q3}},
                       {"n", ratio.n}});
  }
  const dnnl_version_t& v = *dnnl_version();
  return {{"onednn", fmt::format("{}.{}.{}", v.major, v.minor, v.patch)}, {"norms", results}};
}

}  // namespace
}  // namespace normlab::bench

int main(int argc, char** argv) {
  try {
    std::cout << normlab::bench::compare_norms(argc > 1 ? std::atof(argv[1]) : 20).dump(1) << '\n';
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "onednn_norm: " << error.what() << '\n';
    return 1;
  }
}
