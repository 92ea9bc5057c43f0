#include "normlab/data/picture_folder.h"

#include <algorithm>
#include <atomic>
#include <iterator>

#include "normlab/base/error.h"
#include "normlab/base/thread_pool.h"
#include "normlab/data/archive.h"
#include "normlab/data/limits.h"
#include "normlab/data/picture.h"

namespace normlab {
namespace {

namespace fs = std::filesystem;

std::vector<ImageArray> decode_all(const std::vector<fs::path>& files) {
  std::vector<ImageArray> pictures(files.size());
  std::atomic<std::size_t> total = 0;
  ThreadPool(2).run(std::ssize(files), [&](std::int64_t i) {
    const auto index = static_cast<std::size_t>(i);
    const std::string name = files[index].string();
    const Bytes bytes = read_decoded(files[index], [](auto) { return kMaxFileBytes; });
    pictures[index] = decode_picture(bytes, name);
    if ((total += pictures[index].pixels.size()) > kMaxFileBytes) {
      fail("{}: with it the pictures have more than the {} bytes that are read", name,
           kMaxFileBytes);
    }
  });
  return pictures;
}

void require_one_size(const std::vector<ImageArray>& pictures, const std::vector<fs::path>& files) {
  const ImageArray& first = pictures.front();
  for (std::size_t i = 1; i < pictures.size(); ++i) {
    if (pictures[i].height == first.height && pictures[i].width == first.width) continue;
    fail(
        "{} is {} high and {} wide, but {} is {} and {}; all pictures must have one size: "
        "mogrify -resize '{}x{}!' brings them to it",
        files[i].string(), pictures[i].height, pictures[i].width, files.front().string(),
        first.height, first.width, first.width, first.height);
  }
}

/// A grey value becomes red, green and blue.
void append(ImageBytes& to, const ImageArray& picture, std::int32_t channels) {
  if (picture.channels == channels) {
    to.insert(to.end(), picture.pixels.begin(), picture.pixels.end());
    return;
  }
  for (const std::uint8_t value : picture.pixels) to.insert(to.end(), 3, value);
}

DataPart join(const std::vector<ImageArray>& pictures, const std::vector<fs::path>& files,
              const std::vector<std::string>& classes, std::int32_t channels) {
  DataPart part;
  part.images = {pictures.front().height, pictures.front().width, channels, {}};
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    append(part.images.pixels, pictures[i], channels);
    const std::string name = files[i].parent_path().filename().string();
    const auto label = std::ranges::find(classes, name) - classes.begin();
    part.labels.push_back(checked_label(label, i, files[i].string()));
  }
  return part;
}

}  // namespace

Dataset read_pictures(const DatasetFiles& files) {
  const std::vector<fs::path> all = files.all();
  std::vector<ImageArray> pictures = decode_all(all);
  require_one_size(pictures, all);
  const std::int32_t channels = std::ranges::max(pictures, {}, &ImageArray::channels).channels;
  std::vector<ImageArray> test(std::make_move_iterator(pictures.begin() + std::ssize(files.train)),
                               std::make_move_iterator(pictures.end()));
  pictures.resize(files.train.size());
  Dataset data = join_parts(join(pictures, files.train, files.class_names, channels),
                            join(test, files.test, files.class_names, channels));
  data.class_names = files.class_names;
  return data;
}

}  // namespace normlab
