#include "normlab/lab/model_labels.h"

#include <gmock/gmock.h>

namespace normlab {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

std::vector<std::string> labels(const std::vector<std::string>& models) {
  return model_labels(models);
}

TEST(ModelLabels, AreTheModelsNames) {
  EXPECT_THAT(labels({"mlp-128-64", "nets/wide.toml", "flatten, linear 10"}),
              ElementsAre("mlp-128-64", "wide", StartsWith("layers-")));
}

TEST(ModelLabels, FilesThatAreCalledAlikeHaveTheShortestDistinctPath) {
  EXPECT_THAT(labels({"a/net.toml", "b/net.toml"}), ElementsAre("a/net", "b/net"));
  EXPECT_THAT(labels({"x/a/net.toml", "y/a/net.toml", "other.toml"}),
              ElementsAre("x/a/net", "y/a/net", "other"));
  EXPECT_THAT(labels({"x/a/net.toml", "y/a/net.toml", "z/b/net.toml"}),
              ElementsAre("x/a/net", "y/a/net", "b/net"));
  EXPECT_THAT(labels({"/srv/a/net.toml", "/home/a/net.toml"}),
              ElementsAre("srv/a/net", "home/a/net"));
}

TEST(ModelLabels, WhatIsWrittenTellsTheRestApart) {
  EXPECT_THAT(labels({"net", "net.toml"}), ElementsAre("net", "net.toml"));
  EXPECT_THAT(labels({"net.toml", "./net.toml"}), ElementsAre("net.toml", "./net"));
  EXPECT_THAT(labels({"net.toml", "a/net.toml"}), ElementsAre("net.toml", "a/net"));
}

}  // namespace
}  // namespace normlab
