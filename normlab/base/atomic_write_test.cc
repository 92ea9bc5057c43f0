#include "normlab/base/atomic_write.h"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "normlab/base/error.h"

namespace normlab {
namespace {

class AtomicWrite : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "atomic-write-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  auto files() const { return std::distance(std::filesystem::directory_iterator(folder_), {}); }
  std::string content(const std::string& name) const {
    std::ifstream in(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void write(const std::string& name, const std::string& text) const {
    write_atomically(folder_ / name, std::as_bytes(std::span(text)));
  }

  std::filesystem::path folder_;
};

TEST_F(AtomicWrite, ReplacesTheWholeFile) {
  write("a", "a longer text");
  write("a", "short");
  EXPECT_EQ(content("a"), "short");
  EXPECT_EQ(files(), 1);
}

TEST_F(AtomicWrite, AFullDiskKeepsTheOldFileAndLeavesNoOther) {
  write("a", "old");
  // A limit on the size of files stands in for the full disk: both make write() stop halfway and
  // then fail.
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small{4096, before.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  std::string error;
  try {
    write("a", std::string(10'000, 'x'));
  } catch (const Error& e) {
    error = e.what();
  }
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);

  EXPECT_THAT(error, testing::HasSubstr("a: cannot be written: File too large"));
  EXPECT_EQ(content("a"), "old");
  EXPECT_EQ(files(), 1);
}

TEST_F(AtomicWrite, WritersOfOneFileDoNotMix) {
  std::vector<std::thread> writers;
  for (const char letter : {'a', 'b', 'c'}) {
    writers.emplace_back([this, letter] {
      for (int i = 0; i < 20; ++i) write("shared", std::string(50'000, letter));
    });
  }
  for (std::thread& writer : writers) writer.join();
  const std::string text = content("shared");
  EXPECT_EQ(text, std::string(50'000, text.at(0)));
  EXPECT_EQ(files(), 1);
}

}  // namespace
}  // namespace normlab
