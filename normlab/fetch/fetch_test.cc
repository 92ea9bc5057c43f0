#include "normlab/fetch/fetch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/base/error.h"
#include "normlab/base/hash.h"
#include "normlab/data/test_files.h"
#include "normlab/fetch/fetch_test_server.h"
#include "normlab/fetch/part_file.h"

namespace normlab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using namespace testing_files;
namespace fs = std::filesystem;

const std::string kContent = [] {
  std::string text;
  for (int i = 0; i < 30'000; ++i) text += std::to_string(i) + ' ';
  return text;
}();
constexpr std::size_t kHalf = 100'000;

class FetchTest : public testing::Test {
 protected:
  FetchSummary fetch(std::vector<std::string> mirrors) {
    const HttpLimits limits{.connect_seconds = 5, .stall_seconds = 1};
    return fetch_files(std::span(&file_, 1),
                       {folder_ / "set", std::move(mirrors), limits,
                        [this](const FetchProgress& progress) { progress_.push_back(progress); }});
  }

  std::string fetch_error(std::vector<std::string> mirrors) {
    try {
      fetch(std::move(mirrors));
    } catch (const Error& error) {
      return error.what();
    }
    ADD_FAILURE() << "expected an Error";
    return {};
  }

  void expect_file_in_place() {
    EXPECT_EQ(read_file(target_), kContent);
    EXPECT_FALSE(fs::exists(part_));
  }

  void expect_no_file() { EXPECT_FALSE(fs::exists(target_)); }

  void leave_part(const std::string& content) {
    fs::create_directories(folder_ / "set");
    write_file(part_, content);
  }

  TemporaryFolder folder_;
  ScopedVariable no_proxy_{"no_proxy", "127.0.0.1"};
  const KnownFile file_{"file.gz", kContent.size(), sha256_hex(kContent)};
  const fs::path target_ = folder_ / "set" / "file.gz";
  const fs::path part_ = folder_ / "set" / "file.gz.part";
  std::vector<FetchProgress> progress_;

  HttpTestServer good_{
      [](const HttpRequest& request) { return file_with_ranges(request, kContent); }};
};

TEST_F(FetchTest, DownloadsVerifiesAndReportsProgress) {
  const FetchSummary summary = fetch({good_.url()});
  EXPECT_EQ(summary.downloaded, 1u);
  expect_file_in_place();
  EXPECT_THAT(good_.requests(), SizeIs(1));
  EXPECT_EQ(good_.requests()[0].path, "/file.gz");
  ASSERT_FALSE(progress_.empty());
  EXPECT_EQ(progress_.back().received, kContent.size());
  EXPECT_EQ(progress_.back().expected, kContent.size());
  EXPECT_EQ(progress_.back().file, "file.gz");
}

TEST_F(FetchTest, ACompleteFileIsNotFetchedAgain) {
  fetch({good_.url()});
  const FetchSummary again = fetch({good_.url()});
  EXPECT_EQ(again.kept, 1u);
  EXPECT_EQ(again.downloaded, 0u);
  EXPECT_THAT(good_.requests(), SizeIs(1));
}

TEST_F(FetchTest, ADamagedFileIsReplaced) {
  fs::create_directories(folder_ / "set");
  std::string damaged = kContent;
  damaged[5] = 'x';
  write_file(target_, damaged);
  EXPECT_EQ(fetch({good_.url()}).downloaded, 1u);
  expect_file_in_place();
}

TEST_F(FetchTest, ResumesWhereAnEarlierCallStopped) {
  leave_part(kContent.substr(0, kHalf));
  fetch({good_.url()});
  expect_file_in_place();
  ASSERT_THAT(good_.requests(), SizeIs(1));
  EXPECT_EQ(good_.requests()[0].range_start, kHalf);
}

TEST_F(FetchTest, ACompletePartNeedsNoNetwork) {
  leave_part(kContent);
  fetch({refused_url()});
  expect_file_in_place();
}

TEST_F(FetchTest, APartOfAnotherFileIsThrownAway) {
  leave_part(std::string(kHalf, 'x'));
  fetch({good_.url()});
  expect_file_in_place();
  EXPECT_THAT(good_.requests(), SizeIs(2));
}

TEST_F(FetchTest, APartThatIsTooLongIsThrownAway) {
  leave_part(kContent + "more");
  fetch({good_.url()});
  expect_file_in_place();
}

TEST_F(FetchTest, StartsAnewWhenTheServerIgnoresRanges) {
  HttpTestServer plain([](const HttpRequest&) { return whole_file(kContent); });
  leave_part(kContent.substr(0, kHalf));
  fetch({plain.url()});
  expect_file_in_place();
  EXPECT_THAT(plain.requests(), SizeIs(1));
}

TEST_F(FetchTest, RefusesAnotherRangeThanTheOneAskedFor) {
  HttpTestServer confused([](const HttpRequest& request) {
    HttpReply reply = file_with_ranges(request, kContent);
    if (request.range_start) reply.headers[1] = "Content-Range: bytes 0-9/10";
    return reply;
  });
  leave_part(kContent.substr(0, kHalf));
  EXPECT_THAT(fetch_error({confused.url()}), HasSubstr("another range"));
  EXPECT_EQ(read_file(part_), kContent.substr(0, kHalf));
}

TEST_F(FetchTest, GoesOnAfterABrokenConnection) {
  HttpTestServer breaks([](const HttpRequest& request) {
    HttpReply reply = file_with_ranges(request, kContent);
    if (!request.range_start) reply.body.resize(kHalf);
    return reply;
  });
  fetch({breaks.url()});
  expect_file_in_place();
  EXPECT_THAT(breaks.requests(), SizeIs(2));
}

TEST_F(FetchTest, GoesOnOnTheNextMirrorAfterAStall) {
  HttpTestServer stalls([](const HttpRequest& request) {
    HttpReply reply = file_with_ranges(request, kContent);
    reply.body.resize(request.range_start ? 0 : kHalf);
    reply.stall = true;
    return reply;
  });
  fetch({stalls.url(), good_.url()});
  expect_file_in_place();
  ASSERT_THAT(good_.requests(), SizeIs(1));
  EXPECT_EQ(good_.requests()[0].range_start, kHalf);
}

TEST_F(FetchTest, AStallAlonePreservesWhatCame) {
  HttpTestServer stalls([](const HttpRequest& request) {
    HttpReply reply = file_with_ranges(request, kContent);
    reply.body.resize(request.range_start ? 0 : kHalf);
    reply.stall = true;
    return reply;
  });
  EXPECT_THAT(fetch_error({stalls.url()}), HasSubstr("stalled"));
  expect_no_file();
  EXPECT_EQ(read_file(part_), kContent.substr(0, kHalf));
}

TEST_F(FetchTest, AWrongFileOfTheRightLengthIsLeftForTheNextMirror) {
  HttpTestServer wrong(
      [](const HttpRequest&) { return whole_file(std::string(kContent.size(), 'x')); });
  fetch({wrong.url(), good_.url()});
  expect_file_in_place();
  EXPECT_THAT(wrong.requests(), SizeIs(1));
  EXPECT_EQ(good_.requests()[0].range_start, std::nullopt);
}

TEST_F(FetchTest, RefusesWrongLengths) {
  HttpTestServer page([](const HttpRequest&) { return whole_file("<html>sold</html>"); });
  EXPECT_THAT(fetch_error({page.url()}), HasSubstr("announces 17 bytes; expected"));
  HttpTestServer more([](const HttpRequest&) {
    return HttpReply{"200 OK", {}, kContent + std::string(100'000, 'x')};
  });
  EXPECT_THAT(fetch_error({more.url()}), HasSubstr("sends more than"));
  expect_no_file();
  EXPECT_FALSE(fs::exists(part_));
}

TEST_F(FetchTest, ALieAboutTheLengthIsNoFile) {
  HttpTestServer promises_more([](const HttpRequest&) {
    return HttpReply{"200 OK", {"Content-Length: 9999999"}, kContent};
  });
  EXPECT_THAT(fetch_error({promises_more.url()}), HasSubstr("announces 9999999 bytes"));
  HttpTestServer promises_less([](const HttpRequest&) {
    return HttpReply{"200 OK", {"Content-Length: 1000"}, kContent};
  });
  EXPECT_THAT(fetch_error({promises_less.url()}), HasSubstr("announces 1000 bytes"));
  HttpTestServer never_delivers([](const HttpRequest&) {
    HttpReply reply = whole_file(kContent);
    reply.body.clear();
    return reply;
  });
  EXPECT_THAT(fetch_error({never_delivers.url()}),
              HasSubstr(fmt::format("ends after 0 of {} bytes", kContent.size())));
  expect_no_file();
}

TEST_F(FetchTest, ATruncatedFileWithoutLengthIsNoFile) {
  HttpTestServer truncates([](const HttpRequest& request) {
    return request.range_start ? HttpReply{"503 Busy", {}, ""}
                               : HttpReply{"200 OK", {}, kContent.substr(0, kHalf)};
  });
  EXPECT_THAT(fetch_error({truncates.url()}), HasSubstr("HTTP status 503"));
  expect_no_file();
  EXPECT_EQ(read_file(part_).size(), kHalf);
}

TEST_F(FetchTest, ListsWhatEachMirrorAnswered) {
  HttpTestServer missing([](const HttpRequest&) {
    HttpReply reply = whole_file("not here");
    reply.status = "404 Not Found";
    return reply;
  });
  const std::string refused = refused_url();
  const std::string message = fetch_error({missing.url() + "deep", refused, "ftp://127.0.0.1/"});
  EXPECT_THAT(message, HasSubstr("file.gz could not be fetched:"));
  EXPECT_THAT(message, HasSubstr(missing.url() + "deep/file.gz: answers with HTTP status 404"));
  EXPECT_THAT(message, HasSubstr(refused + "file.gz: Failed to connect"));
  EXPECT_THAT(message, HasSubstr("ftp://127.0.0.1/file.gz: Protocol \"ftp\""));
  EXPECT_FALSE(fs::exists(folder_ / "set")) << "nothing came, nothing stays";
}

TEST_F(FetchTest, FollowsRedirections) {
  HttpTestServer moved([&](const HttpRequest& request) {
    return HttpReply{"302 Found", {"Location: " + good_.url() + request.path.substr(1)}, ""};
  });
  fetch({moved.url()});
  expect_file_in_place();
}

TEST_F(FetchTest, TwoProgramsDoNotWriteTheSamePart) {
  fs::create_directories(folder_ / "set");
  PartFile other(target_);
  EXPECT_THAT(fetch_error({good_.url()}), HasSubstr("another program is downloading"));
}

TEST_F(FetchTest, AFolderThatCannotBeMadeIsAFailure) {
  write_file(folder_ / "set", "a file where the folder should be");
  EXPECT_THAT(fetch_error({good_.url()}), HasSubstr("set"));
}

}  // namespace
}  // namespace normlab
