#include "normlab/data/verify.h"

#include <algorithm>

#include "normlab/base/error.h"
#include "normlab/base/hash.h"
#include "normlab/base/thread_pool.h"
#include "normlab/data/archive.h"
#include "normlab/data/known_sets.h"
#include "normlab/data/layout.h"
#include "normlab/data/limits.h"
#include "normlab/data/read_files.h"

namespace normlab {
namespace {

namespace fs = std::filesystem;

FileCheck hash_file(const fs::path& file, bool as_stored) {
  FileCheck check{file, FileStatus::unknown, "", ""};
  try {
    check.sha256 = as_stored ? file_sha256_hex(file)
                             : sha256_hex(read_decoded(file, [](auto) { return kMaxFileBytes; }));
  } catch (const RequestError& error) {
    check.status = FileStatus::bad;
    const std::string prefix = file.string() + ": ";
    check.detail = error.what();
    if (check.detail.starts_with(prefix)) check.detail.erase(0, prefix.size());
  }
  return check;
}

/// What `set` has under the name of `file`; null when it has nothing.
const KnownFile* published(const KnownSet& set, const fs::path& file, bool as_stored) {
  const std::vector<KnownFile>& list = as_stored ? set.downloads : set.contents;
  const std::string name = as_stored ? file.filename().string() : content_name(file);
  const auto found = std::ranges::find(list, name, &KnownFile::name);
  return found == list.end() ? nullptr : &*found;
}

const KnownSet* set_by_content(const std::vector<FileCheck>& checks, bool as_stored) {
  for (const KnownSet& set : known_sets()) {
    for (const FileCheck& check : checks) {
      const KnownFile* file = published(set, check.file, as_stored);
      if (file && file->sha256 == check.sha256) return &set;
    }
  }
  return nullptr;
}

/// "; it is of fashion-mnist", when it is another set's.
std::string whose(const std::string& sha256) {
  for (const KnownSet& set : known_sets()) {
    const bool holds =
        std::ranges::find(set.contents, sha256, &KnownFile::sha256) != set.contents.end() ||
        (set.content_sha256 == sha256 && !sha256.empty());
    if (holds) return "; it is of " + set.name;
  }
  return "";
}

void judge(FileCheck& check, const std::string& published_sha256) {
  if (check.sha256 == published_sha256) {
    check.status = FileStatus::ok;
  } else if (check.status == FileStatus::unknown) {
    check.status = FileStatus::bad;
    check.detail = fmt::format("SHA-256 {}, published {}{}", check.sha256, published_sha256,
                               whose(check.sha256));
  }
}

bool is_archive(const DatasetFiles& files) {
  return files.format == DatasetFormat::cifar_archive;
}

bool has_published_files(DatasetFormat format) {
  return format == DatasetFormat::idx || format == DatasetFormat::cifar10 ||
         format == DatasetFormat::cifar100 || format == DatasetFormat::cifar_archive;
}

/// Of all images and labels together.
FileCheck check_content(const fs::path& place, const DatasetFiles& files) {
  FileCheck check{place, FileStatus::unknown, "", ""};
  try {
    check.sha256 = content_sha256(read_dataset_files(files));
  } catch (const RequestError& error) {
    check.status = FileStatus::bad;
    check.detail = error.what();
    return check;
  }
  const KnownSet* set = find_known_set(dataset_name(files, place));
  if (set == nullptr || set->content_sha256.empty()) {
    const auto found = std::ranges::find(known_sets(), check.sha256, &KnownSet::content_sha256);
    set = found == known_sets().end() ? nullptr : &*found;
  }
  if (set != nullptr) judge(check, set->content_sha256);
  return check;
}

}  // namespace

bool is_published(const KnownSet& set, const DatasetFiles& files) {
  const std::vector<fs::path> all = files.all();
  return std::ranges::all_of(all, [&](const fs::path& file) {
    const KnownFile* known = published(set, file, is_archive(files));
    return known != nullptr && known->sha256 == hash_file(file, is_archive(files)).sha256;
  });
}

std::vector<FileCheck> verify_dataset(const fs::path& place) {
  const DatasetFiles files = find_dataset_files(place);
  if (!has_published_files(files.format)) return {check_content(place, files)};
  const std::vector<fs::path> all = files.all();
  std::vector<FileCheck> checks(all.size());
  ThreadPool(2).run(std::ssize(all), [&](std::int64_t i) {
    const auto index = static_cast<std::size_t>(i);
    checks[index] = hash_file(all[index], is_archive(files));
  });
  const KnownSet* set = find_known_set(dataset_name(files, place));
  if (!set) set = set_by_content(checks, is_archive(files));
  if (!set) return checks;
  for (FileCheck& check : checks) {
    if (const KnownFile* file = published(*set, check.file, is_archive(files))) {
      judge(check, file->sha256);
    }
  }
  return checks;
}

}  // namespace normlab
