#include "normlab/cli/fetch_progress.h"

#include <gtest/gtest.h>

namespace normlab {
namespace {

TEST(FetchProgressText, TellsSizeRateAndTimeLeft) {
  const FetchProgress progress{"file.gz", 3'000'000, 9'000'000};
  EXPECT_EQ(fetch_progress_text(progress, 1'500'000),
            "file.gz  3.0 MB of 9.0 MB  1.5 MB/s  4 s left");
  EXPECT_EQ(fetch_progress_text(progress, 0), "file.gz  3.0 MB of 9.0 MB");
}

std::string printed(bool interactive) {
  testing::internal::CaptureStderr();
  {
    FetchProgressPrinter printer(interactive);
    printer.show({"a.gz", 500, 1000});
    printer.show({"a.gz", 1000, 1000});
    printer.show({"b.gz", 2000, 2000});
  }
  return testing::internal::GetCapturedStderr();
}

TEST(FetchProgressPrinter, WritesOneLineForEachFileIntoAPipe) {
  EXPECT_EQ(printed(false), "fetching a.gz (1.0 kB)\nfetching b.gz (2.0 kB)\n");
}

TEST(FetchProgressPrinter, WritesOverTheLineOnATerminal) {
  const std::string text = printed(true);
  EXPECT_TRUE(text.starts_with("\ra.gz  500 B of 1.0 kB")) << text;
  EXPECT_NE(text.find("\ra.gz  1.0 kB of 1.0 kB"), std::string::npos) << text;
  EXPECT_NE(text.find("\n\rb.gz  2.0 kB of 2.0 kB"), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("\n")) << text;
}

}  // namespace
}  // namespace normlab
