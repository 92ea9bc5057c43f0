#include "normlab/data/glyph_cache.h"

#include <algorithm>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

#include "normlab/base/atomic_write.h"
#include "normlab/base/error.h"

namespace normlab {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kHashLength = 64;

std::size_t content_size(const Dataset& data) {
  return data.train.pixels.size() + data.train.labels.size() + data.test.pixels.size() +
         data.test.labels.size();
}

std::string header(std::string_view title, std::string_view sha256) {
  return fmt::format("{} {}\n", title, sha256);
}

/// Bytes of the file, one for each of `values`: digits need no more.
template <class Values>
void read_into(std::ifstream& file, Values& values) {
  std::string bytes(values.size(), '\0');
  file.read(bytes.data(), std::ssize(bytes));
  std::ranges::transform(bytes, values.begin(),
                         [](char byte) { return static_cast<std::uint8_t>(byte); });
}

}  // namespace

bool read_glyph_cache(const fs::path& file, std::string_view title, Dataset& data) {
  std::string head = header(title, std::string(kHashLength, '0'));
  std::error_code missing;
  const auto size = fs::file_size(file, missing);
  if (missing || size != head.size() + content_size(data)) return false;
  std::ifstream stream(file, std::ios::binary);
  stream.read(head.data(), std::ssize(head));
  for (ImageSet* part : {&data.train, &data.test}) {
    read_into(stream, part->pixels);
    read_into(stream, part->labels);
  }
  if (!stream) return false;
  data.sha256 = content_sha256(data);
  return head == header(title, data.sha256);
}

void write_glyph_cache(const fs::path& file, std::string_view title, const Dataset& data) {
  std::string bytes = header(title, data.sha256);
  bytes.reserve(bytes.size() + content_size(data));
  for (const ImageSet* part : {&data.train, &data.test}) {
    bytes.append(part->pixels.begin(), part->pixels.end());
    for (const Label label : part->labels) bytes.push_back(static_cast<char>(label));
  }
  std::error_code refused;
  fs::create_directories(file.parent_path(), refused);
  if (refused) return;
  try {
    write_atomically(file, std::as_bytes(std::span(bytes)));
  } catch (const Error&) {
    return;  // a full disk, a folder that may not be written: the set is drawn again next time
  }
}

}  // namespace normlab
