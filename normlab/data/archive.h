#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

/// Files as the bytes they decode to: plain, .gz, .xz and members of .tar, .tar.gz, .tar.xz and
/// .zip. What a file is, is seen from its content, not its name. Every function throws
/// RequestError, naming the file, when it is damaged or cut short, and Error when it cannot be
/// read. The checksums of gzip, xz and zip are verified.
namespace normlab {

using Bytes = std::vector<std::byte>;

/// How many bytes a file should decode to, or may at most, judged by its first bytes (up to
/// kHeadBytes of them).
using SizeLimit = std::function<std::size_t(std::span<const std::byte> head)>;
inline constexpr std::size_t kHeadBytes = 256;

/// The decoded file; reading stops one byte after `limit`, so that a longer file is noticed and
/// never held.
Bytes read_decoded(const std::filesystem::path& file, const SizeLimit& limit);

struct ArchiveMember {
  std::string name;  ///< without its folder
  Bytes bytes;
};

enum class ArchiveFormat { tar, zip };

/// How many bytes a member may decode to, judged by its name and its first bytes.
using MemberLimit =
    std::function<std::size_t(const std::string& name, std::span<const std::byte> head)>;

/// The members of an archive whose name without its folder is one of `wanted`, in the archive's
/// order. Throws RequestError for a member above its limit; no more of it is held.
std::vector<ArchiveMember> read_members(const std::filesystem::path& file, ArchiveFormat format,
                                        std::span<const std::string> wanted,
                                        const MemberLimit& limit);

/// The names of all members, without their folders.
std::vector<std::string> member_names(const std::filesystem::path& file, ArchiveFormat format);

}  // namespace normlab
