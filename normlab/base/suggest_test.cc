#include "normlab/base/suggest.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace normlab {
namespace {

const std::vector<std::string> kKnown{"mnist", "fashion-mnist", "cifar10", "lr", "epochs", "eps"};

TEST(DidYouMean, FindsOneWrongMissingExtraOrSwappedLetter) {
  for (const char* word : {"mnisd", "mnst", "mnisst", "mnsit"}) {
    EXPECT_EQ(did_you_mean(word, kKnown), "mnist") << word;
  }
}

TEST(DidYouMean, TakesTheNearestOfSeveral) {
  EXPECT_EQ(did_you_mean("epoch", kKnown), "epochs");
  EXPECT_EQ(did_you_mean("ep", kKnown), "eps");
}

TEST(DidYouMean, IgnoresCase) {
  EXPECT_EQ(did_you_mean("CIFAR10", kKnown), "cifar10");
}

TEST(DidYouMean, ToleratesMoreInLongWords) {
  EXPECT_EQ(did_you_mean("fashion_mnits", kKnown), "fashion-mnist");
}

TEST(DidYouMean, SaysNothingWhenNothingIsNear) {
  EXPECT_EQ(did_you_mean("temperature", kKnown), "");
  EXPECT_EQ(did_you_mean("", kKnown), "");
  EXPECT_EQ(did_you_mean("x", std::vector<std::string>{"y"}), "") << "shares no letter";
  EXPECT_EQ(did_you_mean("mnist", {}), "");
}

TEST(Suggestion, IsReadyToAppend) {
  EXPECT_EQ(suggestion("mnits", kKnown), ": did you mean 'mnist'?");
  EXPECT_EQ(suggestion("temperature", kKnown), "");
}

}  // namespace
}  // namespace normlab
