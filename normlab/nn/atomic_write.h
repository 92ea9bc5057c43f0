#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace normlab {

/// Writes a file so that `path` holds either all of `bytes` or what it held before, even if the
/// machine stops meanwhile. The file is written under another name in the same folder, flushed to
/// the disk, and renamed. Throws Error when that fails (folder missing, disk full, ...); then
/// nothing is left behind. Thread-safe.
void write_atomically(const std::filesystem::path& path, std::span<const std::byte> bytes);

}  // namespace normlab
