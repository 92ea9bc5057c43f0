#include "normlab/kernels/gather.h"

#include <algorithm>

#include <hwy/cache_control.h>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "normlab/kernels/gather.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "normlab/kernels/byte_strip-inl.h"

HWY_BEFORE_NAMESPACE();
namespace normlab::kernels::HWY_NAMESPACE {
namespace {

/// Rows whose images are on their way while one is scaled: more than one, since an image from
/// beyond the caches takes longer than scaling another; with many more, they wait for one another.
constexpr std::int64_t kAhead = 3;

/// The caches cannot guess where the next image of a shuffled batch is.
HWY_INLINE void prefetch(const std::uint8_t* image, std::int64_t size) {
  constexpr std::int64_t kCacheLine = 64;
  for (std::int64_t i = 0; i < size; i += kCacheLine) hwy::Prefetch(image + i);
}

/// Calls `work(r, image)` for every row, with the images after it on their way.
template <class Work>
HWY_INLINE void for_each_image(const Matrix& out, const std::uint8_t* images,
                               const std::uint32_t* indices, const Work& work) {
  const auto image = [&](std::int64_t r) {
    return images + std::int64_t{indices[r]} * out.channels;
  };
  for (std::int64_t r = 0; r < std::min(kAhead, out.rows); ++r) prefetch(image(r), out.channels);
  for (std::int64_t r = 0; r < out.rows; ++r) {
    if (r + kAhead < out.rows) prefetch(image(r + kAhead), out.channels);
    work(r, image(r));
  }
}

HWY_INLINE void scale_bytes(float* out, const std::uint8_t* bytes, std::int64_t size,
                            const float* scale, const float* shift) {
  for_each_strip(size, [&](const auto strip, std::int64_t first, std::int64_t count) HWY_ATTR {
    for (int i = 0; i < strip.kVectors; ++i) {
      const auto x = hn::ConvertTo(strip.d, load_bytes(strip, bytes + first, i, count));
      strip.store(hn::MulAdd(x, strip.load(scale + first, i), strip.load(shift + first, i)),
                  out + first, i);
    }
  });
}

void gather(Matrix out, const std::uint8_t* images, const std::uint32_t* indices,
            const float* scale, const float* shift) {
  for_each_image(out, images, indices, [&](std::int64_t r, const std::uint8_t* image) HWY_ATTR {
    scale_bytes(out.row(r), image, out.channels, scale, shift);
  });
}

// Windows ----------------------------------------------------------------------------------------

/// What does not change from image to image.
struct Frame {
  ImageSize size;
  const float* scale;
  const float* shift;

  std::int64_t row_values() const { return size.width * size.channels; }
};

/// Rows or columns of a window that lie in the image: [first, end).
struct Inside {
  std::int64_t first;
  std::int64_t end;
};
HWY_INLINE Inside inside(std::int64_t moved, std::int64_t side) {
  return {std::max<std::int64_t>(0, -moved), std::min(side, side - moved)};
}

/// A move is a distance in the image's bytes: all rows in one go. What runs over from the row above
/// or below into a row's ends is for fill_columns().
HWY_INLINE void move(float* out, const std::uint8_t* image, std::int64_t down, std::int64_t right,
                     const Frame& frame) {
  const std::int64_t distance = (down * frame.size.width + right) * frame.size.channels;
  const std::int64_t size = frame.size.height * frame.row_values();
  const std::int64_t first = std::max<std::int64_t>(0, -distance);
  const std::int64_t count = size - first - std::max<std::int64_t>(0, distance);
  scale_bytes(out + first, image + (first + distance), count, frame.scale + first,
              frame.shift + first);
}

/// Turns runs of pixels round: as many at a time as have `kBytes` values.
class Mirror {
 public:
  static constexpr int kBytes = 16;

  explicit Mirror(const Frame& frame)
      : frame_(frame), pixels_(kBytes / frame.size.channels), run_(pixels_ * frame.size.channels) {
    // The last `run_` of 16 bytes, pixel by pixel from the end.
    const std::int64_t channels = frame.size.channels;
    for (std::int64_t i = 0; i < kBytes; ++i) {
      const bool used = i < run_;
      const std::int64_t from = kBytes - (i / channels + 1) * channels + i % channels;
      table_[i] = static_cast<std::uint8_t>(used ? from : 0);
    }
  }

  /// Columns [first, end) of row y of `out` from the row `source` of an image: column x from
  /// mirrored column x, moved by `right`. `first_byte` and `end_value` bound what may be read and
  /// written.
  HWY_INLINE void turn_row(float* out, std::int64_t y, const std::uint8_t* source, Inside columns,
                           std::int64_t right, const std::uint8_t* first_byte,
                           const float* end_value) const {
    const std::int64_t channels = frame_.size.channels;
    const std::int64_t row = y * frame_.row_values();
    std::int64_t x = columns.first;
    // The byte behind the pixel that column x shows.
    const std::uint8_t* end = source + (frame_.size.width - x + right) * channels;
    for (; pixels_ > 0 && x < columns.end; x += pixels_, end -= run_) {
      const std::int64_t place = row + x * channels;
      if (end - first_byte < kBytes || end_value - (out + place) < kBytes) break;
      turn_run(out + place, end - kBytes, frame_.scale + place, frame_.shift + place);
    }
    for (; x < columns.end; ++x, end -= channels) {
      for (std::int64_t c = 0; c < channels; ++c) {
        const std::int64_t place = row + x * channels + c;
        out[place] = scaled(end[c - channels], place);
      }
    }
  }

 private:
  /// Writes behind the run as well: values of columns that are written later.
  HWY_INLINE void turn_run(float* out, const std::uint8_t* bytes, const float* scale,
                           const float* shift) const {
    const hn::FixedTag<std::uint8_t, kBytes> sixteen;
    alignas(kBytes) std::uint8_t turned[kBytes];
    hn::Store(hn::TableLookupBytes(hn::LoadU(sixteen, bytes), hn::Load(sixteen, table_)), sixteen,
              turned);
    scale_bytes(out, turned, kBytes, scale, shift);
  }

  /// One value as the vectors compute it.
  HWY_INLINE float scaled(std::uint8_t byte, std::int64_t place) const {
    const hn::CappedTag<float, 1> one;
    const auto x = hn::Set(one, static_cast<float>(byte));
    return hn::GetLane(
        hn::MulAdd(x, hn::LoadU(one, frame_.scale + place), hn::LoadU(one, frame_.shift + place)));
  }

  const Frame& frame_;
  std::int64_t pixels_;  ///< in a run; 0 for more channels than bytes
  std::int64_t run_;     ///< bytes of them
  alignas(kBytes) std::uint8_t table_[kBytes];
};

HWY_INLINE void move_mirrored(float* out, const std::uint8_t* image, std::int64_t down,
                              std::int64_t right, const Mirror& mirror, const Frame& frame,
                              const std::uint8_t* first_byte) {
  const Inside rows = inside(down, frame.size.height);
  const Inside columns = inside(-right, frame.size.width);
  const float* const end_value = out + frame.size.height * frame.row_values();
  for (std::int64_t y = rows.first; y < rows.end; ++y) {
    mirror.turn_row(out, y, image + (y + down) * frame.row_values(), columns, right, first_byte,
                    end_value);
  }
}

HWY_INLINE void fill_zero(float* out, std::int64_t count) {
  for_each_strip(count, [&](const auto strip, std::int64_t first, std::int64_t) HWY_ATTR {
    for (int i = 0; i < strip.kVectors; ++i) strip.store(hn::Zero(strip.d), out + first, i);
  });
}

/// The columns of a row that lie beyond the image, `row` being one that does not.
HWY_INLINE void fill_columns(float* row, Inside columns, const Frame& frame) {
  const std::int64_t channels = frame.size.channels;
  const std::int64_t width = frame.size.width;
  fill_zero(row, columns.first * channels);
  fill_zero(row + columns.end * channels, (width - columns.end) * channels);
}

HWY_INLINE void fill_rows(float* out, Inside rows, const Frame& frame) {
  const std::int64_t values = frame.row_values();
  const std::int64_t height = frame.size.height;
  fill_zero(out, rows.first * values);
  fill_zero(out + rows.end * values, (height - rows.end) * values);
}

void gather_placed(Matrix out, const std::uint8_t* images, const std::uint32_t* indices,
                   const Placement* placements, const ImageSize& size, const float* scale,
                   const float* shift) {
  const Frame frame{size, scale, shift};
  const Mirror mirror(frame);
  for_each_image(out, images, indices, [&](std::int64_t r, const std::uint8_t* image) HWY_ATTR {
    const auto [down, right, mirrored] = placements[r];
    float* const window = out.row(r);
    if (mirrored) {
      move_mirrored(window, image, down, right, mirror, frame, images);
    } else {
      move(window, image, down, right, frame);
    }
    const Inside rows = inside(down, size.height);
    const Inside columns = inside(mirrored ? -right : right, size.width);
    if (right != 0) {
      for (std::int64_t y = rows.first; y < rows.end; ++y)
        fill_columns(window + y * frame.row_values(), columns, frame);
    }
    if (down != 0) fill_rows(window, rows, frame);
  });
}

}  // namespace
}  // namespace normlab::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace normlab::kernels {
namespace {

HWY_EXPORT(gather);
HWY_EXPORT(gather_placed);

}  // namespace

void gather_scale(Matrix out, const std::uint8_t* images, std::span<const std::uint32_t> indices,
                  const float* scale, const float* shift) {
  HWY_DYNAMIC_DISPATCH(gather)(out, images, indices.data(), scale, shift);
}

void gather_scale_placed(Matrix out, const std::uint8_t* images,
                         std::span<const std::uint32_t> indices,
                         std::span<const Placement> placements, const ImageSize& size,
                         const float* scale, const float* shift) {
  HWY_DYNAMIC_DISPATCH(gather_placed)
  (out, images, indices.data(), placements.data(), size, scale, shift);
}

}  // namespace normlab::kernels
#endif  // HWY_ONCE
