#pragma once

#include <cstdint>

#include "normlab/base/philox.h"
#include "normlab/data/dataset.h"

namespace normlab {

/// A small data set for tests: 6x6 images of three classes, each bright in its own two rows, under
/// noise.
inline Dataset make_test_data(std::int64_t train, std::int64_t test, std::int32_t channels = 1) {
  Dataset data;
  data.name = "stripes";
  data.height = 6;
  data.width = 6;
  data.channels = channels;
  data.class_names = {"top", "middle", "bottom"};
  Philox random(17, Purpose::test, 0);
  for (auto [set, count] : {std::pair(&data.train, train), std::pair(&data.test, test)}) {
    for (std::int64_t i = 0; i < count; ++i) {
      const auto label = static_cast<Label>(i % 3);
      set->labels.push_back(label);
      for (std::int32_t p = 0; p < data.image_size(); ++p) {
        const bool bright = p / (6 * channels) / 2 == label;
        set->pixels.push_back(static_cast<std::uint8_t>(random.below(160) + (bright ? 70 : 0)));
      }
    }
  }
  return data;
}

}  // namespace normlab
