#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "normlab/data/image_array.h"

/// NumPy's format of one array: a header that says type, order and shape, then the values.
/// Described at https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html. Every
/// function throws RequestError, naming `source`.
namespace normlab {

struct NpyHeader {
  std::string type;            ///< as NumPy writes it, "|u1"
  bool fortran_order = false;  ///< the first index moves fastest
  std::vector<std::uint64_t> shape;
  std::size_t bytes = 0;  ///< of the header itself

  std::string shape_text() const;  ///< "(60000, 28, 28)"
};

/// From a file's first bytes. Strict: three keys, each once, and nothing that NumPy does not write.
NpyHeader parse_npy_header(std::span<const std::byte> head, std::string_view source);

/// How many bytes the whole file has, at most kMaxFileBytes.
std::size_t npy_file_size(std::span<const std::byte> head, std::string_view source);

/// Bytes of shape (count, height, width), (count, height, width, channels) or (count, values).
ImageArray parse_npy_images(std::span<const std::byte> bytes, std::string_view source);

/// Integers of any width and byte order, of shape (count,) or (count, 1).
std::vector<Label> parse_npy_labels(std::span<const std::byte> bytes, std::string_view source);

}  // namespace normlab
