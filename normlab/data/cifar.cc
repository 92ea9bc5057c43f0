#include "normlab/data/cifar.h"

#include "normlab/base/error.h"

namespace normlab {
namespace {

constexpr std::size_t kPlane = std::size_t{kCifarSide} * kCifarSide;
constexpr std::size_t kImage = kPlane * kCifarChannels;
constexpr std::size_t kMaxRecords = 100'000;

void planes_to_pixels(const std::byte* planes, std::uint8_t* pixels) {
  for (std::size_t i = 0; i < kPlane; ++i) {
    for (std::size_t c = 0; c < kCifarChannels; ++c) {
      pixels[i * kCifarChannels + c] = std::to_integer<std::uint8_t>(planes[c * kPlane + i]);
    }
  }
}

void check_size(std::size_t bytes, const CifarFormat& format, std::string_view source) {
  const std::size_t record = format.record_bytes();
  if (bytes == 0) fail("{}: the file is empty; expected CIFAR-{} records", source, format.classes);
  if (bytes > max_cifar_file_bytes(format)) {
    fail("{}: more than the {} CIFAR-{} records that are read from one file", source, kMaxRecords,
         format.classes);
  }
  if (bytes % record != 0) {
    fail(
        "{}: {} bytes are no whole number of CIFAR-{} records of {} bytes: the file is cut short "
        "or of another kind",
        source, bytes, format.classes, record);
  }
}

}  // namespace

std::size_t CifarFormat::record_bytes() const {
  return static_cast<std::size_t>(label_bytes) + kImage;
}

std::size_t max_cifar_file_bytes(const CifarFormat& format) {
  return kMaxRecords * format.record_bytes();
}

ImageSet parse_cifar(std::span<const std::byte> bytes, const CifarFormat& format,
                     std::string_view source) {
  check_size(bytes.size(), format, source);
  const std::size_t count = bytes.size() / format.record_bytes();
  ImageSet images{ImageBytes(count * kImage), std::vector<Label>(count)};
  for (std::size_t i = 0; i < count; ++i) {
    const std::byte* planes =
        bytes.data() + i * format.record_bytes() + static_cast<std::size_t>(format.label_bytes);
    const auto label = std::to_integer<std::uint8_t>(planes[-1]);
    if (label >= format.classes) {
      fail("{}: record {} has label {}; CIFAR-{} has 0..{}", source, i, label, format.classes,
           format.classes - 1);
    }
    images.labels[i] = label;
    planes_to_pixels(planes, images.pixels.data() + i * kImage);
  }
  return images;
}

}  // namespace normlab
