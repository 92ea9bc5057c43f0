#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "normlab/base/atomic_write.h"

/// The safetensors format, as Hugging Face publishes it: an 8-byte little-endian header length, a
/// JSON header padded with spaces, then the tensors' values, little-endian, without gaps. Functions
/// here are thread-safe.
namespace normlab {

/// A named array in row-major order. An empty shape is a single number.
struct Tensor {
  using Values = std::variant<std::vector<float>, std::vector<double>, std::vector<std::int64_t>>;

  std::string name;
  std::vector<std::int64_t> shape;
  Values values;

  std::int64_t size() const;
};

/// What one file holds. Names are unique; the order is that of the values in the file.
struct TensorFile {
  std::vector<Tensor> tensors;
  std::map<std::string, std::string> metadata;

  /// Null when there is none of that name.
  const Tensor* find(std::string_view name) const;
};

/// The values as floats: F32 as they are, F64 rounded. Throws RequestError for integers.
std::vector<float> to_floats(const Tensor& tensor);

/// `bytes` is a whole file, `origin` what messages call it. Values may be F32, F64, I64, or F16 and
/// BF16, which become floats. Throws
/// RequestError for anything that breaks the format: nothing in a hostile file leads further than
/// to a message.
TensorFile parse_safetensors(std::span<const std::byte> bytes, std::string_view origin);

/// Throws RequestError when there is no such file or its content is wrong, Error when reading it
/// fails.
TensorFile read_safetensors(const std::filesystem::path& path);

/// A whole file as bytes; values start at a multiple of 8, each kind at a multiple of its size.
/// Equal input gives equal bytes. Throws RequestError for a name given twice, a shape that does not
/// fit its values, text that is not UTF-8.
std::vector<std::byte> format_safetensors(const TensorFile& file);

/// Writes `file` so that `path` holds either all of it or what it held before, even if the machine
/// stops meanwhile. Throws Error when it cannot be written (folder missing, disk full, ...); then
/// nothing is left behind.
void write_safetensors(const std::filesystem::path& path, const TensorFile& file,
                       Durability durability = Durability::across_power_loss);

}  // namespace normlab
