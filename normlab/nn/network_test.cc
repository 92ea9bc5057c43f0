#include "normlab/nn/network.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/base/error_test.h"
#include "normlab/nn/network_test.h"

namespace normlab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr auto kImage = Shape{28, 28, 1};

TEST(Summary, InfersShapesAndCountsOfTheModelsThatComeWithTheProgram) {
  const NetworkSummary cnn = summarize(find_model("cnn-32"), kImage, {}, 64);
  std::vector<std::string> shapes;
  for (const LayerSummary& layer : cnn.layers) shapes.push_back(to_string(layer.output));
  EXPECT_THAT(shapes, ElementsAre("26x26x32", "26x26x32", "26x26x32", "13x13x32", "5408", "128",
                                  "128", "128", "10"));
  // conv 32*9 + 32, norm 2*32, linear 5408*128 + 128, norm 2*128, linear 1280 + 10
  EXPECT_EQ(cnn.parameters, 320 + 64 + 692352 + 256 + 1290);
  EXPECT_EQ(cnn.flops, 2.0 * (26 * 26 * 288 + 5408 * 128 + 1280));
  EXPECT_EQ(training_flops(cnn), 2.0 * (2 * 26 * 26 * 288 + 3 * (5408 * 128 + 1280)));
  EXPECT_EQ(cnn.norms.size(), 2u);
  EXPECT_EQ(cnn.norms[0].positions, 676);
  EXPECT_EQ(summarize(find_model("mlp-128-64"), kImage, {}, 64).parameters, 109386 + 384);
}

TEST(Summary, ResidualNetworksHaveThePublishedSizes) {
  const auto parameters = [](const char* model) {
    return summarize(find_model(model), {32, 32, 3}, {}, 1).parameters;
  };
  EXPECT_EQ(parameters("resnet-20"), 272'474);
  EXPECT_EQ(parameters("resnet-32"), 466'906);
  EXPECT_EQ(parameters("resnet-56"), 855'770);
  EXPECT_EQ(parameters("resnet-110"), 1'730'714);
}

TEST(Summary, SaysWhichLayerDoesNotFitAndWhy) {
  const auto plan = [](const std::string& text) {
    return [text] {
      const ModelSpec model = parse_model_text(text);
      summarize(model, *model.input, {}, 64);
    };
  };
  EXPECT_THAT(plan("28x28x1: linear 10"), throws_request("0: linear 10", "28x28x1", "flatten"));
  EXPECT_THAT(plan("28x28x1: conv 8 29x29"), throws_request("0: conv 8 29x29", "does not fit"));
  EXPECT_THAT(plan("28x28x1: flatten, conv 8 3x3"), throws_request("1: conv 8 3x3", "image"));
  EXPECT_THAT(plan("4x4x1: maxpool 5"), throws_request("0: maxpool 5", "5x5", "4x4x1"));
  EXPECT_THAT(plan("4: linear 3, residual(linear 2, norm), linear 3"),
              throws_request("1: residual", "body makes 2 of 3", "shortcut 3"));
  EXPECT_THAT(plan("8x8x1: residual(conv 2 3x3)"), throws_request("0: residual", "6x6x2"));
  EXPECT_THAT(plan("4: residual(linear 4, residual(conv 2 3x3))"),
              throws_request("0.body.1.body.0: conv 2 3x3", "image"));
  EXPECT_THAT(plan("65536x65536x1: flatten, linear 1000000"),
              throws_request("1: linear", "parameters"));
  EXPECT_THAT(plan("65536x65536x1: conv 1 1x1"), throws_request("0: conv", "GiB"));
}

TEST(Summary, CountsParametersByLayer) {
  const NetworkSummary mlp = summarize(find_model("mlp-128-64"), kImage, {}, 64);
  std::vector<std::int64_t> counts;
  for (const LayerSummary& layer : mlp.layers) counts.push_back(layer.parameters);
  EXPECT_THAT(counts, testing::ElementsAre(0, 784 * 128 + 128, 256, 0, 128 * 64 + 64, 128, 0,
                                           64 * 10 + 10));
}

TEST(Summary, RefusesATrainingBatchOfOneNumberPerChannel) {
  const NetworkSummary mlp = summarize(find_model("mlp-128-64"), kImage, {}, 64);
  EXPECT_THAT([&] { check_training_batch(mlp, 1); },
              throws_request("2: norm", "tail=drop", "tail=merge", "tail=wrap", "batch size"));
  EXPECT_NO_THROW(check_training_batch(mlp, 2));
  NetworkOptions none;
  none.norm.kind = NormKind::none;
  EXPECT_NO_THROW(check_training_batch(summarize(find_model("mlp-128-64"), kImage, none, 64), 1));
  // A convolution gives many numbers per channel even for one example.
  const ModelSpec conv = parse_model_text("conv 4 3x3, norm, relu, flatten, linear 10");
  EXPECT_NO_THROW(check_training_batch(summarize(conv, kImage, {}, 64), 1));
}

TEST(Network, NamesItsTensorsLikePyTorch) {
  const Network network = make_network("6x6x1: conv 2 3x3, norm, relu, flatten, linear 3");
  std::vector<std::string> names;
  for (const Tensor& tensor : network.save()) names.push_back(tensor.name);
  EXPECT_THAT(names, ElementsAre("0.weight", "0.bias", "1.weight", "1.bias", "4.weight", "4.bias",
                                 "1.running_mean", "1.running_var", "1.num_batches_tracked"));
}

TEST(Network, StoresNoGammaAndBetaWhenBothAreOff) {
  NetworkOptions options;
  options.norm.gamma = AffineMode::off;
  options.norm.beta = AffineMode::off;
  options.redundant_bias = RedundantBias::drop;
  const Network network = make_network("4: linear 3, norm", {}, options);
  std::vector<std::string> names;
  for (const Tensor& tensor : network.save()) names.push_back(tensor.name);
  EXPECT_THAT(names,
              ElementsAre("0.weight", "1.running_mean", "1.running_var", "1.num_batches_tracked"));
}

TEST(Network, LoadsWhatItSaved) {
  const std::string model = "5x4x3: conv 17 3x3, norm, relu, flatten, linear 7, norm, linear 3";
  Network first = make_network(model);
  const std::vector<float> x = random_input(first, 8);
  first.forward(x.data(), 8, Mode::training);
  Network second = make_network(model);
  second.initialize({}, 99);
  second.load({first.save(), {}});
  const ConstMatrix y1 = first.forward(x.data(), 8, Mode::evaluation);
  const ConstMatrix y2 = second.forward(x.data(), 8, Mode::evaluation);
  EXPECT_EQ(std::memcmp(y1.data, y2.data, 8 * 3 * sizeof(float)), 0);
}

TEST(Network, RefusesStateThatDoesNotFit) {
  Network network = make_network("4: linear 3, norm");
  std::vector<Tensor> missing = network.save();
  missing.pop_back();
  EXPECT_THAT(([&] {
                network.load({missing, {}});
              }),
              throws_request("1.num_batches_tracked", "missing"));
  std::vector<Tensor> extra = network.save();
  extra.push_back({"9.weight", {1}, std::vector<float>{0}});
  EXPECT_THAT(([&] { network.load({extra, {}}); }), throws_request("8 tensors", "7"));
  std::vector<Tensor> misshapen = network.save();
  misshapen[0].shape = {4, 3};
  EXPECT_THAT(([&] {
                network.load({misshapen, {}});
              }),
              throws_request("0.weight", "[4, 3]", "[3, 4]"));
}

TEST(Network, SameSeedGivesSameWeightsWhateverFillsTheSlots) {
  NetworkOptions none;
  none.norm.kind = NormKind::none;
  const Network with = make_network("8: linear 6, norm, relu, linear 3");
  const Network without = make_network("8: linear 6, norm, relu, linear 3", {}, none);
  const TensorFile a{with.save(), {}};
  const TensorFile b{without.save(), {}};
  for (const char* name : {"0.weight", "0.bias", "3.weight", "3.bias"}) {
    EXPECT_EQ(a.find(name)->values, b.find(name)->values) << name;
  }
}

TEST(Network, RedundantBiasGetsNoGradientAndOnlyShiftsTheTrackedMean) {
  NetworkOptions options;
  options.norm.stat_update = 1;
  Network plain = make_network("4: linear 3, norm", {}, options);
  Network shifted = make_network("4: linear 3, norm", {}, options);
  const Parameter& bias = shifted.parameters().parameters()[1];
  ASSERT_EQ(bias.name, "0.bias");
  bias.slice->value[0] += 10;
  const std::vector<float> x = random_input(plain, 8);
  plain.forward(x.data(), 8, Mode::training);
  shifted.forward(x.data(), 8, Mode::training);
  EXPECT_NEAR(shifted.state()[0].values[0], plain.state()[0].values[0] + 10, 1e-5);
  std::fill_n(shifted.output_gradient().data, 24, 1.5f);
  shifted.backward();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(bias.slice->gradient[i], 0);

  const ConstMatrix y1 = plain.forward(x.data(), 8, Mode::evaluation);
  const ConstMatrix y2 = shifted.forward(x.data(), 8, Mode::evaluation);
  for (int i = 0; i < 24; ++i)
    EXPECT_NEAR(y1.data[i], y2.data[i], 1e-4) << "rounding of a mean near 10";
}

TEST(Network, RunningStatisticsFollowTheirDefinition) {
  for (const RunningVariance kind : {RunningVariance::unbiased, RunningVariance::biased}) {
    NetworkOptions options;
    options.norm.running_var = kind;
    options.norm.stat_update = 0.25;
    Network network = make_network("1: norm", {}, options);
    const std::vector<float> x{1, 2, 3, 6};  // mean 3, biased variance 3.5, unbiased 14/3
    network.forward(x.data(), 4, Mode::training);
    const double variance = kind == RunningVariance::unbiased ? 14.0 / 3 : 3.5;
    EXPECT_FLOAT_EQ(network.state()[0].values[0], 0.75f);
    EXPECT_FLOAT_EQ(network.state()[1].values[0], static_cast<float>(1 + 0.25 * (variance - 1)));
  }
}

TEST(Network, CumulativeStatisticsAreThePlainMeanOverBatches) {
  NetworkOptions options;
  options.norm.cumulative = true;
  Network network = make_network("1: norm", {}, options);
  for (const float centre : {1.0f, 2.0f, 6.0f}) {
    const std::vector<float> x{centre - 1, centre + 1};
    network.forward(x.data(), 2, Mode::training);
  }
  EXPECT_FLOAT_EQ(network.state()[0].values[0], 3);
  EXPECT_FLOAT_EQ(network.state()[1].values[0], 2);
}

TEST(Network, RunningStatisticsNeverTakeANonFiniteValue) {
  Network network = make_network("2: norm");
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    const std::vector<float> x{bad, 1, 2, 3, 4, 5};
    const float healthy = network.state()[0].values[1];
    network.forward(x.data(), 3, Mode::training);
    EXPECT_EQ(network.find_non_finite(), "0: norm");
    EXPECT_EQ(network.state()[0].values[0], 0);
    EXPECT_EQ(network.state()[1].values[0], 1);
    EXPECT_NE(network.state()[0].values[1], healthy) << "the finite channel goes on";
  }
  const StateTensor& lost = network.state()[2];
  EXPECT_EQ(lost.name, "0.lost_updates");
  EXPECT_THAT(lost.values, ElementsAre(2, 0));
}

/// Such a variance is finite as a double, and would be infinite as a float for ever.
TEST(Network, RunningStatisticsTakeNothingThatFloatsCannotHold) {
  NetworkOptions options;
  options.norm.stat_update = 1;
  Network network = make_network("1: norm", {}, options);
  const std::vector<float> x{-1e30F, 1e30F};
  network.forward(x.data(), 2, Mode::training);
  EXPECT_EQ(network.state()[0].values[0], 0);
  EXPECT_EQ(network.state()[1].values[0], 1);
  EXPECT_THAT(network.state()[2].values, ElementsAre(1));
}

TEST(Network, FindsTheFirstLayerThatIsNotFinite) {
  Network network = make_network("3: linear 4, norm, relu, linear 2, sigmoid");
  std::vector<float> x = random_input(network, 4);
  network.forward(x.data(), 4, Mode::training);
  EXPECT_EQ(network.find_non_finite(), "");
  network.parameters().parameters()[4].slice->value[0] = std::numeric_limits<float>::infinity();
  network.forward(x.data(), 4, Mode::training);
  EXPECT_EQ(network.find_non_finite(), "3: linear 2");
  x[0] = std::numeric_limits<float>::quiet_NaN();
  network.forward(x.data(), 4, Mode::training);
  EXPECT_EQ(network.find_non_finite(), "0: linear 4");
}

TEST(Network, GoesBackOnceForEachForwardPass) {
  Network network = make_network("3: linear 2");
  const std::vector<float> x(3, 1.0f);
  EXPECT_THAT([&] { network.backward(); },
              testing::ThrowsMessage<Error>(HasSubstr("needs a forward pass before it")));
  for (int pass = 0; pass < 2; ++pass) {
    network.forward(x.data(), 1, Mode::training);
    std::fill_n(network.output_gradient().data, 2, 1.0f);
    network.backward();
    EXPECT_THROW(network.backward(), Error);
  }
}

TEST(Network, RefusesBatchesBeyondItsBounds) {
  Network network = make_network("3: linear 4, norm, linear 2", {.max_examples = 8});
  const std::vector<float> x = random_input(network, 9);
  network.forward(x.data(), 8, Mode::training);
  const std::vector<Tensor> before = network.save();
  for (const std::int64_t examples : {9, 0, -1}) {
    EXPECT_THAT([&] { network.forward(x.data(), examples, Mode::training); },
                throws_request(fmt::format("a batch of {} examples", examples), "1 to 8"));
  }
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_TRUE(before[i].values == network.save()[i].values) << before[i].name;
  }
  for (const std::int64_t examples : {0, -5}) {
    EXPECT_THAT([&] { make_network("3: linear 2", {.max_examples = examples}); },
                throws_request("max_examples", "at least 1"));
  }
  EXPECT_THAT(
      [&] {
        Network(parse_model_text("linear 2"), {1, 1, 0, true}, {}, {}, test_team());
      },
      throws_request("at least 1"));
}

std::vector<float> outputs(Network& network, const std::vector<float>& x, const Mode& mode) {
  const ConstMatrix y = network.forward(x.data(), 16, mode, 1);
  return {y.data, y.data + y.rows * y.channels};
}

TEST(Network, AModeSaysThreeThingsApart) {
  Network network = make_network("5: linear 6, norm, dropout 0.5", {.max_examples = 16});
  const std::vector<float> x = random_input(network, 16);
  const auto state = [&] {
    const auto mean = network.state()[0].values;
    return std::vector<float>(mean.begin(), mean.end());
  };
  const std::vector<float> start = state();
  const auto plain = outputs(network, x, {.statistics = Statistics::batch});
  EXPECT_EQ(state(), start) << "nothing is tracked";
  EXPECT_TRUE(std::ranges::all_of(plain, [](float y) { return y != 0; })) << "nothing is dropped";
  EXPECT_NE(outputs(network, x, Mode::evaluation), plain) << "running statistics are others";
  const auto dropped =
      outputs(network, x, {.statistics = Statistics::batch, .dropout = true, .track = false});
  EXPECT_EQ(state(), start);
  EXPECT_GT(std::ranges::count(dropped, 0.0F), 0);
  EXPECT_EQ(outputs(network, x, {.statistics = Statistics::batch, .track = true}), plain);
  EXPECT_NE(state(), start);
}

TEST(Network, LookingForWhatIsNotFiniteTracksNothing) {
  Network network = make_network("5: linear 6, norm, linear 3", {.max_examples = 16});
  const std::vector<float> x = random_input(network, 16);
  network.forward(x.data(), 16, Mode::training);
  const std::vector<Tensor> before = network.save();
  EXPECT_EQ(network.find_non_finite(), "");
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_TRUE(before[i].values == network.save()[i].values) << before[i].name;
  }
}

/// Computes pieces from the last to the first, which a team may do, and looks at what it is to
/// share: a whole number of bytes for each piece of the latest loop over them.
class BackwardTeam : public Team {
 public:
  int threads() const override { return 3; }
  void share(std::span<std::byte> buffer, const Pieces& pieces) override {
    ++shared;
    EXPECT_EQ(pieces.count(), latest_);
    EXPECT_EQ(buffer.size() % static_cast<std::size_t>(pieces.count()), 0u);
    EXPECT_FALSE(buffer.empty());
  }
  int shared = 0;

 private:
  void run_erased(std::int64_t count, Task task) override {
    latest_ = count;
    for (std::int64_t i = count - 1; i >= 0; --i)
      task.call(task.target, i, static_cast<int>(i % 3));
  }
  std::int64_t latest_ = 0;
};

TEST(Network, BitsDoNotDependOnTheOrderOfPiecesAndPartialResultsAreShared) {
  const ModelSpec model = parse_model_text(
      "12x12x3: conv 32 3x3 pad same, norm, relu, residual(conv 32 3x3 pad same bias off, scale "
      "0.5), "
      "relu, global_avgpool, linear 10");
  BackwardTeam backward;
  std::vector<std::vector<Tensor>> trained;
  for (Team* team : {&test_team(1), static_cast<Team*>(&backward)}) {
    Network network(model, *model.input, {}, {.max_examples = 50}, *team);
    network.initialize({}, 1);
    const std::vector<float> x = random_input(network, 50);
    const ConstMatrix y = network.forward(x.data(), 50, Mode::training);
    std::copy_n(y.data, 500, network.output_gradient().data);
    network.backward();
    ParameterBuffer& parameters = network.parameters();
    for (std::int64_t i = 0; i < parameters.size(); ++i)
      parameters.values()[i] -= 0.01f * parameters.gradients()[i];
    trained.push_back(network.save());
  }
  for (std::size_t i = 0; i < trained[0].size(); ++i) {
    EXPECT_TRUE(trained[0][i].values == trained[1][i].values) << trained[0][i].name;
  }
  // Of the first convolution its bias, its weights, and the norm's two sums on either way; of the
  // second its weights and the scale's sums.
  EXPECT_EQ(backward.shared, 1 + 1 + 4 + 1 + 1);
}

TEST(Network, AConstantChannelBecomesBeta) {
  Network network = make_network("1: norm");
  const std::vector<float> x(64, 12345.678f);
  const ConstMatrix y = network.forward(x.data(), 64, Mode::training);
  for (int i = 0; i < 64; ++i) ASSERT_EQ(y.data[i], 0);
}

TEST(Network, DropoutKeepsTheExpectationAndIsOffInEvaluation) {
  Network network = make_network("1000: dropout 0.3", {.max_examples = 64});
  const std::vector<float> x(64000, 1.0f);
  const ConstMatrix y = network.forward(x.data(), 64, Mode::training, 1);
  double sum = 0;
  for (int i = 0; i < 64000; ++i) {
    ASSERT_TRUE(y.data[i] == 0 || std::abs(y.data[i] - 1 / 0.7f) < 1e-6f);
    sum += static_cast<double>(y.data[i]);
  }
  EXPECT_NEAR(sum / 64000, 1, 5 * 0.655 / 253);  // five standard errors
  EXPECT_EQ(network.forward(x.data(), 64, Mode::evaluation).data[0], 1);
}

/// Stores what it takes, where it would have been stored without it.
class StoringSink : public GradientSink {
 public:
  void take(const ParameterSlice& slice, std::int64_t first, std::int64_t count,
            const float* gradient) override {
    std::copy_n(gradient, count, slice.gradient + first);
  }
};

std::vector<Tensor> state_after_training(const std::string& model, int threads,
                                         GradientSink* sink) {
  Network network = make_network(model, {.max_examples = 50}, {}, threads);
  const std::vector<float> x = random_input(network, 50);
  for (std::uint64_t step = 0; step < 4; ++step) {
    const std::int64_t examples = step == 3 ? 37 : 50;
    const ConstMatrix y = network.forward(x.data(), examples, Mode::training, step);
    std::copy_n(y.data, examples * 10, network.output_gradient().data);
    network.backward(sink);
    ParameterBuffer& parameters = network.parameters();
    for (std::int64_t i = 0; i < parameters.size(); ++i)
      parameters.values()[i] -= 0.01f * parameters.gradients()[i];
  }
  return network.save();
}

TEST(Network, BitsDependNeitherOnThreadsNorOnWhoTakesTheGradients) {
  for (const std::string model :
       {"12x12x3: conv 17 3x3 pad same, norm, relu, maxpool 2, conv 33 3x3, relu, norm, flatten, "
        "dropout 0.2, linear 300, norm, gelu, linear 10",
        "28x28x1: conv 32 3x3, relu, norm, maxpool 2, flatten, linear 100, norm, relu, "
        "linear 10"}) {
    const std::vector<Tensor> one = state_after_training(model, 1, nullptr);
    for (const int threads : {1, 2, 3}) {
      StoringSink sink;
      const std::vector<Tensor> stored = state_after_training(model, threads, nullptr);
      const std::vector<Tensor> taken = state_after_training(model, threads, &sink);
      for (std::size_t i = 0; i < one.size(); ++i) {
        EXPECT_TRUE(one[i].values == stored[i].values)
            << model << ": " << one[i].name << " with " << threads << " threads";
        EXPECT_TRUE(one[i].values == taken[i].values)
            << model << ": " << one[i].name << " with " << threads << " threads and a sink";
      }
    }
  }
}

/// Notes where the latest input lay that it was shown.
class LastInput : public LayerObserver {
 public:
  void on_input(const LayerNode&, const float* x) override { data = x; }
  const float* data = nullptr;
};

TEST(Network, WritesGradientsOverInputsThatAreReadNoMore) {
  constexpr int kExamples = 4;
  for (const auto& [before_last, overwritten] :
       {std::pair("norm", true), std::pair("norm, relu", true), std::pair("relu, norm", true),
        std::pair("norm, flatten", true), std::pair("norm, sigmoid", false),
        std::pair("relu", false), std::pair("norm, dropout 0.5", false)}) {
    Network network = make_network(fmt::format("3: linear 4, {}, linear 2", before_last));
    const std::vector<float> x = random_input(network, kExamples);
    LastInput input;
    network.observe(&input);
    network.forward(x.data(), kExamples, Mode::training);
    const std::vector<float> before(input.data, input.data + kExamples * 4);
    std::fill_n(network.output_gradient().data, kExamples * 2, 1.0f);
    network.backward();
    const bool changed = !std::equal(before.begin(), before.end(), input.data);
    EXPECT_EQ(changed, overwritten) << before_last;
  }
}

/// Notes what it is shown.
class InputNotes : public LayerObserver {
 public:
  void on_input(const LayerNode& layer, const float* x) override {
    labels.push_back(layer.label());
    first_values.push_back(*x);
  }
  std::vector<std::string> labels;
  std::vector<float> first_values;
};

TEST(Network, AnObserverSeesTheInputOfEveryLayerThatRunsByItself) {
  const std::string model = "3: linear 4, norm, relu, linear 2";
  for (const bool fuse : {true, false}) {
    Network network = make_network(model, {.fuse = fuse});
    const std::vector<float> x = random_input(network, 4);
    InputNotes notes;
    network.observe(&notes);
    network.forward(x.data(), 4, Mode::training);
    if (fuse) {
      EXPECT_THAT(notes.labels, ElementsAre("0: linear 4", "3: linear 2"));
    } else {
      EXPECT_THAT(notes.labels, ElementsAre("0: linear 4", "1: norm", "2: relu", "3: linear 2"));
      EXPECT_EQ(notes.first_values[3], std::max(notes.first_values[2], 0.0f));
    }
    EXPECT_EQ(notes.first_values[0], x[0]);
    network.observe(nullptr);
    network.forward(x.data(), 4, Mode::training);
    EXPECT_EQ(notes.labels.size(), fuse ? 2u : 4u);
  }
}

}  // namespace
}  // namespace normlab
