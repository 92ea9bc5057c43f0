#include "normlab/data/image_array.h"

#include <cmath>
#include <utility>

#include "normlab/base/error.h"
#include "normlab/data/limits.h"

namespace normlab {
namespace {

void check_pair(const DataPart& part) {
  if (part.images.size() == std::ssize(part.labels)) return;
  fail("{} holds {} images, but {} holds {} labels", part.image_source, part.images.size(),
       part.label_source, part.labels.size());
}

}  // namespace

std::string shape_text(const ImageArray& images) {
  const std::string sides = fmt::format("{} x {}", images.height, images.width);
  return images.channels == 1 ? sides : fmt::format("{} x {}", sides, images.channels);
}

ImageArray images_of_rows(std::int32_t values, ImageBytes pixels) {
  const auto side = static_cast<std::int32_t>(std::lround(std::sqrt(values)));
  const bool square = side * side == values;
  return {square ? side : 1, square ? side : values, 1, std::move(pixels)};
}

Label checked_label(std::int64_t value, std::size_t record, std::string_view source) {
  if (value < 0 || value >= kMaxClasses) {
    fail("{}: label {} of record {}; labels are numbers of classes, 0..{}", source, value, record,
         kMaxClasses - 1);
  }
  return static_cast<Label>(value);
}

Dataset join_parts(DataPart train, DataPart test) {
  check_pair(train);
  check_pair(test);
  const std::string train_shape = shape_text(train.images);
  const std::string test_shape = shape_text(test.images);
  if (train_shape != test_shape) {
    fail("{} holds images of {}, but {} of {}", train.image_source, train_shape, test.image_source,
         test_shape);
  }
  Dataset data;
  data.height = train.images.height;
  data.width = train.images.width;
  data.channels = train.images.channels;
  data.train = {std::move(train.images.pixels), std::move(train.labels)};
  data.test = {std::move(test.images.pixels), std::move(test.labels)};
  return data;
}

}  // namespace normlab
