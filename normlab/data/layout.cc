#include "normlab/data/layout.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include <fmt/ranges.h>

#include "normlab/base/error.h"
#include "normlab/data/known_sets.h"

namespace normlab {
namespace {

namespace fs = std::filesystem;

struct Shape {
  DatasetFormat format;
  std::string folder;  ///< inside the place; usually none
  std::vector<std::string> train;
  std::vector<std::string> test;
};

std::vector<Shape> known_shapes() {
  std::vector<Shape> shapes;
  for (const std::string separator : {"-", "."}) {
    const std::string images = "-images" + separator + "idx3-ubyte";
    const std::string labels = "-labels" + separator + "idx1-ubyte";
    shapes.push_back({DatasetFormat::idx,
                      "",
                      {"train" + images, "train" + labels},
                      {"t10k" + images, "t10k" + labels}});
  }
  for (const char* folder : {"", "cifar-10-batches-bin"}) {
    shapes.push_back({DatasetFormat::cifar10,
                      folder,
                      {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin",
                       "data_batch_4.bin", "data_batch_5.bin"},
                      {"test_batch.bin"}});
  }
  for (const char* folder : {"", "cifar-100-binary"}) {
    shapes.push_back({DatasetFormat::cifar100, folder, {"train.bin"}, {"test.bin"}});
  }
  for (const char* archive : {"cifar-10-binary.tar", "cifar-100-binary.tar"}) {
    shapes.push_back({DatasetFormat::cifar_archive, "", {archive}, {}});
  }
  return shapes;
}

std::optional<fs::path> find_file(const fs::path& folder, const std::string& stem) {
  for (const char* suffix : {"", ".gz", ".xz"}) {
    fs::path file = folder / (stem + suffix);
    if (fs::is_regular_file(file)) return file;
  }
  return std::nullopt;
}

struct Match {
  DatasetFiles files;
  std::vector<std::string> missing;
};

Match match(const fs::path& place, const Shape& shape) {
  Match result{{shape.format, {}, {}}, {}};
  const fs::path folder = place / shape.folder;
  const auto find_all = [&](const std::vector<std::string>& stems, std::vector<fs::path>& found) {
    for (const std::string& stem : stems) {
      if (auto file = find_file(folder, stem)) {
        found.push_back(*std::move(file));
      } else {
        result.missing.push_back(stem);
      }
    }
  };
  find_all(shape.train, result.files.train);
  find_all(shape.test, result.files.test);
  return result;
}

}  // namespace

std::vector<fs::path> DatasetFiles::all() const {
  std::vector<fs::path> files = train;
  files.insert(files.end(), test.begin(), test.end());
  return files;
}

DatasetFiles find_dataset_files(const fs::path& place) {
  if (fs::is_regular_file(place)) return {DatasetFormat::cifar_archive, {place}, {}};
  Match nearest;
  for (const Shape& shape : known_shapes()) {
    Match candidate = match(place, shape);
    if (candidate.missing.empty()) return candidate.files;
    if (candidate.files.all().size() > nearest.files.all().size()) nearest = std::move(candidate);
  }
  if (nearest.missing.empty()) {
    fail(
        "{}: no data set in this folder; expected IDX files (train-images-idx3-ubyte, "
        "train-labels-idx1-ubyte, t10k-...), CIFAR files (data_batch_1.bin, ... or train.bin, "
        "test.bin), each plain, .gz or .xz, or cifar-10-binary.tar.gz or cifar-100-binary.tar.gz",
        place.string());
  }
  const std::string name = place.filename().string();
  fail("{}: {} {} missing (plain, .gz or .xz){}", place.string(), fmt::join(nearest.missing, ", "),
       nearest.missing.size() == 1 ? "is" : "are",
       find_known_set(name) ? fmt::format("; `normlab data fetch {}` completes it", name) : "");
}

std::string content_name(const fs::path& file) {
  std::string name = file.filename().string();
  for (const std::string_view suffix : {".gz", ".xz"}) {
    if (name.ends_with(suffix)) name.resize(name.size() - suffix.size());
  }
  if (const auto dot = name.find(".idx"); dot != std::string::npos) name[dot] = '-';
  return name;
}

}  // namespace normlab
