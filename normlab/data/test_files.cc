#include "normlab/data/test_files.h"

#include <cstdio>  // jpeglib.h needs it
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>

#include <archive.h>
#include <archive_entry.h>
#include <jpeglib.h>
#include <png.h>
#include <zlib.h>

namespace normlab::testing_files {
namespace {

namespace fs = std::filesystem;

struct Free {
  void operator()(archive* writer) const { archive_write_free(writer); }
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};
using Writer = std::unique_ptr<archive, Free>;

void add_member(archive* writer, const std::string& name, const std::string& content) {
  const std::unique_ptr<archive_entry, Free> entry(archive_entry_new());
  archive_entry_set_pathname(entry.get(), name.c_str());
  archive_entry_set_size(entry.get(), std::ssize(content));
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0644);
  ASSERT_EQ(archive_write_header(writer, entry.get()), ARCHIVE_OK);
  ASSERT_EQ(archive_write_data(writer, content.data(), content.size()), std::ssize(content));
}

template <class Filter>
void write_filtered(const fs::path& file, const std::string& content, Filter add_filter) {
  const Writer writer(archive_write_new());
  add_filter(writer.get());
  archive_write_set_format_raw(writer.get());
  ASSERT_EQ(archive_write_open_filename(writer.get(), file.c_str()), ARCHIVE_OK);
  add_member(writer.get(), "data", content);
  ASSERT_EQ(archive_write_close(writer.get()), ARCHIVE_OK);
}

void write_members(archive* writer, const fs::path& file, const Members& members) {
  ASSERT_EQ(archive_write_open_filename(writer, file.c_str()), ARCHIVE_OK);
  for (const auto& [name, content] : members) add_member(writer, name, content);
  ASSERT_EQ(archive_write_close(writer), ARCHIVE_OK);
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string name = (fs::temp_directory_path() / "normlab_test_XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw Error("no temporary folder: " + name);
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

ScopedVariable::ScopedVariable(std::string name, const char* value) : name_(std::move(name)) {
  const char* old = std::getenv(name_.c_str());
  was_set_ = old != nullptr;
  if (old) old_ = old;
  value ? ::setenv(name_.c_str(), value, 1) : ::unsetenv(name_.c_str());
}

ScopedVariable::~ScopedVariable() {
  was_set_ ? ::setenv(name_.c_str(), old_.c_str(), 1) : ::unsetenv(name_.c_str());
}

std::string big_endian(std::uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xff);
  return bytes;
}

std::string idx_images(std::uint32_t count, std::uint32_t height, std::uint32_t width,
                       const std::string& values) {
  return big_endian(0x803) + big_endian(count) + big_endian(height) + big_endian(width) + values;
}

std::string idx_labels(std::uint32_t count, const std::string& values) {
  return big_endian(0x801) + big_endian(count) + values;
}

std::string cifar_record(const std::string& labels, char red, char green, char blue) {
  return labels + std::string(1024, red) + std::string(1024, green) + std::string(1024, blue);
}

void write_file(const fs::path& file, const std::string& content) {
  std::ofstream out(file, std::ios::binary);
  out << content;
  ASSERT_TRUE(out.flush()) << file;
}

std::string read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_gzip(const fs::path& file, const std::string& content) {
  write_filtered(file, content, archive_write_add_filter_gzip);
}

void write_xz(const fs::path& file, const std::string& content) {
  write_filtered(file, content, archive_write_add_filter_xz);
}

void write_tar_gz(const fs::path& file, const Members& members) {
  const Writer writer(archive_write_new());
  archive_write_add_filter_gzip(writer.get());
  archive_write_set_format_ustar(writer.get());
  write_members(writer.get(), file, members);
}

void write_zip(const fs::path& file, const Members& members) {
  const Writer writer(archive_write_new());
  archive_write_set_format_zip(writer.get());
  write_members(writer.get(), file, members);
}

std::string npy(const std::string& type, const std::string& shape, const std::string& values,
                const std::string& fortran_order) {
  std::string header =
      "{'descr': '" + type + "', 'fortran_order': " + fortran_order + ", 'shape': " + shape + ", }";
  header.resize(118 - 1, ' ');
  header += '\n';
  return std::string("\x93NUMPY\1\0", 8) + static_cast<char>(header.size()) + '\0' + header +
         values;
}

Members small_npz_members() {
  return {{"x_train.npy", npy("|u1", "(3, 2, 2)", "abcdefghijkl")},
          {"y_train.npy", npy("|u1", "(3,)", std::string("\0\1\2", 3))},
          {"x_test.npy", npy("|u1", "(2, 2, 2)", "mnopqrst")},
          {"y_test.npy", npy("<i8", "(2,)", std::string("\0\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0", 16))}};
}

std::string png_file(std::uint32_t height, std::uint32_t width, int channels,
                     const std::string& values) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = width;
  image.height = height;
  image.format = channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  png_alloc_size_t size = 0;
  EXPECT_NE(png_image_write_get_memory_size(image, size, 0, values.data(), 0, nullptr), 0);
  std::string file(size, '\0');
  EXPECT_NE(png_image_write_to_memory(&image, file.data(), &size, 0, values.data(), 0, nullptr), 0);
  file.resize(size);
  return file;
}

std::string png_header(std::uint32_t height, std::uint32_t width) {
  const std::string chunk =
      "IHDR" + big_endian(width) + big_endian(height) + std::string("\x08\0\0\0\0", 5);
  const auto checksum =
      crc32(0, reinterpret_cast<const Bytef*>(chunk.data()), static_cast<uInt>(chunk.size()));
  return "\x89PNG\r\n\x1a\n" + big_endian(13) + chunk +
         big_endian(static_cast<std::uint32_t>(checksum)) + big_endian(10) + "IDAT";
}

std::string jpeg_file(std::uint32_t height, std::uint32_t width, int channels,
                      const std::string& values) {
  jpeg_compress_struct state{};
  jpeg_error_mgr errors{};
  state.err = jpeg_std_error(&errors);
  jpeg_create_compress(&state);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&state, &bytes, &size);
  state.image_height = height;
  state.image_width = width;
  state.input_components = channels;
  state.in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&state);
  jpeg_set_quality(&state, 100, TRUE);
  jpeg_start_compress(&state, TRUE);
  std::string rows = values;
  while (state.next_scanline < height) {
    auto* row = reinterpret_cast<JSAMPROW>(rows.data()) +
                state.next_scanline * width * static_cast<std::uint32_t>(channels);
    jpeg_write_scanlines(&state, &row, 1);
  }
  jpeg_finish_compress(&state);
  jpeg_destroy_compress(&state);
  std::string file(reinterpret_cast<char*>(bytes), size);
  std::free(bytes);  // NOLINT(cppcoreguidelines-no-malloc): libjpeg allocated it
  return file;
}

void write_small_idx_set(const fs::path& folder) {
  fs::create_directories(folder);
  write_file(folder / "train-images-idx3-ubyte", idx_images(3, 2, 2, "abcdefghijkl"));
  write_file(folder / "train-labels-idx1-ubyte", idx_labels(3, std::string("\0\1\2", 3)));
  write_file(folder / "t10k-images-idx3-ubyte", idx_images(2, 2, 2, "mnopqrst"));
  write_file(folder / "t10k-labels-idx1-ubyte", idx_labels(2, std::string("\0\2", 2)));
}

}  // namespace normlab::testing_files
