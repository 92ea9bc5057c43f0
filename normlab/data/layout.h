#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace normlab {

enum class DatasetFormat { idx, cifar10, cifar100, cifar_archive };

/// The files a data set consists of.
struct DatasetFiles {
  DatasetFormat format = DatasetFormat::idx;
  std::vector<std::filesystem::path>
      train;  ///< IDX: images, labels. CIFAR: its batches in order, or the archive
  std::vector<std::filesystem::path> test;  ///< the same of the test images; empty for an archive

  std::vector<std::filesystem::path> all() const;
};

/// Recognises the data set in a folder (or the folder its archive unpacks to), or in a CIFAR
/// archive, by the names of its files: IDX as train-images-idx3-ubyte or train-images.idx3-ubyte,
/// CIFAR as data_batch_1.bin or train.bin, each plain, .gz or .xz, or cifar-10-binary.tar.gz and
/// cifar-100-binary.tar.gz. Throws RequestError that names the missing files.
DatasetFiles find_dataset_files(const std::filesystem::path& place);

/// The name under which KnownSet::contents lists a file: without .gz or .xz, IDX with a hyphen.
std::string content_name(const std::filesystem::path& file);

}  // namespace normlab
