#include "normlab/kernels/moments.h"

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "normlab/kernels/matrix_cases.h"
#include "normlab/kernels/reference/norm.h"

namespace normlab::kernels {
namespace {

using reference::PerChannel;
using reference::Table;

std::size_t count_of(std::int64_t channels) {
  return static_cast<std::size_t>(channels);
}

class MomentsTest : public KernelTest {};
INSTANTIATE_TEST_SUITE_P(Isas, MomentsTest, every_isa(), isa_name);

TEST_P(MomentsTest, AreExactAtAnyOffset) {
  for (const MatrixCase& shape : matrix_grid()) {
    for (const double offset : {0.0, 1e4}) {
      const std::string text = fmt::format("{} offset={}", shape.text(), offset);
      Guarded<float> x = shape.array(normal_values(shape.size(), 1, offset));
      const auto expected = reference::batch_statistics(Table(x.matrix()));
      Guarded<double> mean(1, shape.channels);
      Guarded<double> m2(1, shape.channels);
      moments(mean.span(), m2.span(), x.matrix());
      PerChannel variance = m2.values();
      for (double& v : variance) v /= static_cast<double>(shape.rows);
      expect_close<double>(mean.values(), expected.mean,
                           {1e-6, 0, "float sums of deviations of about 1"}, text);
      // The promise; 128 float additions lose 128 * 6e-8 = 7.6e-6 at the very worst. Two rows may
      // be as near as 1e-3 at the offset 1e4, where float has steps of 1e-3: nothing is lost by
      // that, x itself is exact.
      expect_close<double>(variance, expected.variance, {1e-12, 1e-5, "promised at any offset"},
                           text);
      x.expect_intact(text);
      mean.expect_intact(text);
      m2.expect_intact(text);
    }
  }
}

TEST_P(MomentsTest, ConstantChannelsHaveNoVariance) {
  for (const MatrixCase& shape : matrix_grid()) {
    for (const float value : {0.1f, -1e-20f, 12345.678f, 3e30f}) {
      const std::string text = fmt::format("{} value={}", shape.text(), value);
      const Guarded<float> x = shape.array(std::vector<float>(count_of(shape.size()), value));
      PerChannel mean(count_of(shape.channels));
      PerChannel m2(count_of(shape.channels), 1);
      moments(mean, m2, x.matrix());
      ASSERT_EQ(m2, PerChannel(m2.size(), 0.0)) << reproduction(text);
      ASSERT_EQ(mean, PerChannel(mean.size(), static_cast<double>(value))) << reproduction(text);
    }
  }
}

TEST_P(MomentsTest, NonFiniteInputSpoilsItsChannelOnly) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  for (const MatrixCase& shape : matrix_grid()) {
    const std::int64_t channel = shape.channels / 2;
    const Guarded<float> x = shape.array(normal_values(shape.size(), 1));
    for (const auto& [bad, row] :
         {std::pair(std::numeric_limits<float>::quiet_NaN(), shape.rows / 2),
          std::pair(kInfinity, std::int64_t{0}), std::pair(-kInfinity, shape.rows - 1)}) {
      const std::string text = fmt::format("{} bad={} row={}", shape.text(), bad, row);
      const float good = std::exchange(x.matrix().row(row)[channel], bad);
      PerChannel mean(count_of(shape.channels));
      PerChannel m2(count_of(shape.channels));
      moments(mean, m2, x.matrix());
      for (std::int64_t c = 0; c < shape.channels; ++c) {
        ASSERT_EQ(std::isfinite(m2[count_of(c)]), c != channel) << reproduction(text);
        ASSERT_EQ(std::isfinite(mean[count_of(c)]), c != channel) << reproduction(text);
      }
      x.matrix().row(row)[channel] = good;
    }
  }
}

}  // namespace
}  // namespace normlab::kernels
