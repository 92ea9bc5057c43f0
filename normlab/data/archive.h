#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

/// Files as the bytes they decode to: plain, .gz, .xz and members of .tar, .tar.gz, .tar.xz. What a
/// file is, is seen from its content, not its name. Every function throws RequestError, naming the
/// file, when it is damaged or cut short, and Error when it cannot be read. gzip's and xz's own
/// checksums are verified.
namespace normlab {

using Bytes = std::vector<std::byte>;

/// How many bytes a file should decode to, or may at most, judged by its first bytes (up to
/// kHeadBytes of them).
using SizeLimit = std::function<std::size_t(std::span<const std::byte> head)>;
inline constexpr std::size_t kHeadBytes = 64;

/// The decoded file; reading stops one byte after `limit`, so that a longer file is noticed and
/// never held.
Bytes read_decoded(const std::filesystem::path& file, const SizeLimit& limit);

struct ArchiveMember {
  std::string name;  ///< without its folder
  Bytes bytes;
};

/// The members of a tar archive whose name without its folder is one of `wanted`, in the archive's
/// order. Throws RequestError for a member above `limit` bytes.
std::vector<ArchiveMember> read_members(const std::filesystem::path& file,
                                        std::span<const std::string> wanted, std::size_t limit);

}  // namespace normlab
