#pragma once

#include <filesystem>
#include <string>

#include "normlab/data/dataset.h"
#include "normlab/data/layout.h"

namespace normlab {

/// Completes `data`, which has pixels, labels and hash, by what it is: name, class names, warnings.
///
/// A known set is known by its content, whatever file or folder it lies in; where a set of another
/// name was asked for, a warning says so. Other data has the name of its folder or files, as the
/// request wrote it, symbolic links and all; when that is a known set's name, "(not as published)"
/// goes behind it. Class names are those of classes.txt, of the known set (also of the one that it
/// is named after), or numbers, "0" to the highest label. A label above 9 must then occur in both
/// parts, as a damaged byte would otherwise make a class.
void identify(Dataset& data, const DatasetFiles& files, const std::filesystem::path& place);

}  // namespace normlab
