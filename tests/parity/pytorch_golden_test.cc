// normlab trains step by step as PyTorch does. The numbers come from
// tests/golden/pytorch_golden.py, which says how the cases are made and why they are well
// conditioned; the tables of cases here and there must agree.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "normlab/base/philox.h"
#include "normlab/base/thread_pool.h"
#include "normlab/kernels/isa.h"
#include "normlab/kernels/loss.h"
#include "normlab/nn/network.h"
#include "normlab/nn/safetensors.h"
#include "normlab/optim/optimizer.h"

namespace normlab {
namespace {

constexpr std::int64_t kSteps = 200;
constexpr std::int64_t kEvaluatedImages = 16;
constexpr std::uint64_t kDataSeed = 1;
constexpr std::int64_t kPixels = 28 * 28;
// What the project promises; PyTorch's own float32 run stays within half of each.
constexpr double kLossTolerance = 1e-4;
constexpr double kStatisticsTolerance = 1e-5;
constexpr double kLogitTolerance = 1e-5;

struct Case {
  std::string model;
  NormKind norm;
  OptimizerKind optimizer;
  std::int64_t batch;
  std::int64_t batches;
  double lr;
  std::uint64_t seed;  // of the initial weights
  double adam_eps = 1e-8;
};

std::string name_of(const Case& c) {
  return fmt::format("{}/{}/{}", c.model, c.norm == NormKind::batch ? "batch" : "none",
                     c.optimizer == OptimizerKind::sgd ? "sgd" : "adam");
}

const std::vector<Case>& cases() {
  using enum NormKind;
  using enum OptimizerKind;
  static const std::vector<Case> all{
      {"mlp-128-64", none, sgd, 64, 16, 0.01, 30},  {"mlp-128-64", none, adam, 64, 16, 0.001, 36},
      {"mlp-128-64", batch, sgd, 64, 16, 0.01, 25}, {"mlp-128-64", batch, adam, 64, 16, 0.001, 12},
      {"cnn-32", none, sgd, 32, 2, 0.01, 2},        {"cnn-32", none, adam, 32, 2, 0.0001, 2, 1e-5},
      {"cnn-32", batch, sgd, 32, 2, 0.01, 2},       {"cnn-32", batch, adam, 32, 2, 0.0001, 2, 1e-5},
  };
  return all;
}

struct Data {
  std::vector<float> inputs;
  std::vector<Label> labels;
};

std::vector<std::uint32_t> random_bytes(std::uint64_t index, std::int64_t count) {
  Philox random(kDataSeed, Purpose::test, index);
  std::vector<std::uint32_t> bytes(static_cast<std::size_t>(count));
  for (std::uint32_t& byte : bytes) byte = random.next() >> 24;
  return bytes;
}

/// A quarter of the class's random image, three quarters of one of its own.
Data make_data(std::int64_t images) {
  const std::vector<std::uint32_t> classes = random_bytes(0, 10 * kPixels);
  const std::vector<std::uint32_t> own = random_bytes(1, images * kPixels);
  Data data;
  for (std::int64_t i = 0; i < images; ++i) {
    const std::int64_t label = i % 10;
    data.labels.push_back(static_cast<Label>(label));
    for (std::int64_t p = 0; p < kPixels; ++p) {
      const std::uint32_t byte = (classes[static_cast<std::size_t>(label * kPixels + p)] +
                                  3 * own[static_cast<std::size_t>(i * kPixels + p)]) /
                                 4;
      data.inputs.push_back(static_cast<float>(byte / 127.5 - 1));
    }
  }
  return data;
}

/// Uniform in [-1, 1) / sqrt(fan_in), from the stream of this layer's weight or bias.
void draw(Tensor& tensor, std::uint64_t seed, std::int64_t layer, bool is_bias, double fan_in) {
  Philox random(seed, Purpose::test, static_cast<std::uint64_t>(2 * layer + is_bias));
  for (float& value : std::get<std::vector<float>>(tensor.values)) {
    value = static_cast<float>((2 * static_cast<double>(random.uniform()) - 1) / std::sqrt(fan_in));
  }
}

/// Units that are mostly on, every fourth off.
void spread_biases(Tensor& bias) {
  auto& values = std::get<std::vector<float>>(bias.values);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] += i % 4 == 3 ? -3.0F : 3.0F;
}

Network make_network(const Case& c) {
  NetworkOptions options;
  options.norm.kind = c.norm;
  const ModelSpec model = find_model(c.model);
  static ThreadPool team(1);
  Network network(model, {28, 28, 1}, options, {.max_examples = c.batch}, team);
  network.initialize({}, 1);
  TensorFile file{network.save(), {}};
  const auto tensor = [&file](std::int64_t layer, std::string_view part) -> Tensor& {
    return *std::ranges::find(file.tensors, fmt::format("{}.{}", layer, part), &Tensor::name);
  };
  for (std::int64_t i = 0; i < std::ssize(model.layers); ++i) {
    const std::string& text = model.layers[static_cast<std::size_t>(i)].text;
    if (!text.starts_with("linear") && !text.starts_with("conv")) continue;
    Tensor& weight = tensor(i, "weight");
    const std::int64_t inputs = weight.size() / weight.shape[0];
    const auto fan_in = static_cast<double>(inputs);
    draw(weight, c.seed, i, false, fan_in);
    draw(tensor(i, "bias"), c.seed, i, true, fan_in);
  }
  if (c.model == "cnn-32") spread_biases(tensor(5, "bias"));
  network.load(file);
  return network;
}

double train_step(Network& network, Optimizer& optimizer, const Case& c, const Data& data,
                  std::int64_t step) {
  const std::int64_t first = step % c.batches * c.batch;
  const ConstMatrix logits = network.forward(data.inputs.data() + first * kPixels, c.batch,
                                             Mode::training, static_cast<std::uint64_t>(step));
  const kernels::LossSums sums = kernels::softmax_cross_entropy(
      network.output_gradient(), logits,
      std::span(data.labels)
          .subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(c.batch)),
      0, 1 / static_cast<float>(c.batch));
  network.backward();
  optimizer.step(c.lr);
  return sums.loss / static_cast<double>(c.batch);
}

/// The largest difference, relative for golden numbers above `from`; NaN counts as infinite.
double largest_difference(std::span<const double> values, const std::vector<double>& golden,
                          double from) {
  if (values.size() != golden.size()) return HUGE_VAL;
  double largest = 0;
  for (std::size_t i = 0; i < golden.size(); ++i) {
    const double difference = std::abs(values[i] - golden[i]) / std::max(from, std::abs(golden[i]));
    largest = std::isnan(difference) ? HUGE_VAL : std::max(largest, difference);
  }
  return largest;
}

/// NORMLAB_ISA chooses the instruction set, as it does for the program.
class ChosenIsa : public testing::Environment {
  void SetUp() override {
    const char* name = std::getenv("NORMLAB_ISA");
    select_isa(name != nullptr ? name : "");
  }
};
const testing::Environment* const kChosenIsa = testing::AddGlobalTestEnvironment(new ChosenIsa);

/// Shown by a failure: what makes the case again.
void PrintTo(const Case& c, std::ostream* out) {
  *out << name_of(c);
}

class PyTorchGolden : public testing::TestWithParam<Case> {
 protected:
  const std::vector<double>& golden(const std::string& what) const {
    static const TensorFile file =
        read_safetensors(NORMLAB_SOURCE_DIR "/tests/golden/pytorch.safetensors");
    return std::get<std::vector<double>>(file.find(name_of(GetParam()) + "/" + what)->values);
  }
};

TEST_P(PyTorchGolden, LossesStatisticsAndLogitsAgree) {
  const Case& c = GetParam();
  const Data data = make_data(c.batches * c.batch);
  Network network = make_network(c);
  OptimizerOptions options;
  options.kind = c.optimizer;
  options.momentum = c.optimizer == OptimizerKind::sgd ? 0.9 : 0;
  options.adam_eps = c.adam_eps;
  Optimizer optimizer(options, network.parameters());

  std::vector<double> losses;
  for (std::int64_t step = 0; step < kSteps; ++step) {
    losses.push_back(train_step(network, optimizer, c, data, step));
  }
  const double loss_difference = largest_difference(losses, golden("losses"), 0);
  EXPECT_LE(loss_difference, kLossTolerance);

  double statistics_difference = 0;
  for (const Tensor& tensor : network.save()) {
    if (tensor.name.find(".running_") == std::string::npos) continue;
    const std::vector<float> floats = to_floats(tensor);
    const std::vector<double> values(floats.begin(), floats.end());
    const double difference = largest_difference(values, golden(tensor.name), 1);
    EXPECT_LE(difference, kStatisticsTolerance) << tensor.name;
    statistics_difference = std::max(statistics_difference, difference);
  }

  const ConstMatrix logits =
      network.forward(data.inputs.data(), kEvaluatedImages, Mode::evaluation);
  ASSERT_EQ(logits.stride, logits.channels);
  const std::vector<double> values(logits.data, logits.data + logits.rows * logits.channels);
  const double logit_difference = largest_difference(values, golden("logits"), 1);
  EXPECT_LE(logit_difference, kLogitTolerance);
  fmt::print("{}: largest differences: losses {:.1e}, statistics {:.1e}, logits {:.1e}\n",
             name_of(c), loss_difference, statistics_difference, logit_difference);
}

std::string test_name(const testing::TestParamInfo<Case>& info) {
  std::string name = name_of(info.param);
  std::ranges::replace_if(
      name, [](char letter) { return letter == '-' || letter == '/'; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Cases, PyTorchGolden, testing::ValuesIn(cases()), test_name);

}  // namespace
}  // namespace normlab
