#include "normlab/report/html/page.h"

#include <gmock/gmock.h>

#include "normlab/base/error.h"

namespace normlab {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kTemplate = "<script>@REPORT@</script>";

/// What stands in the script.
std::string embedded(const Json& document) {
  const std::string page = html_report(document, kTemplate);
  return page.substr(8, page.size() - 8 - 9);
}

TEST(Page, NothingInTheDocumentEndsTheScript) {
  const Json document = {{"title", "</script><!-- <b>"}};
  const std::string text = embedded(document);
  EXPECT_THAT(text, Not(HasSubstr("<")));
  EXPECT_EQ(Json::parse(text), document) << "and it reads back as it was";
}

TEST(Page, LineSeparatorsAreEscaped) {
  const Json document = {{"title", "a\xE2\x80\xA8z\xE2\x80\xA9ü"}};
  const std::string text = embedded(document);
  EXPECT_THAT(text, HasSubstr("a\\u2028z\\u2029ü"));
  EXPECT_EQ(Json::parse(text), document);
}

TEST(Page, BytesThatAreNotUtf8AreReplaced) {
  const Json read = Json::parse(embedded({{"title", "a\xFFz"}}));
  EXPECT_EQ(read["title"], "a\xEF\xBF\xBDz");
}

TEST(Page, RowsNameTheirFieldsOnce) {
  const Json rows = {{{"arm", "a"}, {"loss", 1}}, {{"arm", "b"}, {"low", 2}}};
  const Json read = Json::parse(embedded({{"datasets", {{"d", rows}, {"none", Json::array()}}}}));
  EXPECT_EQ(read["datasets"]["d"]["fields"], (Json{"arm", "loss", "low"}));
  EXPECT_EQ(read["datasets"]["d"]["rows"],
            Json::array({Json::array({"a", 1, nullptr}), Json::array({"b", nullptr, 2})}));
  EXPECT_EQ(read["datasets"]["none"]["rows"], Json::array());
}

TEST(Page, ThePlaceIsFilledOnceWhateverTheDocumentHolds) {
  const Json document = {{"title", "@REPORT@ $& \\1"}};
  EXPECT_EQ(Json::parse(embedded(document)), document);
}

TEST(Page, RefusesATemplateWithoutOnePlace) {
  EXPECT_THROW(html_report({}, "<script></script>"), Error);
  EXPECT_THROW(html_report({}, "@REPORT@@REPORT@"), Error);
}

}  // namespace
}  // namespace normlab
