#pragma once

#include <filesystem>

#include "normlab/store/database.h"

namespace normlab {

/// The version of the tables that this program writes; docs/store.md describes them.
inline constexpr int kStoreVersion = 6;

/// Makes the tables of a new file, brings those of an older version up to date, and refuses a file
/// that a newer program or another one has written (Error). `target`: an older version, for tests
/// of the way from there.
void migrate(Database& database, const std::filesystem::path& file, int target = kStoreVersion);

}  // namespace normlab
