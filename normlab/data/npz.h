#pragma once

#include <filesystem>

#include "normlab/data/dataset.h"
#include "normlab/data/layout.h"

/// NumPy's zip archives of arrays, .npz.
namespace normlab {

/// One file with all: x_train, y_train, x_test, y_test (Keras), or train_images, train_labels,
/// test_images, test_labels (MedMNIST). Throws RequestError that names what it holds instead.
Dataset read_npz(const std::filesystem::path& file);

/// Four files with one array each, arr_0, as those of Kuzushiji-MNIST.
Dataset read_npz_parts(const DatasetFiles& files);

}  // namespace normlab
