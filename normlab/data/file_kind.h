#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace normlab {

/// What a file holds, gzip and xz undone.
enum class FileKind : std::uint8_t {
  unknown,
  empty,
  text,
  idx,
  zip,  ///< an .npz is one
  npy,
  tar,
  png,
  jpeg,
  other_picture,
  pickle,
  hdf5,
  parquet,
  matlab,
  html,
};

/// Bytes that suffice to judge a file: a tar archive says what it is at byte 257.
inline constexpr std::size_t kKindBytes = 512;

/// By the first bytes, kKindBytes of them or all; an unnamed kind is `unknown`.
FileKind kind_of_content(std::span<const std::byte> head);

/// By the first bytes in the file. `unknown` when they cannot be read or decoded: who reads the
/// file will say why.
FileKind kind_of_file(const std::filesystem::path& file);

/// "a Parquet file".
std::string_view describe(FileKind kind);

/// What to do with a file that is not read, as a sentence; empty where there is nothing to say.
std::string way_on(FileKind kind);

}  // namespace normlab
