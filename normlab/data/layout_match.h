#pragma once

#include <string>
#include <vector>

#include "normlab/data/folder.h"
#include "normlab/data/layout.h"

/// The ways in which a folder can hold a data set, one function each. Every function returns what
/// it finds in the folder, also in parts.
namespace normlab {

struct LayoutMatch {
  DatasetFiles files;                ///< those that are there
  std::vector<std::string> missing;  ///< names of the others
  std::string problem = {};          ///< why it cannot be read though all is there

  bool complete() const { return missing.empty() && problem.empty(); }
};
using LayoutMatches = std::vector<LayoutMatch>;

/// PREFIX-train-images-idx3-ubyte and the like: MNIST, Fashion-MNIST, KMNIST, EMNIST, QMNIST, own.
LayoutMatches match_idx(const Folder& folder);
/// CIFAR's binary files and archives.
LayoutMatches match_cifar(const Folder& folder);
/// Every .npz, and Kuzushiji's of one array each.
LayoutMatches match_npz(const Folder& folder);
/// X_train.csv beside X_test.csv.
LayoutMatches match_csv(const Folder& folder);
/// A folder of pictures for each class, in train/ and test/ or not.
LayoutMatches match_pictures(const Folder& folder);
/// Python's pickles, which are not read.
LayoutMatches match_pickles(const Folder& folder);

}  // namespace normlab
