#pragma once

#include <filesystem>

#include "normlab/fetch/fetch.h"

namespace normlab {

/// The known set of that name. Throws RequestError with the nearest name when it cannot be fetched.
const KnownSet& fetchable_set(const std::string& name);

struct SetFetch {
  std::filesystem::path folder;
  FetchSummary files;
};

/// Makes the set complete and verified in `options.folder`; when that is empty, where
/// find_dataset() finds it, else in the cache. A set that is complete in another form (unpacked,
/// packed otherwise) is kept. With no `options.mirrors` the set's own are used. Throws as
/// fetch_files() does, and RequestError when a file is damaged that no download would replace.
SetFetch fetch_set(const KnownSet& set, FetchOptions options);

}  // namespace normlab
