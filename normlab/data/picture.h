#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "normlab/data/image_array.h"

namespace normlab {

/// The picture of a PNG or JPEG file, by its content: one channel if it is grey, else red, green
/// and blue. 16 bits become 8; what is transparent is seen against black. Throws RequestError,
/// naming `source`, when it is damaged, cut short or of another kind, or has a side above kMaxSide:
/// that is seen from its header, before memory is taken for pixels.
ImageArray decode_picture(std::span<const std::byte> bytes, std::string_view source);

/// What decode_picture() is made of; `bytes` begin as a file of that kind does.
ImageArray decode_png(std::span<const std::byte> bytes, std::string_view source);
ImageArray decode_jpeg(std::span<const std::byte> bytes, std::string_view source);

/// Throws RequestError unless the sides are 1..kMaxSide.
void check_picture_size(std::uint64_t height, std::uint64_t width, std::string_view source);

}  // namespace normlab
