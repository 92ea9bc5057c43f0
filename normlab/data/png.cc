#include <cstring>

#include <png.h>

#include "normlab/base/error.h"
#include "normlab/data/picture.h"

namespace normlab {
namespace {

/// libpng's simplified reading, which reports errors instead of jumping.
class PngReader {
 public:
  explicit PngReader(std::string_view source) : source_(source) {
    image_.version = PNG_IMAGE_VERSION;
  }
  ~PngReader() { png_image_free(&image_); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;

  ImageArray read(std::span<const std::byte> bytes) {
    if (png_image_begin_read_from_memory(&image_, bytes.data(), bytes.size()) == 0) fail_damaged();
    check_picture_size(image_.height, image_.width, source_);
    const bool colour = (image_.format & PNG_FORMAT_FLAG_COLOR) != 0;
    image_.format = colour ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
    ImageArray picture{static_cast<std::int32_t>(image_.height),
                       static_cast<std::int32_t>(image_.width),
                       colour ? 3 : 1,
                       {}};
    picture.pixels.resize(PNG_IMAGE_SIZE(image_));
    const png_color black{0, 0, 0};
    if (png_image_finish_read(&image_, &black, picture.pixels.data(), 0, nullptr) == 0) {
      fail_damaged();
    }
    return picture;
  }

 private:
  [[noreturn]] void fail_damaged() const {
    fail("{}: a damaged PNG picture, or cut short ({})", source_, image_.message);
  }

  std::string_view source_;
  png_image image_{};
};

}  // namespace

ImageArray decode_png(std::span<const std::byte> bytes, std::string_view source) {
  return PngReader(source).read(bytes);
}

}  // namespace normlab
