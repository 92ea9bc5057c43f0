#include "normlab/train/epochs_document.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "normlab/base/error.h"

namespace normlab {
namespace {

TEST(EpochsDocument, KeepsEveryBitAndWhatIsNotFinite) {
  const std::vector<EpochRecord> epochs = {
      {1, 3, {{"loss", 1.0 / 3}, {"accuracy", 0.1}}, {{"loss", 5e-324}}, 0.7},
      {2, 6, {{"loss", std::numeric_limits<double>::infinity()}}, {{"loss", std::nan("")}}, 1e-9}};
  const std::vector<EpochRecord> read = epochs_from_document(to_document(epochs));
  ASSERT_EQ(read.size(), 2u);
  EXPECT_EQ(read[0].train, epochs[0].train);
  EXPECT_EQ(read[0].validation, epochs[0].validation);
  EXPECT_EQ(read[0].seconds, 0.7);
  EXPECT_EQ(read[1].epoch, 2);
  EXPECT_EQ(read[1].steps, 6);
  EXPECT_EQ(read[1].train, epochs[1].train);
  EXPECT_TRUE(std::isnan(read[1].validation.at("loss")));
  EXPECT_TRUE(epochs_from_document(to_document(std::vector<EpochRecord>{})).empty());
}

TEST(EpochsDocument, SaysThatItIsDamaged) {
  std::vector<std::byte> document = to_document(std::vector<EpochRecord>(1));
  document.pop_back();
  EXPECT_THROW(epochs_from_document(document), Error);
  EXPECT_THROW(epochs_from_document({}), Error);
}

}  // namespace
}  // namespace normlab
