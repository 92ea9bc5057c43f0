#include <algorithm>
#include <array>
#include <cctype>
#include <span>
#include <string_view>

#include <fmt/format.h>

#include "normlab/data/layout_match.h"
#include "normlab/data/limits.h"

namespace normlab {
namespace {

namespace fs = std::filesystem;

bool has_suffix_of(const std::string& file, std::span<const std::string_view> suffixes) {
  std::string suffix = fs::path(file).extension().string();
  std::ranges::transform(suffix, suffix.begin(), [](unsigned char c) { return std::tolower(c); });
  return std::ranges::find(suffixes, suffix) != suffixes.end();
}

bool is_picture(const std::string& file) {
  constexpr std::array<std::string_view, 3> kSuffixes{".png", ".jpg", ".jpeg"};
  return has_suffix_of(file, kSuffixes);
}

bool is_other_picture(const std::string& file) {
  constexpr std::array<std::string_view, 7> kSuffixes{".bmp",  ".gif", ".webp", ".tif",
                                                      ".tiff", ".pgm", ".ppm"};
  return has_suffix_of(file, kSuffixes);
}

/// A folder of folders, seen as one of classes.
struct Classes {
  std::vector<std::string> names;
  std::vector<std::vector<fs::path>> pictures;  ///< of each class
  std::string problem;                          ///< why it cannot be one of classes

  /// One folder of pictures is no choice between classes.
  bool looks_like_classes() const { return names.size() >= 2 || !problem.empty(); }
};

Classes find_classes(const Folder& folder) {
  Classes classes;
  for (const std::string& name : folder.folders) {
    const Folder inside = list_folder(folder.path / name);
    std::vector<fs::path> pictures;
    for (const std::string& file : inside.files) {
      if (is_picture(file)) pictures.push_back(inside.path / file);
    }
    if (pictures.empty()) {
      const bool others = std::ranges::any_of(inside.files, is_other_picture);
      classes.problem = fmt::format("{} holds no pictures{}", inside.path.string(),
                                    others ? " that are read: PNG and JPEG are, mogrify -format "
                                             "png converts others"
                                           : "; every folder beside those of pictures counts as a "
                                             "class: remove it or move it away");
      if (others) classes.names.push_back(name);
      continue;
    }
    classes.names.push_back(name);
    classes.pictures.push_back(std::move(pictures));
  }
  // A folder with many others in it and few with pictures was not meant.
  if (classes.names.size() < 2) classes.problem.clear();
  if (classes.names.size() > static_cast<std::size_t>(kMaxClasses)) {
    classes.problem = fmt::format("{} holds {} folders of pictures; at most {} classes are read",
                                  folder.path.string(), classes.names.size(), kMaxClasses);
  }
  return classes;
}

void append(std::vector<fs::path>& to, const std::vector<fs::path>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

/// Of each class, every kTestEvery-th picture is one to test on.
constexpr std::size_t kTestEvery = 5;

LayoutMatch split_classes(const Folder& folder, Classes classes) {
  LayoutMatch match;
  match.files.format = DatasetFormat::pictures;
  match.files.class_names = std::move(classes.names);
  match.problem = std::move(classes.problem);
  for (const std::vector<fs::path>& pictures : classes.pictures) {
    for (std::size_t i = 0; i < pictures.size(); ++i) {
      const bool is_test = i % kTestEvery == kTestEvery - 1;
      (is_test ? match.files.test : match.files.train).push_back(pictures[i]);
    }
  }
  match.files.warnings = {fmt::format(
      "{} has no folders train and test: every {}th picture of a class, in the order of "
      "their names, is a test picture",
      folder.path.string(), kTestEvery)};
  if (match.problem.empty() && match.files.test.empty()) {
    match.problem = fmt::format(
        "{} has fewer than {} pictures in each class, so that none is left to test on; "
        "make folders train and test",
        folder.path.string(), kTestEvery);
  }
  return match;
}

LayoutMatch join_train_and_test(const Folder& folder, const std::string& test_folder, Classes train,
                                const Classes& test) {
  LayoutMatch match;
  match.files.format = DatasetFormat::pictures;
  match.problem = train.problem.empty() ? test.problem : train.problem;
  for (const std::string& name : test.names) {
    if (std::ranges::find(train.names, name) == train.names.end()) {
      match.problem = fmt::format("{} is a class, but {} is not there",
                                  (folder.path / test_folder / name).string(),
                                  (folder.path / "train" / name).string());
    }
  }
  match.files.class_names = std::move(train.names);
  for (const auto& pictures : train.pictures) append(match.files.train, pictures);
  for (const auto& pictures : test.pictures) append(match.files.test, pictures);
  return match;
}

}  // namespace

LayoutMatches match_pictures(const Folder& folder) {
  const auto has_folder = [&](const std::string& name) {
    return std::ranges::binary_search(folder.folders, name);
  };
  if (!has_folder("train")) {
    Classes classes = find_classes(folder);
    if (!classes.looks_like_classes()) return {};
    return {split_classes(folder, std::move(classes))};
  }
  Classes train = find_classes(list_folder(folder.path / "train"));
  if (!train.looks_like_classes()) return {};
  constexpr std::array<const char*, 4> kTestFolders{"test", "val", "valid", "validation"};
  const auto test = std::ranges::find_if(kTestFolders, has_folder);
  if (test == kTestFolders.end()) {
    LayoutMatch match;
    match.files.format = DatasetFormat::pictures;
    for (const auto& pictures : train.pictures) append(match.files.train, pictures);
    match.missing = {"test"};
    return {match};
  }
  LayoutMatch match = join_train_and_test(folder, *test, std::move(train),
                                          find_classes(list_folder(folder.path / *test)));
  for (const char* name : kTestFolders) {
    if (name != *test && has_folder(name)) {
      match.files.warnings.push_back(
          fmt::format("{} is not used: the validation images are taken "
                      "from {}, the test images from {}",
                      (folder.path / name).string(), "train", *test));
    }
  }
  return {match};
}

}  // namespace normlab
