#include "normlab/data/picture.h"

#include <algorithm>

#include "normlab/base/error.h"
#include "normlab/data/file_kind.h"
#include "normlab/data/limits.h"

namespace normlab {

void check_picture_size(std::uint64_t height, std::uint64_t width, std::string_view source) {
  if (std::min(height, width) == 0 || std::max(height, width) > kMaxSide) {
    fail("{}: a picture of {} x {} pixels; each side must be 1..{}", source, height, width,
         kMaxSide);
  }
}

ImageArray decode_picture(std::span<const std::byte> bytes, std::string_view source) {
  const FileKind kind = kind_of_content(bytes);
  if (kind == FileKind::png) return decode_png(bytes, source);
  if (kind == FileKind::jpeg) return decode_jpeg(bytes, source);
  fail("{}: {}; expected a PNG or JPEG picture", source, describe(kind));
}

}  // namespace normlab
