#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace normlab {

/// `across_power_loss` waits for the disk; `across_kill` does not, so that after a power loss (not
/// after the death of the program) the file may be damaged or missing.
enum class Durability { across_power_loss, across_kill };

/// Writes a file so that `path` holds either all of `bytes` or what it held before, even if the
/// machine stops meanwhile. The file is written under another name in the same folder, flushed to
/// the disk, and renamed. Throws Error when that fails (folder missing, disk full, ...); then
/// nothing is left behind. Thread-safe.
void write_atomically(const std::filesystem::path& path, std::span<const std::byte> bytes,
                      Durability durability = Durability::across_power_loss);

}  // namespace normlab
