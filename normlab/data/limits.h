#pragma once

#include <cstddef>
#include <cstdint>

/// What is read at most, so that a damaged or hostile file costs an error message and not the
/// machine's memory.
namespace normlab {

inline constexpr std::uint32_t kMaxSide = 4096;                     ///< pixels of an image
inline constexpr std::size_t kMaxFileBytes = std::size_t{1} << 30;  ///< of a file, decoded
inline constexpr std::int32_t kMaxClasses = 1000;
inline constexpr std::int32_t kMaxChannels = 4;

}  // namespace normlab
