#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "normlab/base/label.h"
#include "normlab/data/image_bytes.h"

/// The IDX format of MNIST and its relatives: a big-endian magic number that names the type of the
/// values and the number of dimensions, the dimensions, then the values. Described at
/// http://yann.lecun.com/exdb/mnist/.
namespace normlab {

/// Grey images, row-major: image i is pixels [i * height * width, (i + 1) * height * width).
struct IdxImages {
  std::int32_t height = 0;
  std::int32_t width = 0;
  ImageBytes pixels;

  std::int64_t size() const { return static_cast<std::int64_t>(pixels.size()) / height / width; }
};

/// Bytes that suffice to judge a file with `idx_file_size`.
inline constexpr std::size_t kIdxHeaderBytes = 16;

/// How many bytes the file that starts with `head` must have. `head` holds its first
/// kIdxHeaderBytes, or the whole file if it is shorter. All three functions throw RequestError,
/// naming `source`, for anything but a complete file of unsigned bytes with one dimension (labels)
/// or three (images) and at least one record; files above 1 GiB and images with a side above 4096
/// are refused. Memory is taken for bytes that are there, never for those a header promises.
std::size_t idx_file_size(std::span<const std::byte> head, std::string_view source);
IdxImages parse_idx_images(std::span<const std::byte> bytes, std::string_view source);
std::vector<Label> parse_idx_labels(std::span<const std::byte> bytes, std::string_view source);

}  // namespace normlab
