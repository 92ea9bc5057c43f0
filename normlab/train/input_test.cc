#include "normlab/train/input.h"

#include <vector>

#include <gtest/gtest.h>

#include "normlab/base/moments.h"
#include "normlab/train/test_data.h"

namespace normlab {
namespace {

std::vector<float> scaled(InputScale scale, const Dataset& data,
                          const std::vector<std::uint32_t>& images) {
  std::vector<float> out(images.size() * static_cast<std::size_t>(data.image_size()));
  std::vector<Label> labels(images.size());
  InputScaler(scale, data, images)
      .gather({out.data(), static_cast<std::int64_t>(images.size()), data.image_size(),
               data.image_size()},
              labels, data.train, images);
  for (std::size_t i = 0; i < images.size(); ++i)
    EXPECT_EQ(labels[i], data.train.labels[images[i]]);
  return out;
}

TEST(InputScaler, MapsBytesToItsRange) {
  Dataset data = make_test_data(6, 3);
  data.train.pixels[0] = 0;
  data.train.pixels[1] = 255;
  EXPECT_FLOAT_EQ(scaled(InputScale::minus_one_to_one, data, {0})[0], -1);
  EXPECT_FLOAT_EQ(scaled(InputScale::minus_one_to_one, data, {0})[1], 1);
  EXPECT_FLOAT_EQ(scaled(InputScale::zero_to_one, data, {0})[0], 0);
  EXPECT_FLOAT_EQ(scaled(InputScale::zero_to_one, data, {0})[1], 1);
}

TEST(InputScaler, StandardizesEachChannel) {
  const Dataset data = make_test_data(50, 3, 3);
  std::vector<std::uint32_t> images{3, 1, 4, 15, 9, 26, 5, 35};
  const std::vector<float> out = scaled(InputScale::standardize, data, images);
  for (std::size_t channel = 0; channel < 3; ++channel) {
    std::vector<double> values;
    for (std::size_t i = channel; i < out.size(); i += 3) values.push_back(out[i]);
    const Moments moments = moments_of(values);
    EXPECT_NEAR(moments.mean, 0, 1e-6);
    EXPECT_NEAR(moments.biased_variance(), 1, 1e-5);
  }
}

TEST(InputScaler, AConstantChannelBecomesZero) {
  Dataset data = make_test_data(6, 3);
  std::fill(data.train.pixels.begin(), data.train.pixels.end(), std::uint8_t{200});
  for (const float value : scaled(InputScale::standardize, data, {0, 1})) EXPECT_EQ(value, 0);
}

}  // namespace
}  // namespace normlab
