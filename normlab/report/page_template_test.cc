#include "normlab/report/page_template.h"

#include <gtest/gtest.h>

namespace normlab {
namespace {

TEST(PageTemplate, HoldsThePlaceholderOnce) {
  const std::string_view page = report_page_template();
  const std::size_t first = page.find(kReportPlaceholder);
  ASSERT_NE(first, std::string_view::npos);
  EXPECT_EQ(page.find(kReportPlaceholder, first + 1), std::string_view::npos);
  EXPECT_TRUE(
      page.substr(0, first).ends_with("<script type=\"application/json\" id=\"report-document\">"));
}

TEST(PageTemplate, IsAWholePageThatMayLoadNothing) {
  const std::string_view page = report_page_template();
  EXPECT_TRUE(page.starts_with("<!DOCTYPE html>"));
  EXPECT_TRUE(page.ends_with("</html>\n"));
  EXPECT_NE(page.find("default-src 'none'; script-src 'sha256-"), std::string_view::npos);
  EXPECT_LT(page.size(), 1'500'000U);
}

}  // namespace
}  // namespace normlab
