#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "normlab/base/label.h"
#include "normlab/data/dataset.h"

namespace normlab {

/// Images as a file holds them, NHWC like those of ImageSet.
struct ImageArray {
  std::int32_t height = 0;
  std::int32_t width = 0;
  std::int32_t channels = 1;
  ImageBytes pixels;

  std::int64_t size() const {
    return static_cast<std::int64_t>(pixels.size()) / height / width / channels;
  }
};

/// "28 x 28", with channels "32 x 32 x 3".
std::string shape_text(const ImageArray& images);

/// Images that came as rows of `values` numbers: a square if that can be, else one line.
ImageArray images_of_rows(std::int32_t values, ImageBytes pixels);

/// `value`, if it can be the class of an image. Throws RequestError, naming `source` and the
/// record, unless 0 <= value < kMaxClasses.
Label checked_label(std::int64_t value, std::size_t record, std::string_view source);

/// The training or the test images, and where they were read.
struct DataPart {
  ImageArray images;
  std::vector<Label> labels;
  std::string image_source;
  std::string label_source;
};

/// A data set without name, hash and class names. Throws RequestError unless each part has a label
/// for every image, and both have images of one shape.
Dataset join_parts(DataPart train, DataPart test);

}  // namespace normlab
