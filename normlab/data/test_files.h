#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "normlab/base/error.h"

/// Small data files for the tests of this folder.
namespace normlab::testing_files {

/// An empty folder of its own, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// Sets an environment variable (or removes it: null) until the end of the scope.
class ScopedVariable {
 public:
  ScopedVariable(std::string name, const char* value);
  ~ScopedVariable();
  ScopedVariable(const ScopedVariable&) = delete;
  ScopedVariable& operator=(const ScopedVariable&) = delete;

 private:
  std::string name_;
  std::string old_;
  bool was_set_;
};

std::string big_endian(std::uint32_t value);
/// IDX bytes with `count`, `height` and `width` as told, whatever `values` are.
std::string idx_images(std::uint32_t count, std::uint32_t height, std::uint32_t width,
                       const std::string& values);
std::string idx_labels(std::uint32_t count, const std::string& values);
/// A record of CIFAR whose planes are filled with red, green, blue.
std::string cifar_record(const std::string& labels, char red, char green, char blue);

void write_file(const std::filesystem::path& file, const std::string& content);
std::string read_file(const std::filesystem::path& file);
void write_gzip(const std::filesystem::path& file, const std::string& content);
void write_xz(const std::filesystem::path& file, const std::string& content);
using Members = std::vector<std::pair<std::string, std::string>>;
void write_tar_gz(const std::filesystem::path& file, const Members& members);
void write_zip(const std::filesystem::path& file, const Members& members);

/// A NumPy array as a file, "(2, 3)" in `shape`; header and values as told, whatever they are.
std::string npy(const std::string& type, const std::string& shape, const std::string& values,
                const std::string& fortran_order = "False");
/// x_train.npy and so on of 3 training and 2 test images of 2 x 2 pixels, the same as
/// write_small_idx_set() writes.
Members small_npz_members();

/// A picture of height x width pixels, each of `channels` (1 or 3) values.
std::string png_file(std::uint32_t height, std::uint32_t width, int channels,
                     const std::string& values);
std::string jpeg_file(std::uint32_t height, std::uint32_t width, int channels,
                      const std::string& values);
/// A PNG that promises a size and has no pixels.
std::string png_header(std::uint32_t height, std::uint32_t width);

/// 3 training and 2 test images of 2 x 2 pixels, labels 0 1 2 and 0 2, as plain IDX files.
void write_small_idx_set(const std::filesystem::path& folder);

/// The bytes of a text.
inline std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

/// The message of the RequestError that `call` throws; fails the test when it throws none.
template <class Call>
std::string request_error(Call&& call) {
  try {
    std::forward<Call>(call)();
  } catch (const RequestError& error) {
    return error.what();
  }
  ADD_FAILURE() << "expected a RequestError";
  return {};
}

}  // namespace normlab::testing_files
