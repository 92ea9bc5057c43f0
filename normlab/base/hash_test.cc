#include "normlab/base/hash.h"

#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "normlab/base/error.h"

namespace normlab {
namespace {

// FIPS 180-2, appendix B.1, and of no bytes.
constexpr const char* kSha256OfAbc =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr const char* kSha256OfNothing =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

TEST(Hash, MatchesThePublishedVectors) {
  EXPECT_EQ(sha256_hex("abc"), kSha256OfAbc);
  EXPECT_EQ(sha256_hex(""), kSha256OfNothing);
}

TEST(Hash, InPiecesIsTheHashOfTheWhole) {
  Sha256 hasher;
  hasher.update(std::as_bytes(std::span("a", 1)));
  hasher.update({});
  hasher.update(std::as_bytes(std::span("bc", 2)));
  EXPECT_EQ(hasher.hex(), kSha256OfAbc);
}

TEST(Hash, StartsAnewAfterHex) {
  Sha256 hasher;
  hasher.update(std::as_bytes(std::span("something", 9)));
  hasher.hex();
  EXPECT_EQ(hasher.hex(), kSha256OfNothing);
}

TEST(Hash, OfAFileReadsAllOfIt) {
  const auto file =
      std::filesystem::temp_directory_path() / ("normlab_hash_test_" + std::to_string(::getpid()));
  const std::string content(200'001, 'x');
  std::ofstream(file, std::ios::binary) << content;
  EXPECT_EQ(file_sha256_hex(file), sha256_hex(content));
  std::filesystem::remove(file);
  EXPECT_THROW(file_sha256_hex(file), Error);
}

}  // namespace
}  // namespace normlab
