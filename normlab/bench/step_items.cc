#include "normlab/bench/step_items.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <span>

#include "normlab/base/error.h"
#include "normlab/base/flush_denormals.h"
#include "normlab/base/philox.h"
#include "normlab/base/thread_pool.h"
#include "normlab/bench/step_flops.h"
#include "normlab/kernels/isa.h"
#include "normlab/nn/layer_times.h"
#include "normlab/nn/network.h"
#include "normlab/optim/optimizer.h"
#include "normlab/train/input.h"
#include "normlab/train/train_step.h"

namespace normlab::bench {
namespace {

constexpr std::int64_t kGreyImages = 60'000;
constexpr std::int64_t kColourImages = 50'000;
constexpr std::uint8_t kClasses = 10;

NetworkOptions network_options(const StepCase& step_case, bool batch_norm) {
  NetworkOptions options;
  options.precision = step_case.precision;
  options.norm.kind = batch_norm ? NormKind::batch : NormKind::none;
  return options;
}

}  // namespace

std::vector<StepCase> step_cases() {
  const OptimizerOptions adam;
  OptimizerOptions momentum;
  momentum.kind = OptimizerKind::sgd;
  momentum.lr = 0.01;
  momentum.momentum = 0.9;
  std::vector<StepCase> cases = {{"mlp-128-64", 32, adam},  {"mlp-128-64", 64, adam},
                                 {"mlp-128-64", 256, adam}, {"mlp-512-256", 64, momentum},
                                 {"cnn-32", 32, adam},      {"cnn-32", 128, adam}};
  for (const auto& [model, batch] : {std::pair{"resnet-20", 128}, std::pair{"airbench", 256}}) {
    cases.push_back({model, batch, momentum, Precision::float32, /*long_step=*/true});
  }
  if (has_bf16()) cases.push_back({"mlp-512-256", 64, momentum, Precision::bf16});
  return cases;
}

std::string precision_text(Precision precision) {
  return precision == Precision::bf16 ? "bf16" : "float";
}

std::string optimizer_text(const OptimizerOptions& options) {
  if (options.kind == OptimizerKind::adam) return "adam";
  if (options.kind == OptimizerKind::adamw) return "adamw";
  return options.momentum > 0 ? "sgd momentum" : "sgd";
}

Dataset make_bench_data(const StepCase& step_case) {
  const Shape shape = find_model(step_case.model).input.value();
  Dataset data;
  data.name = "noise";
  data.synthetic = true;
  data.height = static_cast<std::int32_t>(shape.height);
  data.width = static_cast<std::int32_t>(shape.width);
  data.channels = static_cast<std::int32_t>(shape.channels);
  const std::int64_t images = data.channels == 1 ? kGreyImages : kColourImages;
  for (int c = 0; c < kClasses; ++c) data.class_names.push_back(fmt::format("{}", c));
  const Philox random(1, Purpose::test, 0);
  data.train.pixels.resize(static_cast<std::size_t>(images * data.image_size()));
  for (std::size_t i = 0; i < data.train.pixels.size(); i += 16) {
    const PhiloxBlock words = random.block(i / 16);
    for (std::size_t j = 0; j < 16; ++j) {
      data.train.pixels[i + j] = static_cast<std::uint8_t>(words[j / 4] >> (j % 4 * 8));
    }
  }
  data.train.labels.resize(static_cast<std::size_t>(images));
  for (std::size_t i = 0; i < data.train.labels.size(); ++i) {
    data.train.labels[i] = static_cast<Label>(i % kClasses);
  }
  return data;
}

struct Training::Impl {
  Impl(const Dataset& data, const StepCase& step_case, bool batch_norm, int threads)
      : batch(step_case.batch),
        lr(step_case.optimizer.lr),
        scaler(InputScale::minus_one_to_one, data, {}),
        team(threads),
        network(find_model(step_case.model), {data.height, data.width, data.channels},
                network_options(step_case, batch_norm), {.max_examples = batch}, team),
        optimizer(step_case.optimizer, network.parameters()),
        train_step(data, scaler, network, optimizer, batch, 0),
        order(data.train.labels.size()) {
    network.initialize({}, 1);
    std::iota(order.begin(), order.end(), 0u);
    shuffle(order, Philox(1, Purpose::shuffle, 0));
  }

  void forward() {
    const auto count = static_cast<std::size_t>(batch);
    if (next + count > order.size()) next = 0;
    loss = train_step.forward_loss(std::span(order).subspan(next, count), steps++).loss;
    next += count;
  }
  void update() { train_step.update(lr); }

  std::int64_t batch;
  double lr;
  InputScaler scaler;
  ThreadPool team;
  Network network;
  Optimizer optimizer;
  TrainStep train_step;
  std::vector<std::uint32_t> order;
  std::size_t next = 0;
  std::int64_t steps = 0;
  double loss = 0;
};

Training::Training(const Dataset& data, const StepCase& step_case, bool batch_norm, int threads)
    : impl_(std::make_unique<Impl>(data, step_case, batch_norm, threads)) {}
Training::~Training() = default;

void Training::step() {
  impl_->forward();
  impl_->update();
}

void Training::check() const {
  if (!std::isfinite(impl_->loss)) fail<Error>("the benchmark's training diverged");
}

double Training::flops() const {
  const Network& network = impl_->network;
  NetworkSummary summary;
  summary.layers = network.layers();
  for (const LayerSummary& layer : summary.layers) summary.flops += layer.flops;
  return step_flops(summary, impl_->batch);
}

std::vector<TimeShare> Training::time_shares(int steps) {
  using Clock = std::chrono::steady_clock;
  const auto seconds_between = [](Clock::time_point start, Clock::time_point end) {
    return std::chrono::duration<double>(end - start).count();
  };
  const std::vector<LayerSummary>& layers = impl_->network.layers();
  LayerTimes times(layers.size());
  const FlushDenormals flush;
  impl_->network.record_times(&times);
  double forward = 0;
  double update = 0;
  for (int i = 0; i < steps; ++i) {
    const auto start = Clock::now();
    impl_->forward();
    const auto half = Clock::now();
    impl_->update();
    forward += seconds_between(start, half);
    update += seconds_between(half, Clock::now());
  }
  impl_->network.record_times(nullptr);

  const double total = forward + update;
  std::vector<TimeShare> shares;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const double there = times.seconds(i, Way::forward);
    const double back = times.seconds(i, Way::backward);
    forward -= there;
    update -= back;
    if (there + back == 0) continue;
    shares.push_back({layers[i].label, layers[i].kind, there / total, back / total});
  }
  shares.push_back({"gather and loss", "gather and loss", forward / total, 0});
  shares.push_back({"optimizer", "optimizer", 0, update / total});
  return shares;
}

}  // namespace normlab::bench
