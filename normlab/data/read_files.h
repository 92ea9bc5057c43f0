#pragma once

#include "normlab/data/dataset.h"
#include "normlab/data/layout.h"

namespace normlab {

/// Decodes and parses the files of a data set, two at a time. The result has everything but a name,
/// a hash and, but for CIFAR and pictures, its class names. Throws RequestError when a file is
/// damaged or two files do not fit together.
Dataset read_dataset_files(const DatasetFiles& files);

}  // namespace normlab
