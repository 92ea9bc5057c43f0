#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace normlab {

enum class DatasetFormat { idx, cifar10, cifar100, cifar_archive, npz, npz_parts, csv, pictures };

/// "IDX files".
std::string_view describe(DatasetFormat format);

/// The files a data set consists of.
struct DatasetFiles {
  DatasetFormat format = DatasetFormat::idx;
  /// IDX, npz_parts: images, labels. CIFAR: its batches in order. Archive, npz, CSV: the one file.
  /// Pictures: all, by class, each in the folder that has its class's name.
  std::vector<std::filesystem::path> train = {};
  std::vector<std::filesystem::path> test =
      {};                                     ///< the same of the test images; empty for one file
  std::string name = {};                      ///< in the names of the files; often none
  std::vector<std::string> class_names = {};  ///< of pictures
  std::filesystem::path class_file = {};      ///< classes.txt; empty when there is none
  std::vector<std::string> warnings = {};     ///< what the user should know of the choice

  std::vector<std::filesystem::path> all() const;
};

/// What is in a place: a data set, or why it is none, or, with neither, nothing that looks like
/// one.
struct Recognition {
  std::optional<DatasetFiles> files = {};
  std::string problem = {};
};

/// Recognises the data set in a folder, or the one that a file belongs to, by the names of the
/// files; docs/data.md lists the ways. A folder may hold the files itself or in one of the folders
/// that torchvision (MNIST/raw) and the archives of CIFAR and EMNIST make. A file whose name says
/// nothing is judged by its first bytes. Reads folders, and of files at most their first bytes.
Recognition recognise(const std::filesystem::path& place);

/// The same, but throws RequestError when there is no data set, with the way on.
DatasetFiles find_dataset_files(const std::filesystem::path& place);

/// What the data set would be called if it were not known: "mnist" for every way to write a path to
/// a folder, or a symbolic link, of that name, and for mnist.npz.
std::string dataset_name(const DatasetFiles& files, const std::filesystem::path& place);

/// The name under which KnownSet::contents lists a file: without .gz or .xz, IDX with a hyphen.
std::string content_name(const std::filesystem::path& file);

}  // namespace normlab
