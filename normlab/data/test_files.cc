#include "normlab/data/test_files.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>

#include <archive.h>
#include <archive_entry.h>

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
  ASSERT_EQ(archive_write_open_filename(writer.get(), file.c_str()), ARCHIVE_OK);
  for (const auto& [name, content] : members) add_member(writer.get(), name, content);
  ASSERT_EQ(archive_write_close(writer.get()), ARCHIVE_OK);
}

void write_small_idx_set(const fs::path& folder) {
  fs::create_directories(folder);
  write_file(folder / "train-images-idx3-ubyte", idx_images(3, 2, 2, "abcdefghijkl"));
  write_file(folder / "train-labels-idx1-ubyte", idx_labels(3, std::string("\0\1\2", 3)));
  write_file(folder / "t10k-images-idx3-ubyte", idx_images(2, 2, 2, "mnopqrst"));
  write_file(folder / "t10k-labels-idx1-ubyte", idx_labels(2, std::string("\0\2", 2)));
}

}  // namespace normlab::testing_files
