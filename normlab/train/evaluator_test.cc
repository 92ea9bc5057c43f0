#include "normlab/train/evaluator.h"

#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "normlab/base/thread_pool.h"
#include "normlab/train/test_data.h"

namespace normlab {
namespace {

constexpr std::int64_t kImages = 20;

/// Row by row from right to left.
Dataset mirrored(Dataset data) {
  const auto channels = static_cast<std::size_t>(data.channels);
  const auto width = static_cast<std::size_t>(data.width);
  const ImageBytes seen = data.test.pixels;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const std::size_t x = i / channels % width;
    const std::size_t turned = i + (width - 1 - x) * channels - x * channels;
    data.test.pixels[i] = seen[turned];
  }
  return data;
}

std::vector<float> logits_of(const Dataset& data, bool flip, int threads = 1) {
  std::vector<std::uint32_t> images(kImages);
  std::iota(images.begin(), images.end(), 0u);
  const InputScaler scaler(InputScale::zero_to_one, data, std::vector{0u});
  ThreadPool team(threads);
  Network network(parse_model_text("conv 4 3x3, norm, relu, dropout 0.5, flatten, linear 3"),
                  {6, 6, 3}, {}, {.max_examples = kImages}, team);
  network.initialize({}, 1);
  Optimizer optimizer({}, network.parameters());
  TrainStep step(data, scaler, network, optimizer, kImages, 0);
  Evaluator evaluator(step, kImages, 3, flip);
  const ConstMatrix logits = evaluator.logits(data.test, images, 5);
  EXPECT_EQ(step.labels()[4], data.test.labels[4]);
  EXPECT_EQ(logits.rows, kImages);
  std::vector<float> values;
  for (std::int64_t r = 0; r < logits.rows; ++r)
    values.insert(values.end(), logits.row(r), logits.row(r) + logits.channels);
  return values;
}

TEST(Evaluator, AveragesTheLogitsOfAnImageAndItsMirrorImage) {
  const Dataset data = make_test_data(3, kImages, 3);
  const std::vector<float> plain = logits_of(data, false);
  const std::vector<float> turned = logits_of(mirrored(data), false);
  const std::vector<float> both = logits_of(data, true);
  ASSERT_EQ(both.size(), plain.size());
  ASSERT_NE(plain, turned);
  for (std::size_t i = 0; i < both.size(); ++i) EXPECT_EQ(both[i], (plain[i] + turned[i]) / 2) << i;
}

TEST(Evaluator, LeftAndRightThenCountTheSame) {
  const Dataset data = make_test_data(3, kImages, 3);
  EXPECT_EQ(logits_of(data, true), logits_of(mirrored(data), true));
  EXPECT_EQ(logits_of(data, true), logits_of(data, true, 2)) << "on two threads";
}

}  // namespace
}  // namespace normlab
