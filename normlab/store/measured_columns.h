#pragma once

#include "normlab/store/database.h"

namespace normlab {

/// From version 5 of the tables to version 6: what was measured, until then a column of `epoch` and
/// `trial` for each quantity, becomes JSON that can hold any (epoch_series.h), and the columns
/// views of it. Every number keeps its bits, which SQLite's own texts of 15 digits would not.
void measured_columns_to_json(Database& database);

}  // namespace normlab
