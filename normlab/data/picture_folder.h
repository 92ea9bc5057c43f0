#pragma once

#include "normlab/data/dataset.h"
#include "normlab/data/layout.h"

namespace normlab {

/// Reads the pictures of `files`, each of the class whose name its folder has. When some are grey
/// and others not, all get three channels. Throws RequestError that names the first picture of
/// another size than the first.
Dataset read_pictures(const DatasetFiles& files);

}  // namespace normlab
