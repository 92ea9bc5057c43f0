#include "normlab/data/idx.h"

#include <algorithm>

#include "normlab/base/error.h"

namespace normlab {
namespace {

constexpr std::uint32_t kLabelsMagic = 0x0801;  ///< unsigned bytes, one dimension
constexpr std::uint32_t kImagesMagic = 0x0803;  ///< unsigned bytes, three dimensions
constexpr std::uint32_t kMaxSide = 4096;
constexpr std::uint64_t kMaxFileBytes = std::uint64_t{1} << 30;

struct Header {
  std::uint32_t count = 0;
  std::uint32_t height = 1;
  std::uint32_t width = 1;
  std::size_t header_bytes = 0;

  std::uint64_t file_bytes() const { return header_bytes + std::uint64_t{count} * height * width; }
};

std::uint32_t big_endian(std::span<const std::byte> bytes, std::size_t word) {
  std::uint32_t value = 0;
  for (const std::byte byte : bytes.subspan(4 * word, 4)) {
    value = value << 8 | std::to_integer<std::uint32_t>(byte);
  }
  return value;
}

std::uint32_t parse_magic(std::span<const std::byte> head, std::string_view source) {
  if (head.empty()) fail("{}: the file is empty; expected an IDX file", source);
  if (head.size() < 8) {
    fail("{}: only {} bytes; an IDX header has at least 8", source, head.size());
  }
  const std::uint32_t magic = big_endian(head, 0);
  if (magic != kLabelsMagic && magic != kImagesMagic) {
    fail("{}: starts with {:08x}; expected {:08x} (IDX images) or {:08x} (IDX labels)", source,
         magic, kImagesMagic, kLabelsMagic);
  }
  return magic;
}

Header parse_header(std::span<const std::byte> head, std::string_view source) {
  Header header;
  if (parse_magic(head, source) == kLabelsMagic) {
    header = {big_endian(head, 1), 1, 1, 8};
  } else {
    if (head.size() < kIdxHeaderBytes) {
      fail("{}: only {} bytes; the header of IDX images has {}", source, head.size(),
           kIdxHeaderBytes);
    }
    header = {big_endian(head, 1), big_endian(head, 2), big_endian(head, 3), kIdxHeaderBytes};
  }
  const auto [count, height, width, header_bytes] = header;
  if (count == 0) fail("{}: holds no records", source);
  if (std::min(height, width) == 0 || std::max(height, width) > kMaxSide) {
    fail("{}: images of {} x {} pixels; each side must be 1..{}", source, height, width, kMaxSide);
  }
  if (header.file_bytes() > kMaxFileBytes) {
    fail("{}: its header promises {} records of {} x {}, {} bytes; at most {} are read", source,
         count, height, width, header.file_bytes(), kMaxFileBytes);
  }
  return header;
}

/// The values behind the header, after all checks.
std::span<const std::byte> checked_values(std::span<const std::byte> bytes, const Header& header,
                                          std::string_view source) {
  const std::uint64_t expected = header.file_bytes();
  if (bytes.size() < expected) {
    fail("{}: {} bytes, but its header promises {} records, {} bytes: the file is cut short",
         source, bytes.size(), header.count, expected);
  }
  if (bytes.size() > expected) {
    fail("{}: more than the {} bytes of the {} records its header promises", source, expected,
         header.count);
  }
  return bytes.subspan(header.header_bytes);
}

ImageBytes copy_bytes(std::span<const std::byte> values) {
  const auto* first = reinterpret_cast<const std::uint8_t*>(values.data());
  return {first, first + values.size()};
}

void require_magic(std::span<const std::byte> bytes, std::uint32_t expected, std::string_view what,
                   std::string_view source) {
  if (parse_magic(bytes, source) != expected) {
    fail(
        "{}: starts with {:08x}; expected {:08x}, IDX {}: are the files of images and labels "
        "exchanged?",
        source, big_endian(bytes, 0), expected, what);
  }
}

}  // namespace

std::size_t idx_file_size(std::span<const std::byte> head, std::string_view source) {
  return static_cast<std::size_t>(parse_header(head, source).file_bytes());
}

IdxImages parse_idx_images(std::span<const std::byte> bytes, std::string_view source) {
  require_magic(bytes, kImagesMagic, "images", source);
  const Header header = parse_header(bytes, source);
  return {static_cast<std::int32_t>(header.height), static_cast<std::int32_t>(header.width),
          copy_bytes(checked_values(bytes, header, source))};
}

std::vector<Label> parse_idx_labels(std::span<const std::byte> bytes, std::string_view source) {
  require_magic(bytes, kLabelsMagic, "labels", source);
  const ImageBytes values = copy_bytes(checked_values(bytes, parse_header(bytes, source), source));
  return {values.begin(), values.end()};
}

}  // namespace normlab
