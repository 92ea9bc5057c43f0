#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "normlab/data/dataset.h"

/// The binary version of CIFAR-10 and CIFAR-100: records without a header, a label (CIFAR-100: the
/// coarse label, then the fine one) and the red, green and blue plane of a 32 x 32 image. Described
/// at https://www.cs.toronto.edu/~kriz/cifar.html.
namespace normlab {

struct CifarFormat {
  std::int32_t label_bytes = 1;
  std::int32_t classes = 10;

  std::size_t record_bytes() const;
};
inline constexpr CifarFormat kCifar10{1, 10};
inline constexpr CifarFormat kCifar100{2, 100};

inline constexpr std::int32_t kCifarSide = 32;
inline constexpr std::int32_t kCifarChannels = 3;

/// The largest file that is read: twice the records of the largest published one.
std::size_t max_cifar_file_bytes(const CifarFormat& format);

/// The images as NHWC with their (fine) labels. Throws RequestError, naming `source`, unless
/// `bytes` are 1 to 100,000 whole records with labels below `format.classes`.
ImageSet parse_cifar(std::span<const std::byte> bytes, const CifarFormat& format,
                     std::string_view source);

}  // namespace normlab
