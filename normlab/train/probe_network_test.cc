#include "normlab/train/probe_network.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/base/moments.h"
#include "normlab/base/thread_pool.h"
#include "normlab/kernels/loss.h"
#include "normlab/kernels/optimizer.h"
#include "normlab/train/probe_document.h"
#include "normlab/train/test_data.h"

namespace normlab {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::int64_t kBatch = 40;

TEST(ProbeImages, AreTheFirstAsManyAsABatchHasWithinLimits) {
  std::vector<std::uint32_t> validation(1000);
  std::iota(validation.begin(), validation.end(), 7u);
  EXPECT_EQ(probe_images(validation, 64).size(), 64u);
  EXPECT_EQ(probe_images(validation, 64)[0], 7u);
  EXPECT_EQ(probe_images(validation, 1).size(), 2u);
  EXPECT_EQ(probe_images(validation, 500).size(), 256u);
  EXPECT_EQ(probe_images(std::span(validation).first(1), 64).size(), 1u);
}

/// A network after some training steps, and an eye on it.
class ProbeNetworkTest : public testing::Test {
 protected:
  void make(const std::string& model, NormKind norm = NormKind::batch, int threads = 1) {
    settings_.model = model;
    settings_.norm.kind = norm;
    settings_.batch = kBatch;
    plan_ = std::make_unique<TrialPlan>(plan_trial(settings_, data_));
    scaler_ = std::make_unique<InputScaler>(InputScale::minus_one_to_one, data_, images_);
    eye_.reset();
    network_.reset();
    team_ = std::make_unique<ThreadPool>(threads);
    network_ =
        std::make_unique<Network>(plan_->model, plan_->input, plan_->network,
                                  Network::Limits{.max_examples = plan_->max_examples}, *team_);
    network_->initialize({}, settings_.seed);
    for (int step = 0; step < 5; ++step) backward_on_the_batch();
    eye_ = std::make_unique<ProbeNetwork>(
        settings_, *plan_, *network_, ProbeNetwork::Batch{data_, *scaler_, data_.train, images_},
        *team_);
  }

  /// The probe batch through the trained network itself.
  void backward_on_the_batch() {
    std::vector<float> x(static_cast<std::size_t>(kBatch * data_.image_size()));
    std::vector<Label> labels(kBatch);
    scaler_->gather({x.data(), kBatch, data_.image_size(), data_.image_size()}, labels, data_.train,
                    images_);
    const ConstMatrix y = network_->forward(x.data(), kBatch, Mode::training);
    kernels::softmax_cross_entropy(network_->output_gradient(), y, labels, 0, 1.0f / kBatch);
    network_->backward();
  }

  std::span<float> parameter(const std::string& name) {
    for (const Parameter& p : network_->parameters().parameters()) {
      if (p.name == name) return p.slice->values();
    }
    return {};
  }
  std::span<float> statistics(const std::string& name) {
    for (const StateTensor& tensor : network_->state()) {
      if (tensor.name == name) return tensor.values;
    }
    return {};
  }

  static std::vector<std::uint32_t> first_images() {
    std::vector<std::uint32_t> images(kBatch);
    std::iota(images.begin(), images.end(), 3u);
    return images;
  }

  Dataset data_ = make_test_data(300, 60);
  TrialSettings settings_;
  std::vector<std::uint32_t> images_ = first_images();
  std::unique_ptr<TrialPlan> plan_;
  std::unique_ptr<InputScaler> scaler_;
  std::unique_ptr<ThreadPool> team_;
  std::unique_ptr<Network> network_;
  std::unique_ptr<ProbeNetwork> eye_;
};

std::vector<float> value(const ProbeStep& seen, const char* quantity, std::size_t layer = 0) {
  return seen.quantities.at(quantity).at(layer).values.at(0);
}

TEST_F(ProbeNetworkTest, NamesTheLayersThatItMeasures) {
  make("conv 4 3x3, norm, relu, flatten, linear 8, gelu, norm, dropout 0.2, linear 3");
  const ProbeStep seen = eye_->measure(17);
  EXPECT_EQ(seen.step, 17);
  const auto layers = [&](const char* quantity) {
    std::vector<std::string> names;
    for (const ProbedLayer& layer : seen.quantities.at(quantity)) names.push_back(layer.layer);
    return names;
  };
  EXPECT_THAT(layers("input"), ElementsAre("2: relu", "5: gelu"));
  EXPECT_THAT(layers("dead"), ElementsAre("2: relu", "5: gelu"));
  EXPECT_THAT(layers("norm"), ElementsAre("0: conv 4 3x3", "4: linear 8", "8: linear 3"));
  for (const char* quantity : {"gamma", "beta", "mean_distance", "log_variance_distance"})
    EXPECT_THAT(layers(quantity), ElementsAre("1: norm", "6: norm")) << quantity;
}

TEST_F(ProbeNetworkTest, EmptySlotsGiveNoNorms) {
  make("flatten, linear 8, norm, relu, linear 3", NormKind::none);
  NormExample example;
  const ProbeStep seen = eye_->measure(0, &example);
  EXPECT_FALSE(seen.quantities.contains("gamma"));
  EXPECT_EQ(seen.quantities.at("input").size(), 1u);
  EXPECT_THAT(example.x, IsEmpty());
}

TEST_F(ProbeNetworkTest, ChangesNothingInTheTrainedNetwork) {
  make("flatten, linear 8, norm, relu, dropout 0.5, linear 3");
  const std::vector<Tensor> before = network_->save();
  const std::vector<float> gradients(
      network_->parameters().gradients(),
      network_->parameters().gradients() + network_->parameters().size());
  eye_->measure(0);
  const std::vector<Tensor> after = network_->save();
  for (std::size_t i = 0; i < before.size(); ++i)
    EXPECT_TRUE(before[i].values == after[i].values) << before[i].name;
  EXPECT_TRUE(std::equal(gradients.begin(), gradients.end(), network_->parameters().gradients()));
}

TEST_F(ProbeNetworkTest, GradientNormsAreThoseOfTheTrainedNetwork) {
  for (const RedundantBias bias : {RedundantBias::keep, RedundantBias::drop}) {
    settings_.redundant_bias = bias;
    make("conv 4 3x3, norm, relu, flatten, linear 8, norm, tanh, linear 3");
    const ProbeStep seen = eye_->measure(0);
    backward_on_the_batch();
    std::size_t i = 0;
    for (const Parameter& p : network_->parameters().parameters()) {
      if (p.kind != ParameterKind::weight) continue;
      const double norm = std::sqrt(
          kernels::sum_of_squares(p.slice->gradient, static_cast<std::size_t>(p.slice->size)));
      // Layers that run alone add in another order: rounding.
      EXPECT_NEAR(value(seen, "norm", i++)[0], norm, 1e-4 * norm) << p.name;
    }
    EXPECT_EQ(i, 3u);
  }
}

TEST_F(ProbeNetworkTest, PreActivationsAreNormalizedAndDeadUnitsCounted) {
  make("flatten, linear 8, norm, relu, linear 3");
  const auto beta = parameter("2.bias");
  ProbeStep seen = eye_->measure(0);
  // Standardized values: their 5 and 95 percentiles are near those of a normal, +-1.64.
  EXPECT_NEAR(value(seen, "input")[0], -1.64, 0.4);
  EXPECT_NEAR(value(seen, "input")[4], 1.64, 0.4);
  EXPECT_EQ(value(seen, "dead")[0], 0);
  beta[1] = beta[6] = -100;
  seen = eye_->measure(1);
  EXPECT_EQ(value(seen, "dead")[0], 0.25f);
  EXPECT_EQ(value(seen, "beta")[0], -100) << "of 8 channels, the least is the 5 percentile";
  EXPECT_EQ(value(seen, "beta")[2], 0);
  EXPECT_EQ(value(seen, "gamma")[2], 1);
}

TEST_F(ProbeNetworkTest, OtherActivationsThanReluHaveNoDeadUnits) {
  make("flatten, linear 8, norm, tanh, linear 3");
  std::ranges::fill(parameter("2.bias"), -100.0f);
  EXPECT_EQ(value(eye_->measure(0), "dead")[0], 0);
}

TEST_F(ProbeNetworkTest, DistancesAreBetweenBatchAndRunningStatistics) {
  settings_.norm.stat_update = 1;
  make("flatten, linear 8, norm, relu, linear 3");  // running = batch statistics of this batch
  const auto factor = static_cast<float>(kBatch - 1) / kBatch;
  for (float& v : statistics("2.running_var")) v *= factor;  // biased, as the batch is normalized
  ProbeStep seen = eye_->measure(0);
  EXPECT_NEAR(value(seen, "mean_distance")[0], 0, 1e-5);
  EXPECT_NEAR(value(seen, "log_variance_distance")[0], 0, 1e-5);
  const auto running_mean = statistics("2.running_mean");
  const auto running_var = statistics("2.running_var");
  for (std::size_t c = 0; c < 8; ++c) {
    running_mean[c] += (c % 2 == 0 ? 2 : -2) * std::sqrt(running_var[c] + 1e-5f);
    running_var[c] = (running_var[c] + 1e-5f) * (c < 4 ? 7.389056f : 0.1353353f) - 1e-5f;
  }
  seen = eye_->measure(0);
  EXPECT_NEAR(value(seen, "mean_distance")[0], 2, 1e-4);
  EXPECT_NEAR(value(seen, "log_variance_distance")[0], 2, 1e-4);
}

TEST_F(ProbeNetworkTest, TheExampleIsOneChannelInFull) {
  make("conv 5 3x3, norm, relu, flatten, linear 3");
  const auto gamma = parameter("1.weight");
  for (std::size_t c = 0; c < 5; ++c) gamma[c] = 1 + 0.1f * static_cast<float>(c);
  NormExample example;
  eye_->measure(0, &example);
  EXPECT_EQ(example.layer, "1: norm");
  EXPECT_EQ(example.rows, kBatch * 16);
  ASSERT_EQ(example.x.size(), static_cast<std::size_t>(example.rows));
  const std::vector<double> x(example.x.begin(), example.x.end());
  const Moments moments = moments_of(x);
  EXPECT_NEAR(example.batch_mean, moments.mean, 1e-6);
  EXPECT_NEAR(example.batch_var, moments.biased_variance(), 1e-6);
  const auto c = static_cast<std::size_t>(example.channel);
  EXPECT_EQ(example.gamma, gamma[c]);
  EXPECT_EQ(example.running_mean, statistics("1.running_mean")[c]);
  EXPECT_EQ(example.running_var, statistics("1.running_var")[c]);
  EXPECT_EQ(example.eps, 1e-5f);
}

TEST_F(ProbeNetworkTest, DoesNotDependOnThreads) {
  const auto document = [this](int threads) {
    make(
        "conv 9 3x3, norm, relu, maxpool 2, flatten, linear 200, norm, relu, dropout 0.3, linear 3",
        NormKind::batch, threads);
    ProbeRecord record;
    add(record, eye_->measure(0, &record.example));
    return to_document(record);
  };
  const auto one = document(1);
  EXPECT_EQ(document(2), one);
  EXPECT_EQ(document(3), one);
}

}  // namespace
}  // namespace normlab
