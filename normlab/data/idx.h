#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "normlab/data/image_array.h"

/// The IDX format of MNIST and its relatives: a big-endian magic number that names the type of the
/// values and the number of dimensions, the dimensions, then the values. Described at
/// http://yann.lecun.com/exdb/mnist/.
namespace normlab {

/// Bytes that suffice to judge a file with `idx_file_size`.
inline constexpr std::size_t kIdxHeaderBytes = 16;

/// How many bytes the file that starts with `head` must have. `head` holds its first
/// kIdxHeaderBytes, or the whole file if it is shorter. All three functions throw RequestError,
/// naming `source`, for anything but a complete file within the limits of limits.h, with at least
/// one record. Memory is taken for bytes that are there, never for those a header promises.
std::size_t idx_file_size(std::span<const std::byte> head, std::string_view source);

/// Grey images: unsigned bytes in three dimensions.
ImageArray parse_idx_images(std::span<const std::byte> bytes, std::string_view source);

/// Bytes, or 16 or 32-bit integers, in one dimension or two; of two, the first of each row is the
/// class (QMNIST puts the writer and more behind it).
std::vector<Label> parse_idx_labels(std::span<const std::byte> bytes, std::string_view source);

}  // namespace normlab
