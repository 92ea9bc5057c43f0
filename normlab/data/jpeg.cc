#include <array>
#include <csetjmp>
#include <cstdio>  // jpeglib.h needs it

#include <jpeglib.h>
// Behind jpeglib.h, whose types it uses.
#include <jerror.h>

#include "normlab/base/error.h"
#include "normlab/data/picture.h"

namespace normlab {
namespace {

/// Scans a progressive picture may have; each costs the time of a whole picture.
constexpr int kMaxScans = 200;

/// libjpeg's state. Its errors jump to `escape` with a message; so do its warnings, which mean that
/// pixels are made up, but for bytes too many.
struct Decoder {
  jpeg_decompress_struct state{};
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
  std::jmp_buf escape{};
  std::array<char, JMSG_LENGTH_MAX> message{};

  Decoder() {
    state.err = jpeg_std_error(&errors);
    state.client_data = this;
    errors.error_exit = [](j_common_ptr common) { give_up(common); };
    errors.emit_message = [](j_common_ptr common, int level) {
      if (level < 0 && common->err->msg_code != JWRN_EXTRANEOUS_DATA) give_up(common);
    };
    progress.progress_monitor = [](j_common_ptr common) {
      const auto* reading = reinterpret_cast<j_decompress_ptr>(common);
      if (reading->input_scan_number > kMaxScans) {
        common->err->msg_code = JERR_BAD_PROGRESSION;
        give_up(common);
      }
    };
  }
  ~Decoder() { jpeg_destroy_decompress(&state); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  [[noreturn]] static void give_up(j_common_ptr common) {
    auto* self = static_cast<Decoder*>(common->client_data);
    common->err->format_message(common, self->message.data());
    std::longjmp(self->escape, 1);
  }
};

/// Both run between setjmp and a jump out of libjpeg: nothing in them has a destructor.
bool read_header(Decoder& decoder, std::span<const std::byte> bytes) {
  if (setjmp(decoder.escape) != 0) return false;
  jpeg_create_decompress(&decoder.state);
  decoder.state.progress = &decoder.progress;
  jpeg_mem_src(&decoder.state, reinterpret_cast<const unsigned char*>(bytes.data()),
               static_cast<unsigned long>(bytes.size()));
  jpeg_read_header(&decoder.state, TRUE);
  decoder.state.out_color_space = decoder.state.num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
  return true;
}

bool read_pixels(Decoder& decoder, std::uint8_t* pixels, std::size_t row_bytes) {
  if (setjmp(decoder.escape) != 0) return false;
  jpeg_start_decompress(&decoder.state);
  while (decoder.state.output_scanline < decoder.state.output_height) {
    JSAMPROW row = pixels + decoder.state.output_scanline * row_bytes;
    jpeg_read_scanlines(&decoder.state, &row, 1);
  }
  jpeg_finish_decompress(&decoder.state);
  return true;
}

[[noreturn]] void fail_damaged(const Decoder& decoder, std::string_view source) {
  fail("{}: a damaged JPEG picture, or cut short ({})", source, decoder.message.data());
}

}  // namespace

ImageArray decode_jpeg(std::span<const std::byte> bytes, std::string_view source) {
  Decoder decoder;
  if (!read_header(decoder, bytes)) fail_damaged(decoder, source);
  const auto& state = decoder.state;
  check_picture_size(state.image_height, state.image_width, source);
  if (state.num_components != 1 && state.num_components != 3) {
    fail("{}: a JPEG picture with {} channels; grey ones and those of red, green and blue are read",
         source, state.num_components);
  }
  ImageArray picture{static_cast<std::int32_t>(state.image_height),
                     static_cast<std::int32_t>(state.image_width),
                     state.num_components,
                     {}};
  const std::size_t row_bytes =
      std::size_t{state.image_width} * static_cast<std::size_t>(state.num_components);
  picture.pixels.resize(row_bytes * state.image_height);
  if (!read_pixels(decoder, picture.pixels.data(), row_bytes)) fail_damaged(decoder, source);
  return picture;
}

}  // namespace normlab
