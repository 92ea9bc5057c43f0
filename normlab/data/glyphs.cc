#include "normlab/data/glyphs.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <thread>

#include <fmt/format.h>

#include "normlab/base/error.h"
#include "normlab/base/philox.h"
#include "normlab/base/thread_pool.h"
#include "normlab/data/glyph_cache.h"
#include "normlab/data/glyph_pen.h"
#include "normlab/data/glyph_raster.h"
#include "normlab/data/glyph_strokes.h"
#include "normlab/data/known_sets.h"
#include "normlab/data/locate.h"

namespace normlab {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kSeed = 1;
constexpr std::int64_t kTrain = 60'000;
constexpr std::int64_t kTest = 10'000;

constexpr std::int64_t kLargestPart = 10'000'000;
/// Images that one thread draws at a time, and labels that are balanced among themselves.
constexpr std::int64_t kBlock = 1000;

/// Numbers of the random streams: images of the training part count from 0, those of the test part
/// from kTestImages; the orders of labels have numbers that no image reaches.
constexpr std::uint64_t kTestImages = std::uint64_t{1} << 40;
constexpr std::uint64_t kLabelOrders = std::uint64_t{1} << 39;

Philox stream(std::uint64_t seed, std::uint64_t number) {
  return {seed, Purpose::synthetic_data, number};
}

std::array<std::uint8_t, kBlock> label_order(Philox random) {
  std::array<std::uint8_t, kBlock> labels{};
  for (std::size_t i = 0; i < labels.size(); ++i)
    labels[i] = static_cast<std::uint8_t>(i % kDigits);
  shuffle(labels, random);
  return labels;
}

ImageSet blank_images(std::int64_t count) {
  if (count < 0 || count > kLargestPart) {
    fail("glyphs: {} images cannot be drawn; 0..{} can", count, kLargestPart);
  }
  const auto size = static_cast<std::size_t>(count);
  return {ImageBytes(size * kGlyphPixels), std::vector<Label>(size)};
}

/// Everything but images, labels and their hash.
Dataset blank_glyphs(std::int64_t train, std::int64_t test) {
  Dataset data;
  data.name = kGlyphs;
  data.synthetic = true;
  data.height = kGlyphSide;
  data.width = kGlyphSide;
  data.channels = 1;
  data.class_names = numbered_classes(kDigits);
  data.train = blank_images(train);
  data.test = blank_images(test);
  return data;
}

void draw_block(ImageSet& images, std::uint64_t seed, std::uint64_t first_stream,
                std::int64_t block) {
  const auto order =
      label_order(stream(seed, first_stream + kLabelOrders + static_cast<std::uint64_t>(block)));
  const std::int64_t begin = block * kBlock;
  const std::int64_t end = std::min(begin + kBlock, images.size());
  for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
    images.labels[i] = order[i % kBlock];
    write_glyph(images.labels[i], stream(seed, first_stream + i),
                std::span(images.pixels).subspan(i * kGlyphPixels, kGlyphPixels));
  }
}

void draw_part(ImageSet& images, std::uint64_t seed, std::uint64_t first_stream, ThreadPool& pool) {
  const std::int64_t blocks = (images.size() + kBlock - 1) / kBlock;
  pool.run(blocks, [&](std::int64_t block) { draw_block(images, seed, first_stream, block); });
}

/// Empty when the environment names no place for a cache.
std::optional<fs::path> cache_if_any() {
  try {
    return data_cache();
  } catch (const RequestError&) {
    return std::nullopt;
  }
}

}  // namespace

Dataset draw_glyphs(std::uint64_t seed, std::int64_t train, std::int64_t test, int threads) {
  Dataset data = blank_glyphs(train, test);
  ThreadPool pool(threads);
  draw_part(data.train, seed, 0, pool);
  draw_part(data.test, seed, kTestImages, pool);
  data.sha256 = content_sha256(data);
  return data;
}

Dataset cached_glyphs(const fs::path& cache, std::uint64_t seed, std::int64_t train,
                      std::int64_t test, int threads) {
  const std::string title = fmt::format("normlab glyphs version {} seed {} train {} test {}",
                                        kGlyphsVersion, seed, train, test);
  const fs::path file = cache / fmt::format("glyphs-{}", kGlyphsVersion) /
                        fmt::format("seed{}-{}-{}.images", seed, train, test);
  Dataset data = blank_glyphs(train, test);
  if (read_glyph_cache(file, title, data)) return data;
  data = draw_glyphs(seed, train, test, threads);
  write_glyph_cache(file, title, data);
  return data;
}

Dataset glyphs() {
  const int threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  const auto cache = cache_if_any();
  return cache ? cached_glyphs(*cache, kSeed, kTrain, kTest, threads)
               : draw_glyphs(kSeed, kTrain, kTest, threads);
}

}  // namespace normlab
