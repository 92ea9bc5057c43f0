#include "normlab/nn/layer_times.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "normlab/nn/network_test.h"

namespace normlab {
namespace {

constexpr std::int64_t kExamples = 32;

/// A network with every way to run inside another layer, and by itself.
class LayerTimesTest : public testing::TestWithParam<int> {
 protected:
  static Network make() {
    const ModelSpec model = parse_model_text(
        "8x8x2: conv 8 3x3, relu, norm, maxpool 2, norm, gelu, flatten, linear 300, norm, tanh, "
        "dropout 0.5, linear 5");
    Network network(model, *model.input, {}, {.max_examples = kExamples}, test_team(GetParam()));
    network.initialize({}, 1);
    return network;
  }

  /// A forward and a backward pass; the gradient of the first weights.
  static std::vector<float> train(Network& network) {
    const std::vector<float> x(static_cast<std::size_t>(kExamples * network.input().size()), 0.5f);
    network.forward(x.data(), kExamples, Mode::training);
    std::fill_n(network.output_gradient().data, kExamples * 5, 1.0f);
    network.backward();
    const ParameterSlice& weights = *network.parameters().parameters()[0].slice;
    return {weights.gradient, weights.gradient + weights.size};
  }
};

TEST_P(LayerTimesTest, EveryLayerThatWorksGetsItsShareAndNoMoreThanThereIs) {
  Network network = make();
  LayerTimes times(network.layers().size());
  network.record_times(&times);
  const auto start = std::chrono::steady_clock::now();
  train(network);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  double total = 0;
  for (std::size_t i = 0; i < network.layers().size(); ++i) {
    const LayerSummary& layer = network.layers()[i];
    for (const Way way : {Way::forward, Way::backward}) {
      const double seconds = times.seconds(i, way);
      EXPECT_GE(seconds, 0) << layer.label;
      total += seconds;
      // Behind a norm an activation is done in the norm's own loops; a ReLU before one, on the way
      // back.
      const bool in_norm = layer.kind == "gelu" || layer.kind == "tanh" ||
                           (layer.kind == "relu" && way == Way::backward);
      const bool has_loop = !in_norm && layer.kind != "flatten";
      EXPECT_TRUE(seconds > 0 || !has_loop) << layer.label;
    }
  }
  EXPECT_LE(total, wall.count());
}

TEST_P(LayerTimesTest, RecordingChangesNoBitAndEndsWhenAsked) {
  Network plain = make();
  Network timed = make();
  LayerTimes times(timed.layers().size());
  timed.record_times(&times);
  EXPECT_EQ(train(plain), train(timed));
  times.reset();
  EXPECT_EQ(times.seconds(0, Way::forward), 0);
  timed.record_times(nullptr);
  train(timed);
  for (std::size_t i = 0; i < timed.layers().size(); ++i) {
    EXPECT_EQ(times.seconds(i, Way::forward), 0);
    EXPECT_EQ(times.seconds(i, Way::backward), 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Threads, LayerTimesTest, testing::Values(1, 3));

TEST(LayerTimes, WhatRunsInsideIsTakenFromTheLayerThatLeads) {
  LayerTimes times(2);
  const auto start = std::chrono::steady_clock::now();
  {
    const LayerTimes::Leading leading(&times, 0, Way::backward);
    const LayerTimes::Inside inside(&times, 1, Way::backward, 1);
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  EXPECT_GE(times.seconds(1, Way::backward), 200e-6);
  EXPECT_LE(times.seconds(0, Way::backward), wall.count() - times.seconds(1, Way::backward));
  EXPECT_EQ(times.seconds(0, Way::forward), 0);
}

}  // namespace
}  // namespace normlab
