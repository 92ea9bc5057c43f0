#include "normlab/fetch/fetch.h"

#include "normlab/base/error.h"
#include "normlab/base/hash.h"
#include "normlab/fetch/part_file.h"

namespace normlab {
namespace {

namespace fs = std::filesystem;

constexpr int kAttemptsPerMirror = 3;

bool is_complete(const fs::path& path, const KnownFile& file) {
  std::error_code absent;
  return fs::file_size(path, absent) == file.bytes && !absent &&
         file_sha256_hex(path) == file.sha256;
}

std::string join_url(const std::string& mirror, const std::string& name) {
  return mirror.ends_with('/') ? mirror + name : mirror + '/' + name;
}

/// A folder made for nothing does not stay.
class EmptyFolderRemover {
 public:
  explicit EmptyFolderRemover(const fs::path& folder) : folder_(folder) {}
  ~EmptyFolderRemover() {
    std::error_code not_empty;
    if (fs::is_directory(folder_, not_empty)) fs::remove(folder_, not_empty);
  }
  EmptyFolderRemover(const EmptyFolderRemover&) = delete;
  EmptyFolderRemover& operator=(const EmptyFolderRemover&) = delete;

 private:
  const fs::path& folder_;
};

/// Fetches one file into one part.
class FileFetch {
 public:
  FileFetch(const KnownFile& file, const FetchOptions& options)
      : file_(file), options_(options), part_(options.folder / file.name) {
    if (part_.size() > file.bytes) part_.restart();
  }

  void run() {
    if (finish_if_right()) return;
    std::string answers;
    for (const std::string& mirror : options_.mirrors) {
      const std::string url = join_url(mirror, file_.name);
      const std::string answer = try_mirror(url);
      if (answer.empty()) return;
      answers += fmt::format("\n  {}: {}", url, answer);
    }
    fail<Error>("{} could not be fetched:{}", file_.name, answers);
  }

 private:
  /// Empty when the file is in place. Goes on as long as the mirror brings the file nearer to its
  /// end.
  std::string try_mirror(const std::string& url) {
    std::string answer;
    for (int attempt = 0; attempt < kAttemptsPerMirror; ++attempt) {
      const std::uint64_t before = part_.size();
      answer = http_download(url, part_, file_.bytes, options_.limits, [this](std::uint64_t size) {
        if (options_.progress) options_.progress({file_.name, size, file_.bytes});
      });
      if (part_.size() == file_.bytes) {
        if (finish_if_right()) return "";
        answer = "serves another file (its SHA-256 is not the published one)";
        if (before == 0) break;  // nothing but this mirror can be at fault
      } else if (answer.empty()) {
        answer = fmt::format("sent only {} of {} bytes", part_.size(), file_.bytes);
      }
      const bool was_begun_by_another = before > 0 && part_.size() == 0;
      if (part_.size() <= before && !was_begun_by_another) break;
    }
    return answer;
  }

  /// A complete part of other content is thrown away.
  bool finish_if_right() {
    if (part_.size() != file_.bytes) return false;
    if (part_.sha256() != file_.sha256) {
      part_.restart();
      return false;
    }
    part_.finish();
    return true;
  }

  const KnownFile& file_;
  const FetchOptions& options_;
  PartFile part_;
};

}  // namespace

FetchSummary fetch_files(std::span<const KnownFile> files, const FetchOptions& options) {
  const EmptyFolderRemover remover(options.folder);
  std::error_code failure;
  fs::create_directories(options.folder, failure);
  if (failure) fail<Error>("{}: {}", options.folder.string(), failure.message());
  FetchSummary summary;
  for (const KnownFile& file : files) {
    if (is_complete(options.folder / file.name, file)) {
      ++summary.kept;
    } else {
      FileFetch(file, options).run();
      ++summary.downloaded;
    }
  }
  return summary;
}

}  // namespace normlab
