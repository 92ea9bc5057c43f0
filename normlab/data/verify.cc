#include "normlab/data/verify.h"

#include <algorithm>

#include "normlab/base/error.h"
#include "normlab/base/hash.h"
#include "normlab/base/thread_pool.h"
#include "normlab/data/archive.h"
#include "normlab/data/known_sets.h"
#include "normlab/data/layout.h"

namespace normlab {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostDecodedBytes = std::size_t{1} << 30;

FileCheck hash_file(const fs::path& file, bool is_archive) {
  FileCheck check{file, FileStatus::unknown, "", ""};
  try {
    check.sha256 = is_archive
                       ? file_sha256_hex(file)
                       : sha256_hex(read_decoded(file, [](auto) { return kMostDecodedBytes; }));
  } catch (const RequestError& error) {
    check.status = FileStatus::bad;
    const std::string prefix = file.string() + ": ";
    check.detail = error.what();
    if (check.detail.starts_with(prefix)) check.detail.erase(0, prefix.size());
  }
  return check;
}

/// What `set` has under the name of `file`; null when it has nothing.
const KnownFile* published(const KnownSet& set, const fs::path& file, bool is_archive) {
  const std::vector<KnownFile>& list = is_archive ? set.downloads : set.contents;
  const std::string name = is_archive ? file.filename().string() : content_name(file);
  const auto found = std::ranges::find(list, name, &KnownFile::name);
  return found == list.end() ? nullptr : &*found;
}

const KnownSet* set_by_content(const std::vector<FileCheck>& checks, bool is_archive) {
  for (const KnownSet& set : known_sets()) {
    for (const FileCheck& check : checks) {
      const KnownFile* file = published(set, check.file, is_archive);
      if (file && file->sha256 == check.sha256) return &set;
    }
  }
  return nullptr;
}

void judge(FileCheck& check, const KnownFile& file) {
  if (check.sha256 == file.sha256) {
    check.status = FileStatus::ok;
  } else if (check.status == FileStatus::unknown) {
    check.status = FileStatus::bad;
    check.detail = fmt::format("SHA-256 {}, published {}", check.sha256, file.sha256);
  }
}

}  // namespace

std::vector<FileCheck> verify_dataset(const fs::path& place) {
  const DatasetFiles files = find_dataset_files(place);
  const bool is_archive = files.format == DatasetFormat::cifar_archive;
  const std::vector<fs::path> all = files.all();
  std::vector<FileCheck> checks(all.size());
  ThreadPool(2).run(std::ssize(all), [&](std::int64_t i) {
    const auto index = static_cast<std::size_t>(i);
    checks[index] = hash_file(all[index], is_archive);
  });
  const KnownSet* set = find_known_set(fs::weakly_canonical(place).filename().string());
  if (!set) set = set_by_content(checks, is_archive);
  if (!set) return checks;
  for (FileCheck& check : checks) {
    if (const KnownFile* file = published(*set, check.file, is_archive)) judge(check, *file);
  }
  return checks;
}

}  // namespace normlab
