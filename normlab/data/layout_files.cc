#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string_view>

#include <fmt/ranges.h>

#include "normlab/data/file_kind.h"
#include "normlab/data/layout_match.h"

namespace normlab {
namespace {

namespace fs = std::filesystem;

/// Which of a data set's files a name stands for: "emnist-letters-train-labels-idx1-ubyte" is
/// {"emnist-letters", "train", "labels"}.
struct IdxName {
  std::string prefix;
  std::string part;  ///< "train", "t10k" or "test"
  std::string what;  ///< "images" or "labels"
};

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (c == separator) {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  return words;
}

std::optional<IdxName> parse_idx_name(std::string_view name) {
  const std::vector<std::string> words = split(content_name(name), '-');
  const std::size_t count = words.size();
  if (count < 4 || !words[count - 2].starts_with("idx")) return std::nullopt;
  constexpr std::array<std::string_view, 4> kTypes{"ubyte", "byte", "short", "int"};
  if (std::ranges::find(kTypes, words.back()) == kTypes.end()) return std::nullopt;
  const std::string& part = words[count - 4];
  const std::string& what = words[count - 3];
  if (part != "train" && part != "t10k" && part != "test") return std::nullopt;
  if (what != "images" && what != "labels") return std::nullopt;
  return IdxName{fmt::format("{}", fmt::join(words.begin(), words.end() - 4, "-")), part, what};
}

/// Files by "train-images", "test-labels", ...; one that is there in several wrappings counts plain
/// first.
using Roles = std::map<std::string, std::string>;

std::string role_of(const IdxName& name) {
  return (name.part == "train" ? "train-" : "test-") + name.what;
}

LayoutMatch match_roles(const Folder& folder, const std::string& prefix, const Roles& roles) {
  LayoutMatch match;
  match.files.name = prefix;
  const std::string front = prefix.empty() ? "" : prefix + "-";
  const bool plain_mnist = prefix.empty();
  for (const char* part : {"train", "test"}) {
    for (const char* what : {"images", "labels"}) {
      const auto found = roles.find(fmt::format("{}-{}", part, what));
      if (found != roles.end()) {
        (part[1] == 'r' ? match.files.train : match.files.test)
            .push_back(folder.path / found->second);
      } else {
        const bool is_test = part[1] == 'e';
        match.missing.push_back(fmt::format("{}{}-{}-idx{}-ubyte", front,
                                            is_test && plain_mnist ? "t10k" : part, what,
                                            what[0] == 'i' ? 3 : 1));
      }
    }
  }
  return match;
}

/// All stems that are there, in the order told.
void find_stems(const Folder& folder, const std::vector<std::string>& stems,
                std::vector<fs::path>& found, std::vector<std::string>& missing) {
  for (const std::string& stem : stems) {
    if (auto file = folder.find(stem)) {
      found.push_back(*std::move(file));
    } else {
      missing.push_back(stem);
    }
  }
}

struct Stems {
  DatasetFormat format;
  std::vector<std::string> train;
  std::vector<std::string> test;
};

void add_if_any(LayoutMatches& matches, const Folder& folder, const Stems& stems,
                const std::string& name = "") {
  LayoutMatch match;
  match.files.format = stems.format;
  match.files.name = name;
  find_stems(folder, stems.train, match.files.train, match.missing);
  find_stems(folder, stems.test, match.files.test, match.missing);
  if (!match.files.all().empty()) matches.push_back(std::move(match));
}

/// What stands before `ending` in the folder's files, compressed or not; each once.
std::vector<std::string> stems_before(const Folder& folder, std::string_view ending) {
  std::vector<std::string> stems;
  for (const std::string& file : folder.files) {
    std::string_view name = without_compression(file);
    if (!name.ends_with(ending)) continue;
    name.remove_suffix(ending.size());
    if (std::ranges::find(stems, name) == stems.end()) stems.emplace_back(name);
  }
  return stems;
}

}  // namespace

LayoutMatches match_idx(const Folder& folder) {
  std::map<std::string, Roles> sets;
  for (const std::string& file : folder.files) {  // sorted: a plain file before its .gz and .xz
    if (const auto name = parse_idx_name(file)) sets[name->prefix].emplace(role_of(*name), file);
  }
  LayoutMatches matches;
  for (const auto& [prefix, roles] : sets) matches.push_back(match_roles(folder, prefix, roles));
  return matches;
}

LayoutMatches match_cifar(const Folder& folder) {
  LayoutMatches matches;
  add_if_any(matches, folder,
             {DatasetFormat::cifar10,
              {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin",
               "data_batch_5.bin"},
              {"test_batch.bin"}});
  add_if_any(matches, folder, {DatasetFormat::cifar100, {"train.bin"}, {"test.bin"}});
  for (const char* archive : {"cifar-10-binary.tar", "cifar-100-binary.tar"}) {
    add_if_any(matches, folder, {DatasetFormat::cifar_archive, {archive}, {}});
  }
  return matches;
}

LayoutMatches match_npz(const Folder& folder) {
  LayoutMatches matches;
  constexpr std::array<std::string_view, 4> kParts{"-train-imgs.npz", "-train-labels.npz",
                                                   "-test-imgs.npz", "-test-labels.npz"};
  for (const std::string& stem : stems_before(folder, ".npz")) {
    const std::string file = stem + ".npz";
    if (!folder.has_file(file)) continue;  // .npz.gz is none
    const auto part = std::ranges::find_if(
        kParts, [&](std::string_view ending) { return file.ends_with(ending); });
    if (part == kParts.end()) {
      LayoutMatch match;
      match.files.format = DatasetFormat::npz;
      match.files.train = {folder.path / file};
      match.files.name = stem;
      matches.push_back(std::move(match));
      continue;
    }
    const std::string set = file.substr(0, file.size() - part->size());
    const auto known =
        std::ranges::find(matches, set, [](const LayoutMatch& match) { return match.files.name; });
    if (known != matches.end()) continue;
    const auto name = [&](std::size_t i) { return set + std::string(kParts[i]); };
    add_if_any(matches, folder, {DatasetFormat::npz_parts, {name(0), name(1)}, {name(2), name(3)}},
               set);
  }
  return matches;
}

LayoutMatches match_csv(const Folder& folder) {
  LayoutMatches matches;
  std::vector<std::string> stems = stems_before(folder, "train.csv");
  for (std::string& stem : stems_before(folder, "test.csv")) {
    if (std::ranges::find(stems, stem) == stems.end()) stems.push_back(std::move(stem));
  }
  for (const std::string& stem : stems) {
    if (!stem.empty() && !stem.ends_with('_') && !stem.ends_with('-')) continue;
    add_if_any(matches, folder, {DatasetFormat::csv, {stem + "train.csv"}, {stem + "test.csv"}},
               stem.empty() ? "" : stem.substr(0, stem.size() - 1));
  }
  return matches;
}

LayoutMatches match_pickles(const Folder& folder) {
  const auto is_pickle = [&](const std::string& file) {
    const std::string_view name = without_compression(file);
    if (name.ends_with(".pkl") || name.ends_with(".pickle")) return true;
    const bool like_cifar = name.starts_with("data_batch_") || name == "test_batch" ||
                            name == "train" || name == "test";
    return like_cifar && name.find('.') == std::string_view::npos &&
           kind_of_file(folder.path / file) == FileKind::pickle;
  };
  const auto found = std::ranges::find_if(folder.files, is_pickle);
  if (found == folder.files.end()) return {};
  const bool is_cifar = folder.has_file("batches.meta") || folder.has_file("meta");
  LayoutMatch match;
  match.files.train = {folder.path / *found};
  match.problem = fmt::format(
      "{} is {}: {}", match.files.train[0].string(), describe(FileKind::pickle),
      is_cifar ? fmt::format("a pickle is a program for Python, which this program does not run; "
                             "`normlab data fetch {}` downloads the binary version of the same",
                             folder.has_file("meta") ? "cifar100" : "cifar10")
               : way_on(FileKind::pickle));
  return {match};
}

}  // namespace normlab
