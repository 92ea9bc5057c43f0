#include "normlab/data/npz.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/ranges.h>

#include "normlab/base/error.h"
#include "normlab/data/archive.h"
#include "normlab/data/npy.h"

namespace normlab {
namespace {

namespace fs = std::filesystem;

/// Images and labels to train on, images and labels to test on.
using Names = std::array<std::string, 4>;

const std::array<Names, 2>& known_names() {
  static const std::array<Names, 2> names{
      Names{"x_train", "y_train", "x_test", "y_test"},
      Names{"train_images", "train_labels", "test_images", "test_labels"}};
  return names;
}

/// "file.npz: x_train".
std::string source_of(const fs::path& file, const std::string& array) {
  return file.string() + ": " + array;
}

/// The arrays of these names, in this order.
std::vector<Bytes> read_arrays(const fs::path& file, std::span<const std::string> names) {
  std::vector<std::string> wanted;
  for (const std::string& name : names) wanted.push_back(name + ".npy");
  std::vector<ArchiveMember> members =
      read_members(file, ArchiveFormat::zip, wanted,
                   [&](const std::string& member, std::span<const std::byte> head) {
                     return npy_file_size(head, source_of(file, fs::path(member).stem().string()));
                   });
  std::vector<Bytes> arrays;
  for (const std::string& name : wanted) {
    const auto found = std::ranges::find(members, name, &ArchiveMember::name);
    if (found == members.end()) fail("{}: holds no {}", file.string(), name);
    arrays.push_back(std::move(found->bytes));
  }
  return arrays;
}

DataPart parse_part(const Bytes& images, std::string image_source, const Bytes& labels,
                    std::string label_source) {
  return {parse_npy_images(images, image_source), parse_npy_labels(labels, label_source),
          std::move(image_source), std::move(label_source)};
}

/// The first list of names that are all there.
const Names* names_in(const std::vector<std::string>& members) {
  const auto has = [&](const std::string& name) {
    return std::ranges::find(members, name + ".npy") != members.end();
  };
  const auto found = std::ranges::find_if(
      known_names(), [&](const Names& names) { return std::ranges::all_of(names, has); });
  return found == known_names().end() ? nullptr : &*found;
}

}  // namespace

Dataset read_npz(const fs::path& file) {
  std::vector<std::string> members = member_names(file, ArchiveFormat::zip);
  const Names* names = names_in(members);
  if (names == nullptr) {
    for (std::string& member : members) member = fs::path(member).stem().string();
    fail("{}: holds {}; expected the arrays {}, or {}", file.string(),
         members.empty() ? "no arrays" : fmt::format("{}", fmt::join(members, ", ")),
         fmt::join(known_names()[0], ", "), fmt::join(known_names()[1], ", "));
  }
  const std::vector<Bytes> arrays = read_arrays(file, *names);
  const auto part = [&](std::size_t first) {
    return parse_part(arrays[first], source_of(file, (*names)[first]), arrays[first + 1],
                      source_of(file, (*names)[first + 1]));
  };
  return join_parts(part(0), part(2));
}

Dataset read_npz_parts(const DatasetFiles& files) {
  const std::array<std::string, 1> only{"arr_0"};
  const auto part = [&](const std::vector<fs::path>& pair) {
    return parse_part(read_arrays(pair.at(0), only).front(), pair.at(0).string(),
                      read_arrays(pair.at(1), only).front(), pair.at(1).string());
  };
  return join_parts(part(files.train), part(files.test));
}

}  // namespace normlab
