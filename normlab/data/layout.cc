#include "normlab/data/layout.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include <fmt/ranges.h>

#include "normlab/base/error.h"
#include "normlab/data/file_kind.h"
#include "normlab/data/known_sets.h"
#include "normlab/data/layout_match.h"

namespace normlab {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kClassFile = "classes.txt";

/// Where data sets lie in the folder that one would name: as torchvision and the archives of CIFAR
/// and EMNIST unpack.
constexpr std::array kInnerFolders{"raw",
                                   "MNIST/raw",
                                   "FashionMNIST/raw",
                                   "KMNIST/raw",
                                   "EMNIST/raw",
                                   "QMNIST/raw",
                                   "gzip",
                                   "cifar-10-batches-bin",
                                   "cifar-100-binary",
                                   "cifar-10-batches-py",
                                   "cifar-100-python"};

LayoutMatches matches_in(const fs::path& path) {
  const Folder folder = list_folder(path);
  LayoutMatches all;
  for (const auto match :
       {match_idx, match_cifar, match_npz, match_csv, match_pictures, match_pickles}) {
    std::ranges::move(match(folder), std::back_inserter(all));
  }
  return all;
}

LayoutMatches all_matches(const fs::path& place) {
  LayoutMatches all = matches_in(place);
  for (const char* inner : kInnerFolders) {
    std::ranges::move(matches_in(place / inner), std::back_inserter(all));
  }
  return all;
}

/// The folder that `place` was, or where the files are.
fs::path folder_of(const DatasetFiles& files) {
  const fs::path folder = files.train.front().parent_path();
  if (files.format != DatasetFormat::pictures) return folder;
  const fs::path parent = folder.parent_path();
  return parent.filename() == "train" ? parent.parent_path() : parent;
}

DatasetFiles with_class_file(DatasetFiles files, const fs::path& place) {
  if (files.format == DatasetFormat::pictures) return files;
  for (const fs::path& folder : {folder_of(files), place}) {
    std::error_code ignored;
    if (fs::is_regular_file(folder / kClassFile, ignored)) {
      files.class_file = folder / kClassFile;
      break;
    }
  }
  return files;
}

std::string describe_match(const DatasetFiles& files) {
  return fmt::format("{} ({})", describe(files.format),
                     files.format == DatasetFormat::pictures ? folder_of(files).string()
                                                             : files.train.front().string());
}

std::string missing_text(const fs::path& place, const LayoutMatch& match) {
  const std::string name = fs::absolute(place).lexically_normal().filename().string();
  const bool compressible = match.files.format != DatasetFormat::pictures &&
                            match.files.format != DatasetFormat::npz_parts;
  return fmt::format(
      "{}: {} {} missing{}{}", place.string(), fmt::join(match.missing, ", "),
      match.missing.size() == 1 ? "is" : "are", compressible ? " (plain, .gz or .xz)" : "",
      find_known_set(name) ? fmt::format("; `normlab data fetch {}` completes it", name) : "");
}

/// Of complete matches those that count: an archive beside what was unpacked from it does not.
LayoutMatches without_archives(LayoutMatches complete) {
  const auto is_archive = [](const LayoutMatch& match) {
    return match.files.format == DatasetFormat::cifar_archive;
  };
  if (!std::ranges::all_of(complete, is_archive)) std::erase_if(complete, is_archive);
  return complete;
}

Recognition choose(const fs::path& place, LayoutMatches all) {
  const auto most_files = std::ranges::max_element(
      all, {}, [](const LayoutMatch& match) { return match.files.all().size(); });
  const auto refused =
      std::ranges::find_if(all, [](const LayoutMatch& match) { return !match.problem.empty(); });
  LayoutMatches complete;
  std::ranges::copy_if(all, std::back_inserter(complete), &LayoutMatch::complete);
  complete = without_archives(std::move(complete));
  if (complete.size() == 1) {
    return {with_class_file(std::move(complete.front().files), place), ""};
  }
  if (complete.size() > 1) {
    std::vector<std::string> found;
    for (const LayoutMatch& match : complete) found.push_back(describe_match(match.files));
    return {std::nullopt,
            fmt::format("{} holds {} data sets; name a file or the folder of one of them:\n  {}",
                        place.string(), found.size(), fmt::join(found, "\n  "))};
  }
  if (refused != all.end()) return {std::nullopt, refused->problem};
  if (most_files != all.end()) return {std::nullopt, missing_text(place, *most_files)};
  return {};
}

/// A file that no data set in its folder claims.
Recognition recognise_alone(const fs::path& file) {
  const FileKind kind = kind_of_file(file);
  const bool damaged_tar = kind == FileKind::unknown && content_name(file).ends_with(".tar");
  if (kind == FileKind::tar || damaged_tar)
    return {DatasetFiles{DatasetFormat::cifar_archive, {file}}, ""};
  if (kind == FileKind::zip && file.extension() == ".npz") {
    return {DatasetFiles{DatasetFormat::npz, {file}}, ""};
  }
  return {std::nullopt, fmt::format("{} is {}, of which no data set is read: {}", file.string(),
                                    describe(kind), way_on(kind))};
}

Recognition recognise_file(const fs::path& file) {
  LayoutMatches matches = matches_in(file.has_parent_path() ? file.parent_path() : ".");
  std::erase_if(matches, [&](const LayoutMatch& match) {
    return std::ranges::none_of(match.files.all(), [&](const fs::path& member) {
      return member.filename() == file.filename() && match.files.format != DatasetFormat::pictures;
    });
  });
  if (matches.empty()) return recognise_alone(file);
  Recognition found = choose(file, std::move(matches));
  if (found.files && found.files->train.size() == 1 && found.files->test.empty()) {
    // One file: what its name says may not be what it is.
    const FileKind kind = kind_of_file(found.files->train.front());
    const bool as_named =
        kind == FileKind::zip || kind == FileKind::tar || kind == FileKind::unknown;
    if (!as_named) return recognise_alone(file);
  }
  return found;
}

}  // namespace

std::string_view describe(DatasetFormat format) {
  switch (format) {
    case DatasetFormat::idx:
      return "IDX files";
    case DatasetFormat::cifar10:
      return "CIFAR-10 binary files";
    case DatasetFormat::cifar100:
      return "CIFAR-100 binary files";
    case DatasetFormat::cifar_archive:
      return "CIFAR archive";
    case DatasetFormat::npz:
      return "NumPy archive";
    case DatasetFormat::npz_parts:
      return "NumPy archives of one array each";
    case DatasetFormat::csv:
      return "CSV tables, label first";
    case DatasetFormat::pictures:
      return "pictures, a folder for each class";
  }
  return "";
}

std::vector<fs::path> DatasetFiles::all() const {
  std::vector<fs::path> files = train;
  files.insert(files.end(), test.begin(), test.end());
  return files;
}

Recognition recognise(const fs::path& place) {
  std::error_code ignored;
  return fs::is_directory(place, ignored) ? choose(place, all_matches(place))
                                          : recognise_file(place);
}

DatasetFiles find_dataset_files(const fs::path& place) {
  Recognition found = recognise(place);
  if (found.files) return *std::move(found.files);
  if (!found.problem.empty()) fail("{}", found.problem);
  const Folder folder = list_folder(place);
  const auto unread = std::ranges::find_if(folder.files, [&](const std::string& file) {
    const FileKind kind = kind_of_file(place / file);
    return kind != FileKind::text && kind != FileKind::unknown && kind != FileKind::empty;
  });
  const std::string hint =
      unread == folder.files.end() ? "" : "\n" + recognise_alone(place / *unread).problem;
  fail(
      "{}: no data set in this folder; expected IDX files (train-images-idx3-ubyte, "
      "train-labels-idx1-ubyte, t10k-...), CIFAR's (data_batch_1.bin, ... or "
      "cifar-10-binary.tar.gz), an .npz, X_train.csv beside X_test.csv, or a folder of PNG or JPEG "
      "pictures for each class; docs/data.md has an example of each{}",
      place.string(), hint);
}

std::string dataset_name(const DatasetFiles& files, const fs::path& place) {
  std::error_code ignored;
  if (!fs::is_directory(place, ignored) && !files.name.empty()) return files.name;
  fs::path whole = fs::absolute(place).lexically_normal();
  if (!whole.has_filename()) whole = whole.parent_path();
  const auto says_nothing = [](const std::string& name) { return name == "raw" || name == "gzip"; };
  while (says_nothing(whole.filename().string()) && whole.has_relative_path()) {
    whole = whole.parent_path();
  }
  std::string name = whole.filename().string();
  if (!fs::is_directory(place, ignored)) name = name.substr(0, name.find(".tar"));
  return name.empty() ? "data" : name;
}

std::string content_name(const fs::path& file) {
  std::string name(without_compression(file.filename().string()));
  if (const auto dot = name.find(".idx"); dot != std::string::npos) name[dot] = '-';
  return name;
}

}  // namespace normlab
