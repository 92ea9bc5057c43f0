#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "normlab/base/label.h"
#include "normlab/data/image_bytes.h"

namespace normlab {

/// Labelled images as bytes, NHWC: image i is pixels [i * image_size(), (i + 1) * image_size()).
struct ImageSet {
  ImageBytes pixels;
  std::vector<Label> labels;

  std::int64_t size() const { return static_cast<std::int64_t>(labels.size()); }
};

/// A data set in memory. Immutable once made; shared by all trials.
struct Dataset {
  std::string name;    ///< of what it is: "mnist", "glyphs"; unknown data has its folder's name
  std::string sha256;  ///< of the decoded content: train pixels, train labels, test pixels, test
                       ///< labels, in hex
  bool synthetic = false;  ///< drawn by this program; said wherever the data is shown
  std::int32_t height = 0;
  std::int32_t width = 0;
  std::int32_t channels = 0;
  std::vector<std::string> class_names;  ///< one per class; labels are < class_names.size()
  std::string found;                     ///< "IDX files, in /data/mnist"; empty for `glyphs`
  std::vector<std::string> warnings;     ///< what the user should know before believing in it
  ImageSet train;
  ImageSet test;

  std::int32_t image_size() const { return height * width * channels; }
  std::int32_t classes() const { return static_cast<std::int32_t>(class_names.size()); }
};

/// What `Dataset::sha256` holds, computed from the images and labels. A label is one byte, as it
/// was before there were more than 256 classes; in sets with a label above 255, two, the low one
/// first.
std::string content_sha256(const Dataset& data);

}  // namespace normlab
