#include "normlab/kernels/transpose.h"

#include <gtest/gtest.h>

#include "normlab/kernels/kernel_test.h"

namespace normlab::kernels {
namespace {

TEST(Transpose, TurnsEveryElementAndTouchesNothingElse) {
  for (const std::int64_t rows : {1, 2, 3, 4, 5, 7, 8, 16, 33}) {
    for (const std::int64_t channels : {1, 3, 4, 6, 8, 9, 48}) {
      const std::string test_case = fmt::format("{}x{}", rows, channels);
      const std::vector<float> values = normal_values(rows * channels, 1);
      const Guarded<float> x(rows, channels, channels + 3, 1, values);
      const Guarded<float> y(channels, rows, rows + 5, 2);
      transpose(y.matrix(), x.matrix());
      y.expect_intact(test_case);
      for (std::int64_t r = 0; r < rows; ++r) {
        for (std::int64_t c = 0; c < channels; ++c) {
          ASSERT_EQ(y.matrix().row(c)[r], x.matrix().row(r)[c]) << reproduction(test_case);
        }
      }
    }
  }
}

}  // namespace
}  // namespace normlab::kernels
