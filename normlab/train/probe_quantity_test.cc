#include "normlab/train/probe_quantity.h"

#include <set>
#include <string_view>

#include <gtest/gtest.h>

namespace normlab {
namespace {

TEST(ProbeQuantity, EachHasANameOfItsOwnAndAPlaceInItsPicture) {
  std::set<std::string_view> pictures;
  std::set<std::string_view> names;
  for (const ProbePicture* picture : probe_pictures()) {
    EXPECT_TRUE(pictures.insert(picture->id).second) << picture->id;
    EXPECT_FALSE(picture->title.empty() || picture->caption.empty() || picture->summary.empty())
        << picture->id;
    EXPECT_FALSE(picture->quantities.empty()) << picture->id;
    std::set<std::string_view> columns;
    for (const ProbeQuantity& quantity : picture->quantities) {
      EXPECT_TRUE(names.insert(quantity.name).second) << quantity.name;
      EXPECT_TRUE(columns.insert(quantity.column).second) << quantity.name;
      EXPECT_EQ(quantity.column.empty(), picture->column_field.empty()) << quantity.name;
    }
  }
}

}  // namespace
}  // namespace normlab
