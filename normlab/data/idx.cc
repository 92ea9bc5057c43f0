#include "normlab/data/idx.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include <fmt/ranges.h>

#include "normlab/base/error.h"
#include "normlab/data/file_kind.h"
#include "normlab/data/limits.h"

namespace normlab {
namespace {

struct ValueType {
  std::uint8_t code;
  std::size_t bytes;
  bool integer;
  std::string_view words;
};
constexpr std::uint8_t kUnsignedByte = 0x08;
constexpr std::array kValueTypes{
    ValueType{kUnsignedByte, 1, true, "bytes"},  ValueType{0x09, 1, true, "signed bytes"},
    ValueType{0x0b, 2, true, "16-bit integers"}, ValueType{0x0c, 4, true, "32-bit integers"},
    ValueType{0x0d, 4, false, "32-bit floats"},  ValueType{0x0e, 8, false, "64-bit floats"}};

constexpr std::size_t kMaxRank = 3;

struct Header {
  ValueType type{};
  std::vector<std::uint64_t> shape;
  std::uint64_t file_bytes = 0;

  std::size_t bytes() const { return 4 + 4 * shape.size(); }
  /// "32-bit floats in 2 dimensions, 10 x 4"
  std::string text() const {
    return fmt::format("{} in {} dimension{}, {}", type.words, shape.size(),
                       shape.size() == 1 ? "" : "s", fmt::join(shape, " x "));
  }
};

constexpr std::string_view kWhatIsRead =
    "images are bytes in 3 dimensions (count, height, width), labels integers in 1";

std::uint32_t big_endian(std::span<const std::byte> bytes) {
  std::uint32_t value = 0;
  for (const std::byte byte : bytes) value = value << 8 | std::to_integer<std::uint32_t>(byte);
  return value;
}

ValueType parse_type(std::span<const std::byte> head, std::string_view source) {
  const auto found =
      std::ranges::find(kValueTypes, std::to_integer<std::uint8_t>(head[2]), &ValueType::code);
  const bool is_idx = head[0] == std::byte{0} && head[1] == std::byte{0};
  if (is_idx && found != kValueTypes.end()) return *found;
  const FileKind kind = kind_of_content(head);
  fail(
      "{}: is no IDX file: it starts with {:08x}{}; IDX images start with 00000803, labels with "
      "00000801",
      source, big_endian(head.first(4)),
      kind == FileKind::unknown ? "" : fmt::format(" ({})", describe(kind)));
}

Header parse_header(std::span<const std::byte> head, std::string_view source) {
  if (head.empty()) fail("{}: the file is empty; expected an IDX file", source);
  if (head.size() < 8) {
    fail("{}: only {} bytes; an IDX header has at least 8", source, head.size());
  }
  Header header{parse_type(head, source), {}, 0};
  const auto rank = std::to_integer<std::size_t>(head[3]);
  if (rank == 0 || rank > kMaxRank) {
    fail("{}: holds {} in {} dimensions; {}", source, header.type.words, rank, kWhatIsRead);
  }
  if (head.size() < 4 + 4 * rank) {
    fail("{}: only {} bytes; an IDX header of {} dimensions has {}", source, head.size(), rank,
         4 + 4 * rank);
  }
  std::uint64_t values = 1;
  for (std::size_t i = 0; i < rank; ++i) {
    header.shape.push_back(big_endian(head.subspan(4 + 4 * i, 4)));
    // Stays below 2^62, as kMaxFileBytes is 2^30 and a dimension below 2^32.
    values = std::min<std::uint64_t>(values * header.shape.back(), kMaxFileBytes + 1);
  }
  if (values == 0) fail("{}: holds no values: {}", source, header.text());
  header.file_bytes = header.bytes() + values * header.type.bytes;
  if (header.file_bytes > kMaxFileBytes) {
    fail("{}: its header promises {}; at most {} bytes are read", source, header.text(),
         kMaxFileBytes);
  }
  return header;
}

/// The values behind the header, after all checks.
std::span<const std::byte> checked_values(std::span<const std::byte> bytes, const Header& header,
                                          std::string_view source) {
  if (bytes.size() < header.file_bytes) {
    fail("{}: {} bytes, but its header promises {} records, {} bytes: the file is cut short",
         source, bytes.size(), header.shape[0], header.file_bytes);
  }
  if (bytes.size() > header.file_bytes) {
    fail("{}: more than the {} bytes of the {} records its header promises", source,
         header.file_bytes, header.shape[0]);
  }
  return bytes.subspan(header.bytes());
}

[[noreturn]] void fail_unexpected(const Header& header, std::string_view what, bool exchanged,
                                  std::string_view source) {
  fail("{}: holds {}, but {} are expected here; {}{}", source, header.text(), what, kWhatIsRead,
       exchanged ? ". Are the files of images and labels exchanged?" : "");
}

/// Two's complement of `type`'s width.
std::int64_t value_at(std::span<const std::byte> values, std::size_t index, const ValueType& type) {
  const std::uint32_t raw = big_endian(values.subspan(index * type.bytes, type.bytes));
  if (type.bytes == 4) return static_cast<std::int32_t>(raw);
  if (type.bytes == 2) return static_cast<std::int16_t>(raw);
  if (type.code == kUnsignedByte) return raw;
  return static_cast<std::int8_t>(raw);
}

}  // namespace

std::size_t idx_file_size(std::span<const std::byte> head, std::string_view source) {
  return static_cast<std::size_t>(parse_header(head, source).file_bytes);
}

ImageArray parse_idx_images(std::span<const std::byte> bytes, std::string_view source) {
  const Header header = parse_header(bytes, source);
  if (header.shape.size() != 3 || header.type.code != kUnsignedByte) {
    fail_unexpected(header, "images", header.shape.size() == 1, source);
  }
  const std::uint64_t height = header.shape[1];
  const std::uint64_t width = header.shape[2];
  if (std::max(height, width) > kMaxSide) {
    fail("{}: images of {} x {} pixels; each side must be 1..{}", source, height, width, kMaxSide);
  }
  const auto values = checked_values(bytes, header, source);
  const auto* first = reinterpret_cast<const std::uint8_t*>(values.data());
  return {static_cast<std::int32_t>(height), static_cast<std::int32_t>(width), 1,
          ImageBytes(first, first + values.size())};
}

std::vector<Label> parse_idx_labels(std::span<const std::byte> bytes, std::string_view source) {
  const Header header = parse_header(bytes, source);
  if (header.shape.size() > 2 || !header.type.integer) {
    fail_unexpected(header, "labels", header.shape.size() == 3, source);
  }
  const auto values = checked_values(bytes, header, source);
  const std::size_t columns = header.shape.size() == 2 ? header.shape[1] : 1;
  std::vector<Label> labels(header.shape[0]);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    labels[i] = checked_label(value_at(values, i * columns, header.type), i, source);
  }
  return labels;
}

}  // namespace normlab
