#include "normlab/kernels/row_fold.h"

#include <numeric>
#include <vector>

#include <gtest/gtest.h>

namespace normlab::kernels {
namespace {

TEST(RowFoldTest, HeadAndTailAreAllRows) {
  std::vector<float> values(1003 * 10);
  const ConstMatrix matrix{values.data(), 1003, 10, 10};
  const RowFold fold(matrix);
  ASSERT_TRUE(fold.folds());
  const ConstMatrix head = fold.head(matrix);
  const ConstMatrix tail = fold.tail(matrix);
  EXPECT_EQ(head.channels, 80) << "8 rows of 10 channels: five vectors of 16";
  EXPECT_EQ(head.rows, 125);
  EXPECT_EQ(tail.rows, 3);
  EXPECT_EQ(tail.data, matrix.row(1000));
}

TEST(RowFoldTest, NeverWhereRowsHaveGapsOrAreFew) {
  std::vector<float> values(1000 * 12);
  const ConstMatrix gapless{values.data(), 1000, 10, 10};
  const ConstMatrix gaps{values.data(), 1000, 10, 12};
  EXPECT_FALSE(RowFold(gaps).folds());
  EXPECT_FALSE(RowFold(gapless, gaps).folds());
  EXPECT_FALSE(RowFold(gapless.row_range(0, 100)).folds());
  EXPECT_FALSE(RowFold(ConstMatrix{values.data(), 100, 64, 64}).folds()) << "wide enough already";
  EXPECT_FALSE(RowFold(ConstMatrix{values.data(), 0, 0, 0}).folds());
}

TEST(RowFoldTest, FoldsFitTheTile) {
  for (std::int64_t channels = 1; channels <= 2000; ++channels) {
    const ConstMatrix matrix{nullptr, 1000000, channels, channels};
    const RowFold fold(matrix);
    ASSERT_LE(fold.folds() ? fold.head(matrix).channels : 0, RowFold::kMaxChannels) << channels;
  }
}

TEST(RowFoldTest, TilesAndAddsCopies) {
  const ConstMatrix matrix{nullptr, 1000, 10, 10};
  const RowFold fold(matrix);
  std::vector<float> per_channel(10);
  std::iota(per_channel.begin(), per_channel.end(), 1.0f);
  const RowFold::Tile tile = fold.tile(per_channel.data());
  const std::vector<double> folded(tile.begin(), tile.begin() + 80);
  std::vector<double> totals(10, 0.5);
  fold.add_copies(totals, folded);
  for (std::size_t c = 0; c < 10; ++c) EXPECT_EQ(totals[c], 0.5 + 8.0 * static_cast<double>(c + 1));
}

}  // namespace
}  // namespace normlab::kernels
