#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "normlab/data/known_sets.h"
#include "normlab/data/layout.h"

namespace normlab {

enum class FileStatus { ok, bad, unknown };

struct FileCheck {
  std::filesystem::path file;
  FileStatus status = FileStatus::unknown;
  std::string sha256;  ///< of the decoded content, of an archive as it is stored; empty when it
                       ///< cannot be decoded
  std::string detail;  ///< why it is bad
};

/// Whether all `files` are those of `set`, by their names and SHA-256.
bool is_published(const KnownSet& set, const DatasetFiles& files);

/// Compares every file of the data set in `place` with what was published. The folder's name, or
/// else any file that matches, tells which set it should be; the files of another set are
/// `unknown`, unless they cannot be decoded. A set in files that nobody published (.npz, CSV,
/// pictures) is one check, of all its images and labels. Throws RequestError when `place` holds no
/// data set.
std::vector<FileCheck> verify_dataset(const std::filesystem::path& place);

}  // namespace normlab
