#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace normlab {

enum class HashKind { sha256, md5 };

/// A hash of bytes that arrive in pieces. One thread at a time.
class Hasher {
 public:
  explicit Hasher(HashKind kind = HashKind::sha256);

  void update(std::span<const std::byte> bytes);
  /// The hash of everything so far in lower-case hex; the hasher starts anew.
  std::string hex();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  void start();

  HashKind kind_;
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

std::string sha256_hex(std::span<const std::byte> bytes);
std::string sha256_hex(std::string_view text);
/// Reads the file in pieces. Throws Error when it cannot be read.
std::string file_hash_hex(const std::filesystem::path& file, HashKind kind = HashKind::sha256);

}  // namespace normlab
