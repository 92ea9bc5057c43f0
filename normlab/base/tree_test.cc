#include "normlab/base/tree.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace normlab {
namespace {

/// Who was merged with whom, in parentheses.
std::string merged(std::size_t first, std::size_t count) {
  std::vector<std::string> pieces;
  for (std::size_t i = 0; i < count; ++i) pieces.push_back(std::to_string(first + i));
  merge_tree(static_cast<std::int64_t>(count), [&](std::int64_t into, std::int64_t from) {
    std::string& text = pieces[static_cast<std::size_t>(into)];
    text = "(" + text + " " + pieces[static_cast<std::size_t>(from)] + ")";
  });
  return pieces.empty() ? "" : pieces[0];
}

TEST(MergeTree, TakesNeighboursFirstAndEveryPieceOnce) {
  EXPECT_EQ(merged(0, 0), "");
  EXPECT_EQ(merged(0, 1), "0");
  EXPECT_EQ(merged(0, 2), "(0 1)");
  EXPECT_EQ(merged(0, 5), "(((0 1) (2 3)) 4)");
  EXPECT_EQ(merged(0, 7), "(((0 1) (2 3)) ((4 5) 6))");
}

TEST(MergeTree, AlignedRangesAreSubtrees) {
  // What another process makes of pieces 4 to 7 is what the whole tree has there.
  EXPECT_NE(merged(0, 8).find(merged(4, 4)), std::string::npos);
  EXPECT_NE(merged(0, 11).find(merged(8, 3)), std::string::npos);
}

}  // namespace
}  // namespace normlab
