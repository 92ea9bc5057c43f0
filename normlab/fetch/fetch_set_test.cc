#include "normlab/fetch/fetch_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "normlab/base/hash.h"
#include "normlab/data/test_files.h"
#include "normlab/fetch/fetch_test_server.h"

namespace normlab {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using namespace testing_files;
namespace fs = std::filesystem;

/// A set whose one download is the archive "cifar-10-binary.tar.gz" with other content.
class FetchSetTest : public testing::Test {
 protected:
  SetFetch fetch(fs::path folder = {}) {
    return fetch_set(set_, {std::move(folder), {}, {5, 5}, {}});
  }

  const std::string archive_ = "not really an archive";
  TemporaryFolder folder_;
  ScopedVariable no_proxy_{"no_proxy", "127.0.0.1"};
  ScopedVariable data_{"NORMLAB_DATA", (folder_ / "data").c_str()};
  ScopedVariable cache_{"XDG_CACHE_HOME", (folder_ / "cache").c_str()};
  HttpTestServer server_{[this](const HttpRequest&) { return whole_file(archive_); }};
  const KnownSet set_{
      .name = "cifar10",
      .title = "",
      .content_sha256 = "",
      .class_names = {},
      .contents = {},
      .downloads = {{"cifar-10-binary.tar.gz", archive_.size(), sha256_hex(archive_)}},
      .mirrors = {server_.url()}};
};

TEST_F(FetchSetTest, GoesToTheCache) {
  const SetFetch result = fetch();
  EXPECT_EQ(result.folder, folder_ / "cache/normlab/cifar10");
  EXPECT_EQ(result.files.downloaded, 1u);
  EXPECT_EQ(read_file(result.folder / "cifar-10-binary.tar.gz"), archive_);
}

TEST_F(FetchSetTest, GoesToTheFolderAskedFor) {
  fetch(folder_ / "there");
  EXPECT_EQ(read_file(folder_ / "there/cifar-10-binary.tar.gz"), archive_);
}

TEST_F(FetchSetTest, CompletesTheSetWhereItIs) {
  fs::create_directories(folder_ / "data/cifar10");
  write_file(folder_ / "data/cifar10/cifar-10-binary.tar.gz", "damaged");
  EXPECT_EQ(fetch().folder, folder_ / "data/cifar10");
  EXPECT_EQ(read_file(folder_ / "data/cifar10/cifar-10-binary.tar.gz"), archive_);
}

TEST_F(FetchSetTest, DoesNotHideADamagedUnpackedFile) {
  fs::create_directories(folder_ / "data/cifar10");
  for (const KnownFile& file : find_known_set("cifar10")->contents) {
    write_file(folder_ / "data/cifar10" / file.name, "damaged");
  }
  EXPECT_THAT(request_error([&] { fetch(); }), HasSubstr("data_batch_1.bin: damaged"));
  EXPECT_THAT(server_.requests(), IsEmpty());
}

TEST(FetchableSet, ExplainsWhatCannotBeFetched) {
  EXPECT_EQ(fetchable_set("mnist").name, "mnist");
  EXPECT_THAT(request_error([] { fetchable_set("glyphs"); }), HasSubstr("drawn by the program"));
  EXPECT_THAT(request_error([] { fetchable_set("mnits"); }), HasSubstr("did you mean 'mnist'?"));
}

}  // namespace
}  // namespace normlab
