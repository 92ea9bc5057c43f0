#include "normlab/data/known_sets.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace normlab {
namespace {

using testing::ElementsAre;
using testing::MatchesRegex;

TEST(KnownSets, AreFoundByName) {
  EXPECT_THAT(dataset_names(),
              ElementsAre("glyphs", "mnist", "fashion-mnist", "cifar10", "cifar100"));
  EXPECT_EQ(find_known_set("cifar10")->name, "cifar10");
  EXPECT_EQ(find_known_set("glyphs"), nullptr) << "is drawn, not published";
}

TEST(KnownSets, AreCompletelyDescribed) {
  for (const KnownSet& set : known_sets()) {
    SCOPED_TRACE(set.name);
    EXPECT_GE(set.mirrors.size(), 2u);
    for (const std::string& mirror : set.mirrors) EXPECT_THAT(mirror, MatchesRegex("https?://.*/"));
    for (const auto& files : {set.contents, set.downloads}) {
      EXPECT_FALSE(files.empty());
      for (const KnownFile& file : files) {
        EXPECT_GT(file.bytes, 0u);
        EXPECT_THAT(file.sha256, MatchesRegex("[0-9a-f]{64}")) << file.name;
      }
    }
    const std::set<std::string> classes(set.class_names.begin(), set.class_names.end());
    EXPECT_EQ(classes.size(), set.name == "cifar100" ? 100u : 10u) << "all different";
  }
}

}  // namespace
}  // namespace normlab
