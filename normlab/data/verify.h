#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace normlab {

enum class FileStatus { ok, bad, unknown };

struct FileCheck {
  std::filesystem::path file;
  FileStatus status = FileStatus::unknown;
  std::string sha256;  ///< of the decoded content, of an archive as it is stored; empty when it
                       ///< cannot be decoded
  std::string detail;  ///< why it is bad
};

/// Compares every file of the data set in `place` with what was published. The folder's name, or
/// else any file that matches, tells which set it should be; the files of another set are
/// `unknown`, unless they cannot be decoded. Throws RequestError when `place` holds no data set.
std::vector<FileCheck> verify_dataset(const std::filesystem::path& place);

}  // namespace normlab
