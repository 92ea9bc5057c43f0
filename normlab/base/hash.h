#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace normlab {

/// SHA-256 of bytes that arrive in pieces. One thread at a time.
class Sha256 {
 public:
  Sha256();

  void update(std::span<const std::byte> bytes);
  /// The hash of everything so far in lower-case hex; the next byte starts anew.
  std::string hex();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  void start();

  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

std::string sha256_hex(std::span<const std::byte> bytes);
std::string sha256_hex(std::string_view text);
/// Reads the file in pieces. Throws Error when it cannot be read.
std::string file_sha256_hex(const std::filesystem::path& file);

}  // namespace normlab
