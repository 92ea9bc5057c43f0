#include "normlab/kernels/pooled_convolution.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "normlab/kernels/kernel_test.h"
#include "normlab/kernels/reference/activation.h"
#include "normlab/kernels/reference/convolution.h"
#include "normlab/kernels/reference/norm.h"
#include "normlab/kernels/reference/pooling.h"

namespace normlab::kernels {
namespace {

using reference::PerChannel;
using reference::Table;

struct Case {
  ConvolutionShape shape;
  std::int64_t window;
  bool relu;
  bool directed;  ///< directions of all kinds
};

/// Windows of either size, with rests of rows, of columns, of both and of none; fewer rows than a
/// window; channels in one, two and more vectors of every instruction set; padding, strides,
/// several input channels.
std::vector<Case> cases() {
  std::vector<Case> all;
  for (const auto& [shape, window] : {std::pair(ConvolutionShape{6, 6, 1, 16, 3, 1, 0}, 2),
                                      std::pair(ConvolutionShape{8, 11, 1, 32, 3, 1, 0}, 2),
                                      std::pair(ConvolutionShape{7, 6, 3, 48, 3, 1, 1}, 2),
                                      std::pair(ConvolutionShape{9, 9, 2, 64, 3, 2, 1}, 2),
                                      std::pair(ConvolutionShape{8, 8, 1, 32, 3, 1, 0}, 3),
                                      std::pair(ConvolutionShape{9, 10, 1, 112, 2, 1, 0}, 3),
                                      std::pair(ConvolutionShape{3, 9, 4, 16, 2, 1, 0}, 3)}) {
    for (const bool relu : {false, true}) {
      for (const bool directed : {false, true}) all.push_back({shape, window, relu, directed});
    }
  }
  return all;
}

std::string describe(const Case& c) {
  return fmt::format("{}x{}x{} to {}, kernel {}, stride {}, padding {}, window {}{}{}",
                     c.shape.height, c.shape.width, c.shape.in_channels, c.shape.out_channels,
                     c.shape.kernel, c.shape.stride, c.shape.padding, c.window,
                     c.relu ? ", relu" : "", c.directed ? ", directed" : "");
}

/// One image, what is computed on it, and the outputs of the convolution in double.
struct Image {
  explicit Image(const Case& test_case, std::uint64_t seed = 1, double offset = 0)
      : c(test_case),
        convolution(c.shape),
        x(normal_values(c.shape.input_size(), seed)),
        weights(normal_values(c.shape.weight_count(), 2)),
        bias(normal_values(c.shape.out_channels, 3, offset)),
        packed(weights.size()),
        padded(static_cast<std::size_t>(convolution.padded_size())),
        outputs(static_cast<std::size_t>(c.shape.output_size())) {
    convolution.pack(packed.data(), weights.data());
    prepare();
    for (std::int64_t i = 0; i < c.shape.out_channels; ++i) {
      directions.push_back(c.directed ? static_cast<float>(i % 3 - 1) : 1.0f);
    }
  }
  /// Anew, after a change of x.
  void prepare() {
    convolution.pad_image(padded.data(), x.data());
    reference::convolution_forward(outputs, to_double(x), to_double(weights), to_double(bias),
                                   c.shape);
    const Activation relu{ActivationKind::relu};
    for (double& value : outputs) value = c.relu ? reference::activation(relu, value) : value;
  }

  std::int64_t positions() const { return c.shape.output_height() * c.shape.output_width(); }
  /// Of the whole windows only.
  PoolShape pool() const {
    return {.height = c.shape.output_height(),
            .width = c.shape.output_width(),
            .channels = c.shape.out_channels,
            .window = c.window,
            .stride = c.window};
  }
  std::int64_t windows() const {
    return c.shape.output_height() / c.window * (c.shape.output_width() / c.window);
  }
  PooledRows rows() const {
    return {.input = convolution.input(padded.data(), {0, c.shape.output_height()}),
            .channels = c.shape.out_channels,
            .window = c.window,
            .weights = packed.data(),
            .bias = bias.data(),
            .relu = c.relu};
  }
  Table table() const {
    Table all(positions(), c.shape.out_channels);
    all.values = outputs;
    return all;
  }

  Case c;
  DirectConvolution convolution;
  std::vector<float> x, weights, bias, packed, padded;
  std::vector<float> directions;
  std::vector<double> outputs;
};

/// What the kernel writes on the way forward.
struct Peaks {
  explicit Peaks(const Image& image)
      : values(image.windows(), image.c.shape.out_channels),
        argmax(image.windows(), image.c.shape.out_channels) {}
  Guarded<float> values;
  Guarded<std::uint8_t> argmax;
};

class PooledConvolutionTest : public KernelTest {};
INSTANTIATE_TEST_SUITE_P(Isas, PooledConvolutionTest, every_isa(), isa_name);

const Tolerance kSums = {2e-5, 2e-6, "up to 36 products of numbers of size 1"};

TEST_P(PooledConvolutionTest, PicksWhatTheReferencePicks) {
  for (const Case& c : cases()) {
    const Image image(c);
    const Peaks peaks(image);
    pooled_convolution_forward(peaks.values.data(), peaks.argmax.data(), image.rows(),
                               image.directions.data(), nullptr);
    std::vector<double> expected;
    if (image.windows() > 0) {
      std::vector<double> directed = image.outputs;
      for (std::size_t i = 0; i < directed.size(); ++i) {
        directed[i] *= static_cast<double>(image.directions[i % image.directions.size()]);
      }
      std::vector<double> keys(peaks.values.values().size());
      std::vector<std::uint8_t> argmax(keys.size());
      reference::maxpool_forward(keys, argmax, directed, image.pool());
      EXPECT_EQ(peaks.argmax.values(), argmax) << reproduction(describe(c));
      for (std::size_t i = 0; i < keys.size(); ++i) {
        const std::size_t channel = i % image.directions.size();
        const std::size_t window = i / image.directions.size();
        const std::size_t width = static_cast<std::size_t>(image.pool().output_width());
        const auto side = static_cast<std::size_t>(c.window);
        const std::size_t row = window / width * side + argmax[i] / side;
        const std::size_t column = window % width * side + argmax[i] % side;
        expected.push_back(
            image.outputs[(row * static_cast<std::size_t>(c.shape.output_width()) + column) *
                              image.directions.size() +
                          channel]);
      }
    }
    expect_close<float>(peaks.values.values(), expected, kSums, describe(c));
    peaks.values.expect_intact(describe(c));
    peaks.argmax.expect_intact(describe(c));
  }
}

TEST_P(PooledConvolutionTest, StatisticsOfSeveralImagesAreAsTheReference) {
  // The bias: outputs far from zero, as seen from their spread.
  for (const double offset : {0.0, 1000.0}) {
    for (const Case& c : cases()) {
      const auto channels = static_cast<std::size_t>(c.shape.out_channels);
      std::vector<double> mean(channels, 5.0);  // not to be merged
      std::vector<double> m2(channels, 5.0);
      std::vector<double> all;
      PartialMoments moments{mean.data(), m2.data(), 0};
      for (const std::uint64_t seed : {4u, 5u, 6u}) {
        const Image image(c, seed, offset);
        const Peaks peaks(image);
        pooled_convolution_forward(peaks.values.data(), peaks.argmax.data(), image.rows(),
                                   image.directions.data(), &moments);
        moments.rows_before += image.positions();
        all.insert(all.end(), image.outputs.begin(), image.outputs.end());
      }
      Table table(moments.rows_before, c.shape.out_channels);
      table.values = all;
      const reference::Statistics expected = reference::batch_statistics(table);
      expect_close<double>(mean, expected.mean,
                           {2e-5, 2e-6, "outputs are rounded to float, the worst at 1000"},
                           describe(c));
      for (double& value : m2) value /= static_cast<double>(moments.rows_before);
      expect_close<double>(m2, expected.variance,
                           {5e-4, 1e-4, "outputs near 1000 are rounded by 3e-5, deviations too"},
                           describe(c));
    }
  }
}

TEST_P(PooledConvolutionTest, ConstantChannelsHaveNoVarianceAndTheirFirstOutputIsThePeak) {
  for (const Case& c : cases()) {
    if (c.shape.padding != 0) continue;  // not constant at the margins
    Image image(c, 1, 100.1);
    std::ranges::fill(image.x, 0.3f);
    image.prepare();
    const Peaks peaks(image);
    std::vector<double> mean(image.directions.size());
    std::vector<double> m2(image.directions.size(), 1.0);
    PartialMoments moments{mean.data(), m2.data(), 0};
    pooled_convolution_forward(peaks.values.data(), peaks.argmax.data(), image.rows(),
                               image.directions.data(), &moments);
    EXPECT_EQ(m2, std::vector<double>(m2.size(), 0.0)) << reproduction(describe(c));
    const std::vector<std::uint8_t> argmax = peaks.argmax.values();
    EXPECT_EQ(argmax, std::vector<std::uint8_t>(argmax.size(), 0)) << reproduction(describe(c));
  }
}

TEST_P(PooledConvolutionTest, NanIsThePeakWhereverItIsInTheWindow) {
  for (const Case& c : cases()) {
    Image image(c);
    if (image.windows() == 0) continue;
    // Windows get it into their first output, their last, or both.
    image.x[image.x.size() / 2] = std::numeric_limits<float>::quiet_NaN();
    image.prepare();
    const Peaks peaks(image);
    pooled_convolution_forward(peaks.values.data(), peaks.argmax.data(), image.rows(),
                               image.directions.data(), nullptr);
    std::vector<double> expected(peaks.values.values().size());
    std::vector<std::uint8_t> argmax(expected.size());
    reference::maxpool_forward(expected, argmax, image.outputs, image.pool());
    const std::vector<float> actual = peaks.values.values();
    for (std::size_t i = 0; i < actual.size(); ++i) {
      if (image.directions[i % image.directions.size()] == 0) continue;
      ASSERT_EQ(std::isnan(actual[i]), std::isnan(expected[i])) << reproduction(describe(c));
    }
  }
}

TEST_P(PooledConvolutionTest, GradientsAreAsTheReference) {
  constexpr double kEps = 1e-5;
  for (const Case& c : cases()) {
    const Image image(c);
    const Table outputs = image.table();
    const reference::Statistics statistics = reference::batch_statistics(outputs);
    const auto gamma = normal_values(c.shape.out_channels, 7, 1, 0.2);
    const auto dpeaks = normal_values(image.windows() * c.shape.out_channels, 8);
    std::vector<std::uint8_t> argmax(dpeaks.size());
    for (std::size_t i = 0; i < argmax.size(); ++i) {
      argmax[i] = static_cast<std::uint8_t>(i * 7 % static_cast<std::size_t>(c.window * c.window));
    }
    Table dy(image.positions(), c.shape.out_channels);
    if (image.windows() > 0) {
      reference::maxpool_backward(dy.values, to_double(dpeaks), argmax, image.pool());
    }
    const auto expected =
        reference::batch_norm_backward_train(dy, outputs, statistics, to_double(gamma), kEps);
    std::vector<double> dz = expected.dx.values;
    for (std::size_t i = 0; c.relu && i < dz.size(); ++i) {
      if (image.outputs[i] <= 0) dz[i] = 0;
    }

    const auto to_float = [](const PerChannel& values, double factor) {
      std::vector<float> all;
      for (const double value : values) all.push_back(static_cast<float>(value * factor));
      return all;
    };
    const auto mean = to_float(statistics.mean, 1);
    const auto inv_std = to_float(statistics.inv_std(kEps), 1);
    std::vector<float> scale;
    for (std::size_t i = 0; i < gamma.size(); ++i) scale.push_back(gamma[i] * inv_std[i]);
    const double share = 1 / static_cast<double>(image.positions());
    const auto dbeta_mean = to_float(expected.dbeta, share);
    const auto dgamma_mean = to_float(expected.dgamma, share);
    const Guarded<float> actual(image.positions(), c.shape.out_channels);
    pooled_convolution_backward(actual.matrix(), image.rows(), dpeaks.data(), argmax.data(),
                                {.mean = mean.data(),
                                 .inv_std = inv_std.data(),
                                 .scale = scale.data(),
                                 .dbeta_mean = dbeta_mean.data(),
                                 .dgamma_mean = dgamma_mean.data()});
    expect_close<float>(actual.values(), dz,
                        {2e-5, 2e-5, "outputs of up to 36 products, times scales of size 1"},
                        describe(c));
    actual.expect_intact(describe(c));
  }
}

}  // namespace
}  // namespace normlab::kernels
