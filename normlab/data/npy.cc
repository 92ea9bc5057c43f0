#include "normlab/data/npy.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

#include <fmt/ranges.h>

#include "normlab/base/error.h"
#include "normlab/data/limits.h"

namespace normlab {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kMagic = "\x93NUMPY"sv;
constexpr std::size_t kMaxDimensions = 4;

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Reads a header's dictionary: {'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }
class Dictionary {
 public:
  explicit Dictionary(std::string_view text) : rest_(text) {}

  /// False when it is not such a dictionary.
  bool read(NpyHeader& header) {
    bool has_type = false;
    bool has_order = false;
    bool has_shape = false;
    if (!take("{")) return false;
    while (!take("}")) {
      const auto key = word();
      if (!key || !take(":")) return false;
      if (*key == "descr" && !std::exchange(has_type, true)) {
        const auto type = word();
        if (!type) return false;
        header.type = *type;
      } else if (*key == "fortran_order" && !std::exchange(has_order, true)) {
        header.fortran_order = take("True");
        if (!header.fortran_order && !take("False")) return false;
      } else if (*key == "shape" && !std::exchange(has_shape, true)) {
        if (!read_shape(header.shape)) return false;
      } else {
        return false;
      }
      if (!take(",") && !rest_.starts_with('}')) return false;
    }
    skip_spaces();
    return has_type && has_order && has_shape && rest_ == "\n";
  }

 private:
  void skip_spaces() { rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size())); }

  bool take(std::string_view token) {
    skip_spaces();
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    skip_spaces();
    return true;
  }

  std::optional<std::string> word() {
    if (!take("'")) return std::nullopt;
    const std::size_t end = rest_.find('\'');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string found(rest_.substr(0, end));
    rest_.remove_prefix(end + 1);
    return found;
  }

  bool read_shape(std::vector<std::uint64_t>& shape) {
    if (!take("(")) return false;
    while (!take(")")) {
      std::uint64_t size = 0;
      const auto [end, failure] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), size);
      if (failure != std::errc() || shape.size() == kMaxDimensions) return false;
      rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
      shape.push_back(size);
      if (!take(",") && !rest_.starts_with(')')) return false;
    }
    return true;
  }

  std::string_view rest_;
};

/// The header's text, between its length and the values.
std::string_view header_text(std::span<const std::byte> head, std::string_view source) {
  const std::string_view text = as_text(head);
  if (!text.starts_with(kMagic)) fail("{}: is no NumPy array (.npy)", source);
  if (text.size() < 12) fail("{}: cut short in the header of a NumPy array", source);
  const int version = text[6];
  if (version < 1 || version > 3) {
    fail("{}: NumPy's format in version {}; 1 to 3 are read", source, version);
  }
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  std::uint32_t length = 0;
  std::memcpy(&length, text.data() + 8, length_bytes);  // little-endian, as all machines we run on
  const std::size_t start = 8 + length_bytes;
  if (length > text.size() - start) {
    fail("{}: a NumPy array with a header of {} bytes: cut short, or of a type that is not read",
         source, length);
  }
  return text.substr(start, length);
}

/// "|u1" is {'|', 'u', 1}; nothing for structured and other types.
struct Type {
  char order;
  char kind;
  std::size_t bytes;
};
std::optional<Type> parse_type(const std::string& type) {
  if (type.size() != 3 || "<>|"sv.find(type[0]) == std::string_view::npos) return std::nullopt;
  const char size = type[2];
  if (size != '1' && size != '2' && size != '4' && size != '8') return std::nullopt;
  if ((type[0] == '|') != (size == '1')) return std::nullopt;
  if ("biuf"sv.find(type[1]) == std::string_view::npos) return std::nullopt;
  return Type{type[0], type[1], static_cast<std::size_t>(size - '0')};
}

Type checked_type(const NpyHeader& header, std::string_view source) {
  if (const auto type = parse_type(header.type)) return *type;
  fail("{}: holds values of NumPy's type '{}'; images are '|u1' (bytes 0..255), labels integers",
       source, header.type);
}

/// All values, after all checks but those of type and shape.
std::span<const std::byte> checked_values(std::span<const std::byte> bytes, const NpyHeader& header,
                                          std::string_view source) {
  const std::size_t expected = npy_file_size(bytes, source);
  if (bytes.size() != expected) {
    fail("{}: {} of the {} bytes of an array of shape {} and type '{}': {}", source, bytes.size(),
         expected, header.shape_text(), header.type,
         bytes.size() < expected ? "the file is cut short" : "there is more than the array");
  }
  if (header.fortran_order && header.shape.size() > 1) {
    fail("{}: the array is in Fortran order; in Python: numpy.ascontiguousarray(x)", source);
  }
  return bytes.subspan(header.bytes);
}

std::int64_t integer_at(std::span<const std::byte> values, std::size_t index, const Type& type) {
  std::uint64_t raw = 0;
  for (std::size_t i = 0; i < type.bytes; ++i) {
    const std::size_t byte = type.order == '>' ? i : type.bytes - 1 - i;
    raw = raw << 8 | std::to_integer<std::uint64_t>(values[index * type.bytes + byte]);
  }
  const std::size_t unused = 64 - 8 * type.bytes;
  const auto shifted = static_cast<std::int64_t>(raw << unused);
  if (type.kind == 'i') return shifted >> unused;
  // Beyond 2^63 a label is too large anyway.
  return raw > INT64_MAX ? INT64_MAX : static_cast<std::int64_t>(raw);
}

void check_bytes(const NpyHeader& header, std::string_view source) {
  const Type type = checked_type(header, source);
  if (type.kind == 'u' && type.bytes == 1) return;
  fail("{}: holds '{}'; images are '|u1', bytes 0..255; in Python: {}", source, header.type,
       type.kind == 'f' ? "(255 * x).round().astype('uint8') of values in 0..1, x.astype('uint8') "
                          "of values in 0..255"
                        : "x.astype('uint8')");
}

/// Height, width and channels of images of three or four dimensions.
ImageArray image_shape(const NpyHeader& header, std::string_view source) {
  const auto& shape = header.shape;
  const std::uint64_t channels = shape.size() == 4 ? shape[3] : 1;
  if (shape.size() == 4 && channels > kMaxChannels && shape[1] <= kMaxChannels) {
    fail("{}: shape {}: the channels come first; in Python: x.transpose(0, 2, 3, 1)", source,
         header.shape_text());
  }
  if (std::max(shape[1], shape[2]) > kMaxSide || channels > kMaxChannels) {
    fail("{}: shape {}: each side of an image must be 1..{}, its channels 1..{}", source,
         header.shape_text(), kMaxSide, kMaxChannels);
  }
  return {static_cast<std::int32_t>(shape[1]),
          static_cast<std::int32_t>(shape[2]),
          static_cast<std::int32_t>(channels),
          {}};
}

}  // namespace

std::string NpyHeader::shape_text() const {
  return fmt::format("({}{})", fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
}

NpyHeader parse_npy_header(std::span<const std::byte> head, std::string_view source) {
  const std::string_view text = header_text(head, source);
  NpyHeader header;
  header.bytes = static_cast<std::size_t>(text.data() + text.size() - as_text(head).data());
  if (!Dictionary(text).read(header)) {
    fail("{}: a NumPy array whose header is damaged or of a type that is not read: {}", source,
         text.substr(0, text.find_last_not_of(" \n") + 1));
  }
  return header;
}

std::size_t npy_file_size(std::span<const std::byte> head, std::string_view source) {
  const NpyHeader header = parse_npy_header(head, source);
  std::uint64_t bytes = checked_type(header, source).bytes;
  for (const std::uint64_t size : header.shape) {
    if (size == 0) fail("{}: holds no values: shape {}", source, header.shape_text());
    bytes = size > kMaxFileBytes ? kMaxFileBytes + 1 : std::min(bytes * size, kMaxFileBytes + 1);
  }
  if (bytes > kMaxFileBytes) {
    fail("{}: its header promises shape {} of '{}'; at most {} bytes are read", source,
         header.shape_text(), header.type, kMaxFileBytes);
  }
  return header.bytes + bytes;
}

ImageArray parse_npy_images(std::span<const std::byte> bytes, std::string_view source) {
  const NpyHeader header = parse_npy_header(bytes, source);
  check_bytes(header, source);
  if (header.shape.size() < 2) {
    fail(
        "{}: shape {}; images are (count, height, width), (count, height, width, channels) or "
        "(count, values)",
        source, header.shape_text());
  }
  const auto values = checked_values(bytes, header, source);
  const auto* first = reinterpret_cast<const std::uint8_t*>(values.data());
  ImageBytes pixels(first, first + values.size());
  if (header.shape.size() == 2) {
    return images_of_rows(static_cast<std::int32_t>(header.shape[1]), std::move(pixels));
  }
  ImageArray images = image_shape(header, source);
  images.pixels = std::move(pixels);
  return images;
}

std::vector<Label> parse_npy_labels(std::span<const std::byte> bytes, std::string_view source) {
  const NpyHeader header = parse_npy_header(bytes, source);
  const Type type = checked_type(header, source);
  const bool is_column = header.shape.size() == 2 && header.shape[1] == 1;
  if ((type.kind != 'i' && type.kind != 'u') || (header.shape.size() != 1 && !is_column)) {
    fail(
        "{}: holds '{}' of shape {}; labels are integers of shape (count,) or (count, 1), the "
        "number of each image's class",
        source, header.type, header.shape_text());
  }
  const auto values = checked_values(bytes, header, source);
  std::vector<Label> labels(values.size() / type.bytes);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    labels[i] = checked_label(integer_at(values, i, type), i, source);
  }
  return labels;
}

}  // namespace normlab
